// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: gemel-opt %s --cce-interleave --split-input-file | FileCheck %s
// One barrier for two.
// RUN: gemel-opt %s --cce-interleave --cce-plan-memory --cce-insert-sync --cce-check-sync --split-input-file | FileCheck %s --check-prefix=SYNC

// Two chains take turns; each instruction keeps its mask.
// CHECK-LABEL: cce.kernel @two
// CHECK: %[[A:.*]] = cce.alloc 256
// CHECK: %[[B:.*]] = cce.alloc 256
// CHECK: cce.set_vector_mask %c0_i64, %c-1_i64
// CHECK-NEXT: cce.vabs %[[A]], %[[A]]
// CHECK-NEXT: cce.set_vector_mask %c0_i64, %c1_i64
// CHECK-NEXT: cce.vabs %[[B]], %[[B]]
// CHECK-NEXT: cce.set_vector_mask %c0_i64, %c-1_i64
// CHECK-NEXT: cce.vmul %[[A]], %[[A]], %[[A]]
// CHECK-NEXT: cce.vmul %[[B]], %[[B]], %[[B]]
// CHECK-NEXT: cce.set_vector_mask %c0_i64, %c1_i64
// CHECK-NEXT: cce.copy_ubuf_to_gm_align
// SYNC-LABEL: cce.kernel @two
// SYNC-COUNT-1: cce.pipe_barrier V
// SYNC-NOT: cce.pipe_barrier V
// SYNC: cce.pipe_barrier ALL
cce.kernel @two vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant -1 : i64
  %bytes = arith.constant 256 : i64
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_vector_mask %zero, %all
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vmul %a, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.set_vector_mask %zero, %one
  cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.set_vector_mask %zero, %all
  cce.vmul %b, %b, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.set_vector_mask %zero, %one
  cce.copy_ubuf_to_gm_align %y, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// CMPMASK is one for all: who loads it is behind who used it. What the mask is
// in a loop, or behind it, is not known: there nothing moves before it is set.
// CHECK-LABEL: cce.kernel @register
// CHECK: cce.set_cmpmask
// CHECK-NEXT: cce.vsel
// CHECK-NEXT: cce.set_cmpmask
// CHECK-NEXT: cce.vsel
// CHECK: scf.for
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: cce.vmul
cce.kernel @register vector(%y: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant -1 : i64
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 32 : !cce.ptr<ub, ui8>
  %d = cce.alloc 32 : !cce.ptr<ub, ui8>
  cce.set_vector_mask %zero, %all
  cce.set_cmpmask %c : !cce.ptr<ub, ui8>
  cce.vsel 0 %a, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.set_cmpmask %d : !cce.ptr<ub, ui8>
  cce.vsel 0 %b, %b, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vmul %b, %b, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
}

// -----

// %b takes up bytes, and is needed last: it goes behind what needs nothing of
// it. %y's is in use whatever the order, and goes first.
// CHECK-LABEL: cce.kernel @late
// CHECK: cce.vabs %[[Y:.*]], %[[Y]]
// CHECK: cce.vabs %[[A:.*]], %[[X:.*]]
// CHECK-NEXT: cce.vabs %[[Y]], %[[Y]]
// CHECK-NEXT: cce.vmul %[[A]], %[[A]], %[[A]]
// CHECK-NEXT: cce.vabs %[[B:.*]], %[[X]]
// CHECK-NEXT: cce.vmul %[[A]], %[[A]], %[[B]]
cce.kernel @late vector(%z: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant -1 : i64
  %x = cce.alloc 256 : !cce.ptr<ub, f32>
  %y = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_vector_mask %zero, %all
  cce.vabs %y, %y repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    %a = cce.alloc 256 : !cce.ptr<ub, f32>
    %b = cce.alloc 256 : !cce.ptr<ub, f32>
    cce.set_vector_mask %zero, %all
    cce.vabs %a, %x repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vabs %b, %x repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vmul %a, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vabs %y, %y repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vmul %a, %a, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
}

// -----

// A release stays behind what used the buffer, and before what will; nothing
// waits for it.
// CHECK-LABEL: cce.kernel @release
// CHECK: cce.vabs %[[B:[0-9]+]], %[[A:[0-9]+]] repeat
// CHECK-NEXT: cce.vabs %[[C:.*]], %[[C]]
// CHECK-NEXT: cce.vabs %[[B]], %[[B]]
// CHECK-NEXT: cce.release %[[A]]
// CHECK-NEXT: cce.vabs %[[C]], %[[C]]
// CHECK-NEXT: cce.vabs %[[A]], %[[B]]
cce.kernel @release vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant -1 : i64
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_vector_mask %zero, %all
  cce.vabs %b, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.release %a : !cce.ptr<ub, f32>
  cce.vabs %a, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %c, %c repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %c, %c repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// A row that nothing here needs goes last: the unit has it to do while the
// scalar unit reads what the small ones made.
// CHECK-LABEL: cce.kernel @late
// CHECK: %[[ROW:.*]] = cce.alloc 4096
// CHECK: %[[SMALL:.*]] = cce.alloc 256
// CHECK: cce.vabs %[[SMALL]]
// CHECK-NEXT: cce.vmul %[[SMALL]]
// CHECK-NEXT: cce.vadd %[[SMALL]]
// CHECK-NEXT: cce.vabs %[[ROW]]
cce.kernel @late vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant -1 : i64
  %bytes = arith.constant 256 : i64
  %row = cce.alloc 4096 : !cce.ptr<ub, f32>
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_vector_mask %zero, %all
  cce.vabs %row, %row repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vmul %a, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vadd %a, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %row bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}
