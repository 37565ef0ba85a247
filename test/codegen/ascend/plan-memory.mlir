// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: gemel-opt %s --cce-plan-memory --split-input-file --verify-diagnostics | FileCheck %s

// The largest, %c, comes first; %a is done with when it begins, and %b where %d
// does. %b is read where %c is written: both are in use there. Nothing uses %e.
// CHECK-LABEL: cce.kernel @line
// CHECK: cce.alloc 49152 at 0 : <ub, f32>
// CHECK: cce.alloc 49152 at 98304 : <ub, f32>
// CHECK: cce.alloc 98304 at 0 : <ub, f32>
// CHECK: cce.alloc 49152 at 98304 : <ub, f32>
// CHECK-NOT: cce.alloc
cce.kernel @line vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 49152 : !cce.ptr<ub, f32>
  %b = cce.alloc 49152 : !cce.ptr<ub, f32>
  %c = cce.alloc 98304 : !cce.ptr<ub, f32>
  %d = cce.alloc 49152 : !cce.ptr<ub, f32>
  %e = cce.alloc 49152 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vcgadd %b, %a repeat %one repeats 1 blocks 1 repeats 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vcgadd %c, %b repeat %one repeats 1 blocks 1 repeats 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vcgadd %d, %c repeat %one repeats 1 blocks 1 repeats 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// Where there is room, bytes rest before another buffer takes them.
// CHECK-LABEL: cce.kernel @room
// CHECK: cce.alloc 256 at 512 : <ub, f32>
// CHECK: cce.alloc 256 at 768 : <ub, f32>
// CHECK: cce.alloc 512 at 0 : <ub, f32>
// CHECK: cce.alloc 256 at 1024 : <ub, f32>
// CHECK-NOT: cce.alloc
cce.kernel @room vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 512 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 : !cce.ptr<ub, f32>
  %e = cce.alloc 256 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %b, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %c, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %d, %c repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// What is taken outside a loop is in use in all of it, whatever pointer is
// made of it; what is taken inside, from its first use to its last one.
// CHECK-LABEL: cce.kernel @loop
// CHECK: cce.alloc 65536 at 0 : <ub, f32>
// CHECK: scf.for
// CHECK: cce.alloc 65536 at 65536 : <ub, f32>
// CHECK: cce.alloc 65536 at 131072 : <ub, f32>
// CHECK: cce.alloc 65536 at 65536 : <ub, f32>
cce.kernel @loop vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %a = cce.alloc 65536 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  scf.for %i = %zero to %n step %one : i64 {
    %b = cce.alloc 65536 : !cce.ptr<ub, f32>
    %c = cce.alloc 65536 : !cce.ptr<ub, f32>
    %d = cce.alloc 65536 : !cce.ptr<ub, f32>
    %bits = cce.cast %a : !cce.ptr<ub, f32> to !cce.ptr<ub, ui32>
    %e = cce.cast %b : !cce.ptr<ub, f32> to !cce.ptr<ub, ui32>
    cce.vcopy %e, %bits repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, ui32>, !cce.ptr<ub, ui32>
    cce.vcgadd %c, %b repeat %one repeats 1 blocks 1 repeats 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vcgadd %d, %c repeat %one repeats 1 blocks 1 repeats 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
}

// -----

// Each memory by itself, at its own alignment; 131072 bytes of L0C are two tiles.
// CHECK-LABEL: cce.kernel @cube
// CHECK: cce.alloc 1000 at 0 : <l1, f16>
// CHECK: cce.alloc 500 at 1024 : <l1, f16>
// CHECK: cce.alloc 1000 at 0 : <l0a, f16>
// CHECK: cce.alloc 500 at 1024 : <l0a, f16>
// CHECK: cce.alloc 512 at 0 : <l0b, f16>
// CHECK: cce.alloc 65536 at 0 : <l0c, f32>
// CHECK: cce.alloc 65000 at 65536 : <l0c, f32>
cce.kernel @cube cube(%x: !cce.ptr<gm, f16>, %n: i64) {
  %a = cce.alloc 1000 : !cce.ptr<l1, f16>
  %b = cce.alloc 500 : !cce.ptr<l1, f16>
  %c = cce.alloc 1000 : !cce.ptr<l0a, f16>
  %d = cce.alloc 500 : !cce.ptr<l0a, f16>
  %e = cce.alloc 512 : !cce.ptr<l0b, f16>
  %f = cce.alloc 65536 : !cce.ptr<l0c, f32>
  %g = cce.alloc 65000 : !cce.ptr<l0c, f32>
  %one = arith.constant 1 : i64
  %init = arith.constant true
  scf.for %i = %one to %n step %one : i64 {
    cce.copy_gm_to_cbuf_multi_nd2nz %a, %x matrices 1 rows %n columns %n from 0 %n to %n 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
    cce.copy_gm_to_cbuf_multi_nd2nz %b, %x matrices 1 rows %n columns %n from 0 %n to %n 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
    cce.img2colv2_cbuf_to_ca %c, %a steps %n %n at %n %n transpose false channels %n : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
    cce.img2colv2_cbuf_to_ca %d, %a steps %n %n at %n %n transpose false channels %n : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
    cce.mad %f, %c, %e sizes %n %n %n unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
    cce.mad %g, %c, %e sizes %n %n %n unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
  }
}

