// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: gemel-opt %s --cce-insert-sync --split-input-file --verify-diagnostics | FileCheck %s

// Loads, computing and stores in a loop: a flag along each step, and one back
// for each buffer that is used again. V's own order is a barrier within an
// iteration; from one to the next the store's flag brings it.
// CHECK-LABEL: cce.kernel @loop
// CHECK: cce.set_flag V to MTE2 event 0
// CHECK-NEXT: cce.set_flag MTE3 to V event 0
// CHECK-NEXT: scf.for
// CHECK: cce.wait_flag V to MTE2 event 0
// CHECK-NEXT: cce.copy_gm_to_ubuf_align
// CHECK-NEXT: cce.set_flag MTE2 to V event 0
// CHECK-NEXT: cce.wait_flag MTE2 to V event 0
// CHECK-NEXT: cce.wait_flag MTE3 to V event 0
// CHECK-NEXT: cce.vadd
// CHECK-NEXT: cce.pipe_barrier V
// CHECK-NEXT: cce.vmul
// CHECK-NEXT: cce.set_flag V to MTE3 event 0
// CHECK-NEXT: cce.set_flag V to MTE2 event 0
// CHECK-NEXT: cce.wait_flag V to MTE3 event 0
// CHECK-NEXT: cce.copy_ubuf_to_gm_align
// CHECK-NEXT: cce.set_flag MTE3 to V event 0
// CHECK-NEXT: }
// CHECK-NEXT: cce.wait_flag MTE3 to V event 0
// CHECK-NEXT: cce.wait_flag V to MTE2 event 0
// CHECK-NEXT: cce.pipe_barrier ALL
cce.kernel @loop vector(%x: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 2048 : i64
  %a = cce.alloc 2048 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 2048 at 2048 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    cce.copy_gm_to_ubuf_align %a, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vadd %b, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vmul %b, %b, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_ubuf_to_gm_align %y, %b bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  }
}

// -----

// Buffers that share bytes are one; those that do not need no order.
// CHECK-LABEL: cce.kernel @shared
// CHECK: cce.vabs
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: cce.pipe_barrier V
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: cce.pipe_barrier ALL
cce.kernel @shared vector(%x: !cce.ptr<gm, f32>) {
  %one = arith.constant 1 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 at 128 : !cce.ptr<ub, f32>
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %c, %c repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// Six events of a pair of pipes: the seventh meeting is a barrier of all.
// CHECK-LABEL: cce.kernel @many
// CHECK-COUNT-6: cce.wait_flag MTE2 to V
// CHECK: cce.pipe_barrier ALL
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: cce.pipe_barrier ALL
cce.kernel @many vector(%x: !cce.ptr<gm, f32>) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a0 = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %a1 = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  %a2 = cce.alloc 256 at 512 : !cce.ptr<ub, f32>
  %a3 = cce.alloc 256 at 768 : !cce.ptr<ub, f32>
  %a4 = cce.alloc 256 at 1024 : !cce.ptr<ub, f32>
  %a5 = cce.alloc 256 at 1280 : !cce.ptr<ub, f32>
  %a6 = cce.alloc 256 at 1536 : !cce.ptr<ub, f32>
  cce.copy_gm_to_ubuf_align %a0, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  cce.copy_gm_to_ubuf_align %a1, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  cce.copy_gm_to_ubuf_align %a2, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  cce.copy_gm_to_ubuf_align %a3, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  cce.copy_gm_to_ubuf_align %a4, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  cce.copy_gm_to_ubuf_align %a5, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  cce.copy_gm_to_ubuf_align %a6, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  cce.vabs %a0, %a0 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %a1, %a1 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %a2, %a2 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %a3, %a3 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %a4, %a4 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %a5, %a5 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vabs %a6, %a6 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// Seven buffers come again: five events for turns, the sixth for one that is
// none, and the iterations meet.
// CHECK-LABEL: cce.kernel @again
// CHECK-COUNT-5: cce.set_flag V to MTE2
// CHECK-NEXT: scf.for
// CHECK-COUNT-5: cce.vabs
// CHECK: cce.wait_flag MTE2 to V event 5
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: cce.copy_gm_to_ubuf_align
// CHECK-NEXT: cce.pipe_barrier ALL
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: cce.pipe_barrier ALL
// CHECK-NEXT: }
// CHECK-COUNT-5: cce.wait_flag V to MTE2
cce.kernel @again vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a0 = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %a1 = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  %a2 = cce.alloc 256 at 512 : !cce.ptr<ub, f32>
  %a3 = cce.alloc 256 at 768 : !cce.ptr<ub, f32>
  %a4 = cce.alloc 256 at 1024 : !cce.ptr<ub, f32>
  %a5 = cce.alloc 256 at 1280 : !cce.ptr<ub, f32>
  %a6 = cce.alloc 256 at 1536 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    cce.copy_gm_to_ubuf_align %a0, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vabs %a0, %a0 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_gm_to_ubuf_align %a1, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vabs %a1, %a1 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_gm_to_ubuf_align %a2, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vabs %a2, %a2 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_gm_to_ubuf_align %a3, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vabs %a3, %a3 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_gm_to_ubuf_align %a4, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vabs %a4, %a4 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_gm_to_ubuf_align %a5, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vabs %a5, %a5 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_gm_to_ubuf_align %a6, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vabs %a6, %a6 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
}

