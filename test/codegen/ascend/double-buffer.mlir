// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: gemel-opt %s --cce-double-buffer --split-input-file --verify-diagnostics | FileCheck %s

// Two of what two pipes use, one of what one does; the second iteration where
// there is one.
// CHECK-LABEL: cce.kernel @rows
// CHECK-NEXT: %[[A:.*]] = cce.alloc 2048 : <ub, f32>
// CHECK-NEXT: %[[A1:.*]] = cce.alloc 2048 : <ub, f32>
// CHECK: %[[TWICE:.*]] = arith.addi %[[STEP:.*]], %[[STEP]] overflow<nsw>
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %[[N:.*]] step %[[TWICE]]
// CHECK-NEXT: %[[B:.*]] = cce.alloc 1024
// CHECK-NEXT: cce.offset %{{.*}}, %[[I]]
// CHECK-NEXT: cce.copy_gm_to_ubuf_align %[[A]],
// CHECK-NEXT: cce.vabs %[[B]], %[[A]]
// CHECK-NEXT: %[[J:.*]] = arith.addi %[[I]], %[[STEP]] overflow<nsw>
// CHECK-NEXT: %[[INSIDE:.*]] = arith.cmpi slt, %[[J]], %[[N]]
// CHECK-NEXT: scf.if %[[INSIDE]] {
// CHECK-NEXT: %[[B1:.*]] = cce.alloc 1024
// CHECK-NEXT: cce.offset %{{.*}}, %[[J]]
// CHECK-NEXT: cce.copy_gm_to_ubuf_align %[[A1]],
// CHECK-NEXT: cce.vabs %[[B1]], %[[A1]]
// CHECK-NEXT: }
// CHECK-NEXT: }
cce.kernel @rows vector(%x: !cce.ptr<gm, f32>, %n: i64, %s: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  scf.for %i = %zero to %n step %s : i64 {
    %a = cce.alloc 2048 : !cce.ptr<ub, f32>
    %b = cce.alloc 1024 : !cce.ptr<ub, f32>
    %xi = cce.offset %x, %i : !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a, %xi bursts %one length %s pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vabs %b, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  } {cce.double_buffer}
}

// -----

// Loops within: the inner one's buffers are two for all of the outer one, four
// times used; those of a loop that is not marked are one.
// CHECK-LABEL: cce.kernel @nested
// CHECK-NEXT: cce.alloc 128
// CHECK-NEXT: cce.alloc 512
// CHECK-NEXT: cce.alloc 512
// CHECK-NEXT: cce.alloc 256
// CHECK-NEXT: cce.alloc 256
// CHECK-NOT: cce.alloc
// CHECK-NOT: cce.double_buffer
cce.kernel @nested vector(%x: !cce.ptr<gm, f32>, %n: i64, %s: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  scf.for %i = %zero to %n step %s : i64 {
    %a = cce.alloc 512 : !cce.ptr<ub, f32>
    cce.copy_gm_to_ubuf_align %a, %x bursts %one length %s pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    scf.for %j = %zero to %n step %s : i64 {
      %b = cce.alloc 256 : !cce.ptr<ub, f32>
      cce.copy_gm_to_ubuf_align %b, %x bursts %one length %s pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
      cce.vabs %a, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    } {cce.double_buffer}
    scf.for %j = %zero to %n step %s : i64 {
      %b = cce.alloc 128 : !cce.ptr<ub, f32>
      cce.copy_gm_to_ubuf_align %b, %x bursts %one length %s pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
      cce.vabs %a, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    }
  } {cce.double_buffer}
}

// -----

// What iterations hand on goes by the first to the second, if there is one.
// CHECK-LABEL: cce.kernel @handed
// CHECK: scf.for {{.*}} iter_args(%[[SUM:.*]] = %{{.*}}) -> (i64)
// CHECK-NEXT: %[[FIRST:.*]] = arith.addi %[[SUM]]
// CHECK: %[[BOTH:.*]] = scf.if %{{.*}} -> (i64) {
// CHECK-NEXT: %[[SECOND:.*]] = arith.addi %[[FIRST]]
// CHECK-NEXT: scf.yield %[[SECOND]]
// CHECK-NEXT: } else {
// CHECK-NEXT: scf.yield %[[FIRST]]
// CHECK-NEXT: }
// CHECK-NEXT: scf.yield %[[BOTH]]
cce.kernel @handed vector(%x: !cce.ptr<gm, f32>, %n: i64, %s: i64) {
  %zero = arith.constant 0 : i64
  %sum = scf.for %i = %zero to %n step %s iter_args(%so_far = %zero) -> (i64) : i64 {
    %more = arith.addi %so_far, %i overflow<nsw> : i64
    scf.yield %more : i64
  } {cce.double_buffer}
}

// -----

cce.kernel @elsewhere vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  // expected-error @+1 {{'cce.alloc' op has cce.double_buffer, which stands on scf.for, without a value}}
  %a = cce.alloc 256 {cce.double_buffer} : !cce.ptr<ub, f32>
}

// -----

cce.kernel @unknown vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %some = arith.cmpi sgt, %n, %zero : i64
  // expected-error @+1 {{'scf.if' op has an attribute "cce.triple_buffer", which means nothing; there is cce.double_buffer}}
  scf.if %some {
  } {cce.triple_buffer}
}