// -----

// Where there is no room for bytes to rest, a result takes the place of what it
// is made of, if that is done with and goes as the result does.
// CHECK-LABEL: cce.kernel @in_place
// CHECK: cce.alloc 131072 at 0 : <ub, f32>
// CHECK: cce.alloc 131072 at 0 : <ub, f32>
cce.kernel @in_place vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 131072 : !cce.ptr<ub, f32>
  %b = cce.alloc 131072 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vmul %b, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// A block that is read again and again may not be written meanwhile.
// expected-error @+1 {{'cce.kernel' op needs 262144 bytes of ub at once, which has 196608; tiles of 75 % of their size fit}}
cce.kernel @broadcast vector(%x: !cce.ptr<gm, f32>) {
  // expected-note @+1 {{131072 bytes are in use with the last of them}}
  %a = cce.alloc 131072 : !cce.ptr<ub, f32>
  // expected-note @+1 {{131072 bytes are in use with the last of them}}
  %b = cce.alloc 131072 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  cce.vabs %a, %b repeat %one blocks 1 0 repeats 8 0 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// expected-error @+1 {{'cce.kernel' op needs 262144 bytes of ub at once, which has 196608; tiles of 75 % of their size fit}}
cce.kernel @full vector(%x: !cce.ptr<gm, f32>) {
  // expected-note @+1 {{131072 bytes are in use with the last of them}}
  %a = cce.alloc 131072 : !cce.ptr<ub, f32>
  // expected-note @+1 {{131072 bytes are in use with the last of them}}
  %b = cce.alloc 131072 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  cce.vabs %a, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// What is released is another's until it is written again: %c has %a's bytes
// within the loop, though %a stays for all of it.
// CHECK-LABEL: cce.kernel @released
// CHECK: cce.alloc 131072 at 0 : <ub, f32>
// CHECK: cce.alloc 131072 at 0 : <ub, f32>
cce.kernel @released vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %a = cce.alloc 131072 : !cce.ptr<ub, f32>
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %v = arith.constant 1.0 : f32
  scf.for %i = %zero to %n step %one : i64 {
    cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.release %a : !cce.ptr<ub, f32>
    %c = cce.alloc 131072 : !cce.ptr<ub, f32>
    cce.vector_dup %c, %v repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
    cce.vabs %c, %c repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vector_dup %a, %v repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  }
}

// -----

// Not what is in use when it is written again.
// expected-error @+1 {{'cce.kernel' op needs 262144 bytes of ub at once, which has 196608; tiles of 75 % of their size fit}}
cce.kernel @released_late vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  // expected-note @+1 {{131072 bytes are in use with the last of them}}
  %a = cce.alloc 131072 : !cce.ptr<ub, f32>
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %v = arith.constant 1.0 : f32
  scf.for %i = %zero to %n step %one : i64 {
    // expected-note @+1 {{131072 bytes are in use with the last of them}}
    %c = cce.alloc 131072 : !cce.ptr<ub, f32>
    cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.release %a : !cce.ptr<ub, f32>
    cce.vector_dup %c, %v repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
    cce.vector_dup %a, %v repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
    cce.vabs %c, %c repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
}

// -----

// A number of %a that an instruction takes is loaded by then: what is written
// before that does not take its place.
// CHECK-LABEL: cce.kernel @handed_out
// CHECK: cce.alloc 256 at 0
// CHECK: cce.alloc 256 at 256
cce.kernel @handed_out vector(%x: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %c = arith.constant 1.0 : f32
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.vector_dup %a, %c repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  %v = cce.load %a[%zero] : !cce.ptr<ub, f32> -> f32
  %b = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.vector_dup %b, %c repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vmuls %b, %b, %v repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
}
