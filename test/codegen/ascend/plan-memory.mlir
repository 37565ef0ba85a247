// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: gemel-opt %s --cce-plan-memory --split-input-file --verify-diagnostics | FileCheck %s

// The largest, %c, comes first; %a is done with when it begins, and %b where %d
// does. %b is read where %c is written: both are in use there. Nothing uses %e.
// CHECK-LABEL: cce.kernel @line
// CHECK: cce.alloc 256 at 0 : <ub, f32>
// CHECK: cce.alloc 256 at 512 : <ub, f32>
// CHECK: cce.alloc 512 at 0 : <ub, f32>
// CHECK: cce.alloc 256 at 512 : <ub, f32>
// CHECK-NOT: cce.alloc
cce.kernel @line vector(%x: !cce.ptr<gm, f32>) {
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
// CHECK: cce.alloc 256 at 0 : <ub, f32>
// CHECK: scf.for
// CHECK: cce.alloc 256 at 256 : <ub, f32>
// CHECK: cce.alloc 256 at 512 : <ub, f32>
// CHECK: cce.alloc 256 at 256 : <ub, f32>
cce.kernel @loop vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  scf.for %i = %zero to %n step %one : i64 {
    %b = cce.alloc 256 : !cce.ptr<ub, f32>
    %c = cce.alloc 256 : !cce.ptr<ub, f32>
    %d = cce.alloc 256 : !cce.ptr<ub, f32>
    %bits = cce.cast %a : !cce.ptr<ub, f32> to !cce.ptr<ub, ui32>
    %e = cce.cast %b : !cce.ptr<ub, f32> to !cce.ptr<ub, ui32>
    cce.vcopy %e, %bits repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, ui32>, !cce.ptr<ub, ui32>
    cce.vabs %c, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vabs %d, %c repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
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
}