// -----

// Buffers that are loaded before the first is read: when there are no events
// left, the last two have theirs together.
// CHECK-LABEL: cce.kernel @together
// CHECK-COUNT-5: cce.set_flag V to MTE2
// CHECK-NEXT: scf.for
// CHECK: cce.wait_flag V to MTE2 event 4
// CHECK-NEXT: cce.copy_gm_to_ubuf_align
// CHECK-NEXT: cce.copy_gm_to_ubuf_align
// CHECK-NEXT: cce.set_flag MTE2 to V event 4
// CHECK-NOT: cce.pipe_barrier
// CHECK: }
cce.kernel @together vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a0 = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %a1 = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  %a2 = cce.alloc 256 at 512 : !cce.ptr<ub, f32>
  %a3 = cce.alloc 256 at 768 : !cce.ptr<ub, f32>
  %a4 = cce.alloc 256 at 1024 : !cce.ptr<ub, f32>
  %a5 = cce.alloc 256 at 1280 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    cce.copy_gm_to_ubuf_align %a0, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a1, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a2, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a3, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a4, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a5, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vabs %a0, %a0 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vabs %a1, %a1 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vabs %a2, %a2 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vabs %a3, %a3 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vabs %a4, %a4 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vabs %a5, %a5 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
}

// -----

// The load of %b is behind that of %a, and who waits for it needs no flag of the
// other; on the way back each has its own, for %a is done with earlier.
// CHECK-LABEL: cce.kernel @one_for_two
// CHECK: scf.for
// CHECK-NEXT: cce.wait_flag V to MTE2 event 0
// CHECK-NEXT: cce.copy_gm_to_ubuf_align
// CHECK-NEXT: cce.wait_flag V to MTE2 event 1
// CHECK-NEXT: cce.copy_gm_to_ubuf_align
// CHECK-NEXT: cce.set_flag MTE2 to V event 0
// CHECK-NEXT: cce.wait_flag MTE2 to V event 0
// CHECK-NEXT: cce.vadd
// CHECK-NEXT: cce.set_flag V to MTE2 event 0
// CHECK-NEXT: cce.pipe_barrier V
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: cce.set_flag V to MTE2 event 1
// CHECK-NEXT: }
cce.kernel @one_for_two vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 at 512 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    cce.copy_gm_to_ubuf_align %a, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %b, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vadd %c, %a, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vabs %c, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
}

// -----

// Loads hand over twice in an iteration, of bytes that are two buffers' each: the
// next one hands %a over before anything tells it that %d has been taken, so the
// two have events of their own.
// CHECK-LABEL: cce.kernel @round
// CHECK: scf.for
// CHECK: cce.copy_gm_to_ubuf_align %[[A:.*]], %arg0
// CHECK-NEXT: cce.set_flag MTE2 to V event 0
// CHECK: cce.copy_gm_to_ubuf_align %[[A]], %arg0
// CHECK: cce.copy_gm_to_ubuf_align
// CHECK-NEXT: cce.set_flag MTE2 to V event 1
// CHECK: cce.wait_flag MTE2 to V event 1
// CHECK-NEXT: cce.vabs
cce.kernel @round vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 at 512 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 at 512 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    cce.copy_gm_to_ubuf_align %a, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_gm_to_ubuf_align %a, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %c, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vabs %d, %d repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
}

