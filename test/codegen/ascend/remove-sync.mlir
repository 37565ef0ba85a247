// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: gemel-opt %s --cce-remove-sync --split-input-file | FileCheck %s
// What is left is proved, where what was there is.
// RUN: gemel-opt %s --cce-remove-sync --cce-check-sync --cce-check-cross-core --split-input-file --verify-diagnostics -o /dev/null

// What one flag brings, another does not have to; V's own order comes with a
// flag to MTE3 and back.
// CHECK-LABEL: cce.kernel @brought
// CHECK: cce.copy_gm_to_ubuf_align
// CHECK-NEXT: cce.set_flag MTE2 to V event 0
// CHECK-NEXT: cce.wait_flag MTE2 to V event 0
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: cce.set_flag V to MTE3 event 0
// CHECK-NEXT: cce.wait_flag V to MTE3 event 0
// CHECK-NEXT: cce.copy_ubuf_to_gm_align
// CHECK-NEXT: cce.set_flag MTE3 to V event 0
// CHECK-NEXT: cce.wait_flag MTE3 to V event 0
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: cce.pipe_barrier ALL
// CHECK-NEXT: }
cce.kernel @brought vector(%x: !cce.ptr<gm, f32>) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  cce.copy_gm_to_ubuf_align %a, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  cce.set_flag MTE2 to V event 0
  cce.set_flag MTE2 to MTE3 event 0
  cce.wait_flag MTE2 to V event 0
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.set_flag V to MTE3 event 0
  cce.wait_flag MTE2 to MTE3 event 0
  cce.wait_flag V to MTE3 event 0
  cce.copy_ubuf_to_gm_align %x, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.set_flag MTE3 to V event 0
  cce.wait_flag MTE3 to V event 0
  cce.pipe_barrier V
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.pipe_barrier ALL
}

// -----

// The next iteration's load is behind the store, and the store behind what V
// read. What stands around the loop for the flag that goes, goes too.
// CHECK-LABEL: cce.kernel @around
// CHECK: cce.set_flag MTE3 to MTE2 event 0
// CHECK-NEXT: scf.for
// CHECK-NEXT: cce.wait_flag MTE3 to MTE2 event 0
// CHECK-NEXT: cce.copy_gm_to_ubuf_align
// CHECK-NEXT: cce.set_flag MTE2 to V event 0
// CHECK-NEXT: cce.wait_flag MTE2 to V event 0
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: cce.set_flag V to MTE3 event 0
// CHECK-NEXT: cce.wait_flag V to MTE3 event 0
// CHECK-NEXT: cce.copy_ubuf_to_gm_align
// CHECK-NEXT: cce.set_flag MTE3 to MTE2 event 0
// CHECK-NEXT: }
// CHECK-NEXT: cce.wait_flag MTE3 to MTE2 event 0
// CHECK-NEXT: cce.pipe_barrier ALL
// CHECK-NEXT: }
cce.kernel @around vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  cce.set_flag V to MTE2 event 0
  cce.set_flag MTE3 to MTE2 event 0
  scf.for %i = %zero to %n step %one : i64 {
    cce.wait_flag V to MTE2 event 0
    cce.wait_flag MTE3 to MTE2 event 0
    cce.copy_gm_to_ubuf_align %a, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.set_flag MTE2 to V event 0
    cce.wait_flag MTE2 to V event 0
    cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.set_flag V to MTE2 event 0
    cce.set_flag V to MTE3 event 0
    cce.wait_flag V to MTE3 event 0
    cce.copy_ubuf_to_gm_align %x, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
    cce.set_flag MTE3 to MTE2 event 0
  }
  cce.wait_flag MTE3 to MTE2 event 0
  cce.wait_flag V to MTE2 event 0
  cce.pipe_barrier ALL
}

// -----

// The second barrier of all pipes stays: the flag behind it tells the cube core,
// which writes there again, of what MTE2 has read. The first one is for nobody.
// CHECK-LABEL: cce.kernel @told_mix_aiv
// CHECK: cce.wait_flag_dev 0
// CHECK-NEXT: cce.copy_gm_to_ubuf_align
// CHECK-NEXT: cce.pipe_barrier ALL
// CHECK-NEXT: cce.ffts_cross_core_sync MTE3 mode 2 flag 1
cce.kernel @told_mix_aic cube(%sync: i64, %h: !cce.ptr<gm, f32>, %m: i64, %items: i64) attributes {mixed} {
  %rows = arith.constant 32 : i64
  %slot = arith.constant 1024 : i64
  %c = cce.alloc 4096 at 0 : !cce.ptr<l0c, f32>
  cce.set_ffts_base_addr %sync
  %group = cce.get_block_idx
  %1 = arith.muli %group, %slot : i64
  %part = cce.offset %h, %1 : !cce.ptr<gm, f32>
  cce.copy_matrix_cc_to_gm %part, %c sizes %rows %rows strides %rows %rows unit 0 relu 0 : !cce.ptr<gm, f32>, !cce.ptr<l0c, f32>
  cce.ffts_cross_core_sync FIX mode 2 flag 0
  cce.wait_flag_dev 1
  cce.copy_matrix_cc_to_gm %part, %c sizes %rows %rows strides %rows %rows unit 0 relu 0 : !cce.ptr<gm, f32>, !cce.ptr<l0c, f32>
  cce.pipe_barrier ALL
}

cce.kernel @told_mix_aiv vector(%sync: i64, %h: !cce.ptr<gm, f32>, %m: i64, %items: i64) attributes {mixed} {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %bytes = arith.constant 4096 : i64
  %slot = arith.constant 1024 : i64
  %a = cce.alloc 4096 at 0 : !cce.ptr<ub, f32>
  cce.set_ffts_base_addr %sync
  %group = cce.get_block_idx
  %1 = arith.muli %group, %slot : i64
  %part = cce.offset %h, %1 : !cce.ptr<gm, f32>
  cce.pipe_barrier ALL
  cce.wait_flag_dev 0
  cce.copy_gm_to_ubuf_align %a, %part bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  cce.pipe_barrier ALL
  cce.ffts_cross_core_sync MTE3 mode 2 flag 1
  cce.pipe_barrier ALL
}

// -----

// What is not ordered stays as it is; the proof says why.
// CHECK-LABEL: cce.kernel @open
// CHECK: cce.pipe_barrier MTE2
// CHECK-NEXT: cce.vabs
cce.kernel @open vector(%x: !cce.ptr<gm, f32>) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  // expected-note@below {{here, in pipe MTE2; set a flag behind this one, and wait before the other}}
  cce.copy_gm_to_ubuf_align %a, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  cce.pipe_barrier MTE2
  // expected-error@below {{reads bytes 0 to 256 of ub in pipe V, which another instruction writes; nothing orders the two}}
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.pipe_barrier ALL
}
