// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Flags and barriers of cube cores.
// RUN: gemel-opt %s --cce-insert-sync --cce-check-sync --split-input-file | FileCheck %s

// Tiles of L0 take turns in a loop that stands twice, in a loop and in a choice:
// the same two events in both, set once before all and waited for behind all.
// The product's tile in L0C takes turns in the outermost loop, within which
// products of 16 fractals need nothing between them.
// CHECK-LABEL: cce.kernel @turns
// CHECK: cce.set_flag MTE1 to MTE2 event 0
// CHECK-NEXT: cce.set_flag M to MTE1 event 0
// CHECK-NEXT: cce.set_flag FIX to M event 0
// CHECK-NEXT: scf.for
// CHECK-NEXT: cce.wait_flag FIX to M event 0
// CHECK-NEXT: scf.for
// CHECK-NEXT: cce.wait_flag MTE1 to MTE2 event 0
// CHECK-NEXT: cce.copy_gm_to_cbuf_multi_nd2nz
// CHECK-NEXT: cce.set_flag MTE2 to MTE1 event 0
// CHECK-NEXT: cce.wait_flag MTE2 to MTE1 event 0
// CHECK-NEXT: scf.for
// CHECK-NEXT: cce.wait_flag M to MTE1 event 0
// CHECK-NEXT: cce.img2colv2_cbuf_to_ca
// CHECK-NEXT: cce.img2colv2_cbuf_to_cb
// CHECK-NEXT: cce.set_flag MTE1 to M event 0
// CHECK-NEXT: cce.wait_flag MTE1 to M event 0
// CHECK-NEXT: cce.mad
// CHECK-NEXT: cce.set_flag M to MTE1 event 0
// CHECK-NEXT: }
// CHECK-NEXT: scf.if
// CHECK-NEXT: scf.for
// CHECK-NEXT: cce.wait_flag M to MTE1 event 0
// CHECK-NEXT: cce.img2colv2_cbuf_to_ca
// CHECK-NEXT: cce.img2colv2_cbuf_to_cb
// CHECK-NEXT: cce.set_flag MTE1 to M event 0
// CHECK-NEXT: cce.wait_flag MTE1 to M event 0
// CHECK-NEXT: cce.mad
// CHECK-NEXT: cce.set_flag M to MTE1 event 0
// CHECK-NEXT: }
// CHECK-NEXT: }
// CHECK-NEXT: cce.set_flag MTE1 to MTE2 event 0
// CHECK-NEXT: }
// CHECK-NEXT: cce.set_flag M to FIX event 0
// CHECK-NEXT: cce.wait_flag M to FIX event 0
// CHECK-NEXT: cce.copy_matrix_cc_to_gm
// CHECK-NEXT: cce.set_flag FIX to M event 0
// CHECK-NEXT: }
// CHECK-NEXT: cce.wait_flag FIX to M event 0
// CHECK-NEXT: cce.wait_flag M to MTE1 event 0
// CHECK-NEXT: cce.wait_flag MTE1 to MTE2 event 0
// CHECK-NEXT: cce.pipe_barrier ALL
cce.kernel @turns cube(%x: !cce.ptr<gm, f16>, %y: !cce.ptr<gm, f32>, %n: i64) {
  %s = arith.constant 64 : i64
  %zero = arith.constant 0 : i64
  %init = arith.constant false
  %l1 = cce.alloc 8192 at 0 : !cce.ptr<l1, f16>
  %a = cce.alloc 8192 at 0 : !cce.ptr<l0a, f16>
  %b = cce.alloc 8192 at 0 : !cce.ptr<l0b, f16>
  %c = cce.alloc 16384 at 0 : !cce.ptr<l0c, f32>
  %some = arith.cmpi sgt, %n, %s : i64
  scf.for %t = %zero to %n step %s : i64 {
    scf.for %i = %zero to %n step %s : i64 {
      cce.copy_gm_to_cbuf_multi_nd2nz %l1, %x matrices 1 rows %s columns %s from 0 %n to %s 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
      scf.for %j = %zero to %n step %s : i64 {
        cce.img2colv2_cbuf_to_ca %a, %l1 steps %s %s at %zero %zero transpose false channels %s : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
        cce.img2colv2_cbuf_to_cb %b, %l1 steps %s %s at %zero %zero transpose false channels %s : !cce.ptr<l0b, f16>, !cce.ptr<l1, f16>
        cce.mad %c, %a, %b sizes %s %s %s unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
      }
      scf.if %some {
        scf.for %j = %zero to %n step %s : i64 {
          cce.img2colv2_cbuf_to_ca %a, %l1 steps %s %s at %zero %zero transpose false channels %s : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
          cce.img2colv2_cbuf_to_cb %b, %l1 steps %s %s at %zero %zero transpose false channels %s : !cce.ptr<l0b, f16>, !cce.ptr<l1, f16>
          cce.mad %c, %a, %b sizes %s %s %s unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
        }
      }
    }
    cce.copy_matrix_cc_to_gm %y, %c sizes %s %s strides %s %s unit 0 relu 0 : !cce.ptr<gm, f32>, !cce.ptr<l0c, f32>
  }
}

// -----

// Products of which one is known to be small, of sizes known at run time, and
// of sizes that are others each time: the loop's barrier is behind all of them.
// CHECK-LABEL: cce.kernel @products
// CHECK: cce.mad
// CHECK-NEXT: cce.pipe_barrier M{{$}}
// CHECK-NEXT: cce.mad
// CHECK-NEXT: cce.pipe_barrier M behind %arg1, %arg2
// CHECK-NEXT: cce.mad
// CHECK-NEXT: scf.for %[[I:.*]] = %c0
// CHECK-NEXT: cce.pipe_barrier M{{$}}
// CHECK-NEXT: cce.mad %{{.*}} sizes %[[I]]
cce.kernel @products cube(%x: !cce.ptr<gm, f16>, %m: i64, %n: i64) {
  %s = arith.constant 32 : i64
  %zero = arith.constant 0 : i64
  %init = arith.constant false
  %a = cce.alloc 32768 at 0 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 at 0 : !cce.ptr<l0b, f16>
  %c = cce.alloc 65536 at 0 : !cce.ptr<l0c, f32>
  cce.mad %c, %a, %b sizes %s %s %s unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
  cce.mad %c, %a, %b sizes %m %s %n unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
  cce.mad %c, %a, %b sizes %n %s %m unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
  scf.for %i = %zero to %n step %s : i64 {
    cce.mad %c, %a, %b sizes %i %s %n unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
  }
}
