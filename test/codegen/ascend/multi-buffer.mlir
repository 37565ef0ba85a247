// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: gemel-opt %s --cce-multi-buffer --split-input-file --verify-diagnostics | FileCheck %s

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
  } {cce.buffers = 2 : i64}
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
// CHECK-NOT: cce.buffers
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
    } {cce.buffers = 2 : i64}
    scf.for %j = %zero to %n step %s : i64 {
      %b = cce.alloc 128 : !cce.ptr<ub, f32>
      cce.copy_gm_to_ubuf_align %b, %x bursts %one length %s pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
      cce.vabs %a, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    }
  } {cce.buffers = 2 : i64}
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
  } {cce.buffers = 2 : i64}
}

// -----

// Three sets: each iteration stands where the one before it has been.
// CHECK-LABEL: cce.kernel @three
// CHECK-COUNT-3: cce.alloc 1024
// CHECK-NOT: cce.alloc
// CHECK: %[[TWO:.*]] = arith.addi %[[STEP:.*]], %[[STEP]] overflow<nsw>
// CHECK-NEXT: %[[ALL:.*]] = arith.addi %[[TWO]], %[[STEP]] overflow<nsw>
// CHECK: %[[LAST:.*]] = scf.for %[[I:.*]] = %{{.*}} step %[[ALL]] iter_args(%[[SUM:.*]] = %{{.*}}) -> (i64)
// CHECK: %[[FIRST:.*]] = arith.addi %[[SUM]], %[[I]]
// CHECK-NEXT: %[[J:.*]] = arith.addi %[[I]], %[[STEP]] overflow<nsw>
// CHECK-NEXT: arith.cmpi slt, %[[J]]
// CHECK-NEXT: %[[GIVEN:.*]] = scf.if
// CHECK: %[[SECOND:.*]] = arith.addi %[[FIRST]], %[[J]]
// CHECK-NEXT: %[[K:.*]] = arith.addi %[[J]], %[[STEP]] overflow<nsw>
// CHECK-NEXT: arith.cmpi slt, %[[K]]
// CHECK-NEXT: %[[GIVEN1:.*]] = scf.if
// CHECK: %[[THIRD:.*]] = arith.addi %[[SECOND]], %[[K]]
// CHECK-NEXT: scf.yield %[[THIRD]]
// CHECK: scf.yield %[[SECOND]]
// CHECK: scf.yield %[[GIVEN1]]
// CHECK: scf.yield %[[FIRST]]
// CHECK: scf.yield %[[GIVEN]]
cce.kernel @three vector(%x: !cce.ptr<gm, f32>, %n: i64, %s: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %sum = scf.for %i = %zero to %n step %s iter_args(%so_far = %zero) -> (i64) : i64 {
    %a = cce.alloc 1024 : !cce.ptr<ub, f32>
    cce.copy_gm_to_ubuf_align %a, %x bursts %one length %s pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    %more = arith.addi %so_far, %i overflow<nsw> : i64
    scf.yield %more : i64
  } {cce.buffers = 3 : i64}
}

// -----

cce.kernel @few vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'scf.for' op has cce.buffers = 1 : i64; it stands on scf.for, as an i64 from 2 to 6: a pair of pipes has no more events}}
  scf.for %i = %zero to %n step %n : i64 {
  } {cce.buffers = 1 : i64}
}

// -----

cce.kernel @elsewhere vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  // expected-error @+1 {{'cce.alloc' op has cce.buffers = 2 : i64; it stands on scf.for, as an i64 from 2 to 6: a pair of pipes has no more events}}
  %a = cce.alloc 256 {cce.buffers = 2 : i64} : !cce.ptr<ub, f32>
}

// -----

cce.kernel @unknown vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %some = arith.cmpi sgt, %n, %zero : i64
  // expected-error @+1 {{'scf.if' op has an attribute "cce.triple_buffer", which means nothing; there is cce.buffers}}
  scf.if %some {
  } {cce.triple_buffer}
}