// -----

cce.kernel @twice vector(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.pipe_barrier' op stands in a kernel that is to be synchronised; leave all flags and barriers to the pass}}
  cce.pipe_barrier V
}

// -----

cce.kernel @unplanned vector(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.alloc' op has no address; plan the memory first}}
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
}

// -----

// A branch in which the scalar unit does all is ordered inside: who goes the
// other way waits for nothing, and from one iteration to the next V has its
// barriers only.
// CHECK-LABEL: cce.kernel @branch
// CHECK: scf.for
// CHECK: cce.vabs
// CHECK: cce.pipe_barrier V
// CHECK-NEXT: scf.if
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: } else {
// CHECK-NEXT: cce.set_flag V to S event 5
// CHECK-NEXT: cce.wait_flag V to S event 5
// CHECK-NEXT: cce.load
// CHECK-NEXT: cce.store
// CHECK-NEXT: cce.set_flag S to V event 5
// CHECK-NEXT: cce.wait_flag S to V event 5
// CHECK-NEXT: }
// CHECK-NEXT: cce.pipe_barrier V
// CHECK-NEXT: cce.vabs
// CHECK-NEXT: }
// CHECK-NEXT: cce.pipe_barrier ALL
cce.kernel @branch vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    %even = arith.cmpi slt, %i, %one : i64
    scf.if %even {
      cce.vabs %b, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    } else {
      %v = cce.load %a[%zero] : !cce.ptr<ub, f32> -> f32
      cce.store %v, %b[%zero] : f32, !cce.ptr<ub, f32>
    }
    cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
}

// -----

// The scalar unit has what it reads before it hands out the product with that:
// what writes there behind it needs no flag. It waits itself, so that the same
// event will do again.
// CHECK-LABEL: cce.kernel @hands_out
// CHECK: cce.vabs %[[A:.+]], %[[A]]
// CHECK-NEXT: cce.set_flag V to S event 0
// CHECK-NEXT: cce.wait_flag V to S event 0
// CHECK-NEXT: cce.load
// CHECK-NEXT: cce.vmuls %[[B:.+]], %[[B]]
// CHECK-NEXT: cce.pipe_barrier V
// CHECK-NEXT: cce.vabs %[[A]], %[[A]]
// CHECK-NEXT: cce.set_flag V to S event 0
// CHECK-NEXT: cce.wait_flag V to S event 0
// CHECK-NEXT: cce.load
// CHECK-NEXT: cce.vmuls %[[B]], %[[B]]
// CHECK-NEXT: cce.pipe_barrier ALL
cce.kernel @hands_out vector(%x: !cce.ptr<gm, f32>) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  %v = cce.load %a[%zero] : !cce.ptr<ub, f32> -> f32
  cce.vmuls %b, %b, %v repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  %w = cce.load %a[%zero] : !cce.ptr<ub, f32> -> f32
  cce.vmuls %b, %b, %w repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
}

// -----

// So it will in a choice, but for what is set before that and waited for behind.
// CHECK-LABEL: cce.kernel @beside_a_choice
// CHECK: cce.vabs
// CHECK-NEXT: cce.set_flag V to S event 0
// CHECK-NEXT: cce.wait_flag V to S event 0
// CHECK-NEXT: cce.load
// CHECK: cce.vabs
// CHECK-NEXT: cce.set_flag V to S event 1
// CHECK-NEXT: cce.pipe_barrier V
// CHECK-NEXT: scf.if
// CHECK: cce.set_flag V to S event 0
// CHECK-NEXT: cce.wait_flag V to S event 0
// CHECK: }
// CHECK-NEXT: cce.wait_flag V to S event 1
// CHECK-NEXT: cce.load
cce.kernel @beside_a_choice vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %some = arith.cmpi slt, %zero, %n : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 at 512 : !cce.ptr<ub, f32>
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  %v = cce.load %a[%zero] : !cce.ptr<ub, f32> -> f32
  cce.vmuls %b, %b, %v repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
  cce.vabs %c, %c repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  scf.if %some {
    cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    %w = cce.load %a[%zero] : !cce.ptr<ub, f32> -> f32
    cce.vmuls %b, %b, %w repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
  }
  %u = cce.load %c[%zero] : !cce.ptr<ub, f32> -> f32
  cce.vmuls %b, %b, %u repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
}
