// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: gemel-opt %s --cce-multiply-add --split-input-file | FileCheck %s

// Where nothing needs the summand any more, the product is added to it, and who
// reads the sum reads it there.
// CHECK-LABEL: cce.kernel @to_summand
// CHECK: %[[A:.*]] = cce.alloc 256
// CHECK-NEXT: %[[B:.*]] = cce.alloc 256
// CHECK-NEXT: %[[C:.*]] = cce.alloc 256
// CHECK-NEXT: %{{.*}} = cce.alloc 256
// CHECK-NEXT: cce.set_mask_count
// CHECK-NOT: cce.vmul
// CHECK: cce.vmla %[[C]], %[[A]], %[[B]] repeat
// CHECK-NOT: cce.vadd
// CHECK: cce.copy_ubuf_to_gm_align %{{.*}}, %[[C]]
cce.kernel @to_summand vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant 64 : i64
  %bytes = arith.constant 256 : i64
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 : !cce.ptr<ub, f32>
  %t = cce.alloc 256 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %all
  cce.vector_dup %a, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %b, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %c, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vmul %t, %a, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vadd %d, %t, %c repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %d bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %b bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// A product with a number, likewise.
// CHECK-LABEL: cce.kernel @times_number
// CHECK: %[[A:.*]] = cce.alloc 256
// CHECK-NEXT: %[[C:.*]] = cce.alloc 256
// CHECK-NOT: cce.vmuls
// CHECK: cce.vaxpy %[[C]], %[[A]], %cst repeat
// CHECK-NOT: cce.vadd
// CHECK: cce.copy_ubuf_to_gm_align %{{.*}}, %[[C]]
cce.kernel @times_number vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant 64 : i64
  %bytes = arith.constant 256 : i64
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 : !cce.ptr<ub, f32>
  %t = cce.alloc 256 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %all
  cce.vector_dup %a, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %c, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vmuls %t, %a, %two repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
  cce.vadd %d, %c, %t repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %d bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// What is taken away is added with the number negated.
// CHECK-LABEL: cce.kernel @minus
// CHECK: %[[A:.*]] = cce.alloc 256
// CHECK-NEXT: %[[C:.*]] = cce.alloc 256
// CHECK: %[[N:.*]] = arith.constant -2.000000e+00 : f32
// CHECK-NEXT: cce.vaxpy %[[C]], %[[A]], %[[N]] repeat
// CHECK-NOT: cce.vsub
// CHECK: cce.copy_ubuf_to_gm_align %{{.*}}, %[[C]]
cce.kernel @minus vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant 64 : i64
  %bytes = arith.constant 256 : i64
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 : !cce.ptr<ub, f32>
  %t = cce.alloc 256 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %all
  cce.vector_dup %a, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %c, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vmuls %t, %a, %two repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
  cce.vsub %d, %c, %t repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %d bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// So is any difference.
// CHECK-LABEL: cce.kernel @difference
// CHECK: %[[A:.*]] = cce.alloc 256
// CHECK-NEXT: %[[C:.*]] = cce.alloc 256
// CHECK: %[[N:.*]] = arith.constant -1.000000e+00 : f32
// CHECK-NEXT: cce.vaxpy %[[C]], %[[A]], %[[N]] repeat
// CHECK-NOT: cce.vsub
cce.kernel @difference vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant 64 : i64
  %bytes = arith.constant 256 : i64
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %all
  cce.vector_dup %a, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %c, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vsub %d, %c, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %d bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// Where a factor is done with, it is multiplied where it stands; numbers are
// blocks, filled where the kernel begins. Horner's scheme has one buffer.
// CHECK-LABEL: cce.kernel @where_a_factor_stood
// CHECK: %[[A:.*]] = cce.alloc 256
// CHECK-NEXT: %[[B:.*]] = cce.alloc 256
// CHECK: cce.set_mask_count
// CHECK-NEXT: %[[TWO:.*]] = cce.alloc 32
// CHECK: cce.vector_dup %[[TWO]], 
// CHECK: %[[THREE:.*]] = cce.alloc 32
// CHECK: cce.vector_dup %[[THREE]], 
// CHECK: cce.vmadd %[[A]], %[[B]], %[[THREE]] repeat %{{.*}} blocks 1 1 0 repeats 8 8 0
// CHECK-NEXT: cce.vmadd %[[A]], %[[B]], %[[TWO]] repeat
// CHECK-NEXT: cce.copy_ubuf_to_gm_align %{{.*}}, %[[A]]
cce.kernel @where_a_factor_stood vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant 64 : i64
  %bytes = arith.constant 256 : i64
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 : !cce.ptr<ub, f32>
  %t = cce.alloc 256 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 : !cce.ptr<ub, f32>
  %u = cce.alloc 256 : !cce.ptr<ub, f32>
  %p = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %all
  cce.vector_dup %a, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %b, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vmul %t, %a, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vadds %d, %t, %three repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
  cce.vmul %u, %d, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vadds %p, %u, %two repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
  cce.copy_ubuf_to_gm_align %y, %p bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %b bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// Where it is not, a row of the summand is made, which waits for nothing.
// CHECK-LABEL: cce.kernel @to_number
// CHECK: %[[A:.*]] = cce.alloc 256
// CHECK: %[[D:.*]] = cce.alloc 256
// CHECK: %[[N:.*]] = arith.constant 3.000000e+00 : f32
// CHECK-NEXT: cce.vector_dup %[[D:.*]], %[[N]] repeat
// CHECK-NEXT: cce.vaxpy %[[D]], %[[A]], %cst repeat
// CHECK-NEXT: cce.copy_ubuf_to_gm_align %{{.*}}, %[[D]]
cce.kernel @to_number vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant 64 : i64
  %bytes = arith.constant 256 : i64
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %t = cce.alloc 256 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %all
  cce.vector_dup %a, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vmuls %t, %a, %two repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
  cce.vadds %d, %t, %three repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
  cce.copy_ubuf_to_gm_align %y, %d bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// Operands that are needed behind the sum stay.
// CHECK-LABEL: cce.kernel @needed
// CHECK-NOT: cce.vmla
// CHECK-NOT: cce.vmadd
// CHECK: cce.vmul
// CHECK-NEXT: cce.vadd
cce.kernel @needed vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant 64 : i64
  %bytes = arith.constant 256 : i64
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 : !cce.ptr<ub, f32>
  %t = cce.alloc 256 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %all
  cce.vector_dup %a, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %b, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %c, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vmul %t, %a, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vadd %d, %t, %c repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %d bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %b bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %c bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// So does a product that something else reads.
// CHECK-LABEL: cce.kernel @twice
// CHECK-NOT: cce.vmla
// CHECK-NOT: cce.vmadd
// CHECK: cce.vmul
// CHECK-NEXT: cce.vadd
cce.kernel @twice vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant 64 : i64
  %bytes = arith.constant 256 : i64
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 : !cce.ptr<ub, f32>
  %t = cce.alloc 256 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %all
  cce.vector_dup %a, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %b, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %c, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vmul %t, %a, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vadd %d, %t, %c repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %d bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %t bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// Elements that only one of the two computes are as they were.
// CHECK-LABEL: cce.kernel @other_count
// CHECK-NOT: cce.vmla
// CHECK-NOT: cce.vmadd
// CHECK: cce.vmul
// CHECK: cce.vadd
cce.kernel @other_count vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant 64 : i64
  %bytes = arith.constant 256 : i64
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 : !cce.ptr<ub, f32>
  %t = cce.alloc 256 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %all
  cce.vector_dup %a, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %b, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %c, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vmul %t, %a, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.set_vector_mask %zero, %one
  cce.vadd %d, %t, %c repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %d bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// A factor that is another one by then is read before.
// CHECK-LABEL: cce.kernel @changed
// CHECK-NOT: cce.vmla
// CHECK-NOT: cce.vmadd
// CHECK: cce.vmul
// CHECK: cce.vadd
cce.kernel @changed vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant 64 : i64
  %bytes = arith.constant 256 : i64
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 : !cce.ptr<ub, f32>
  %t = cce.alloc 256 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %all
  cce.vector_dup %a, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %b, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %c, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vmul %t, %a, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vector_dup %a, %three repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vadd %d, %t, %c repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %d bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// A sum that stands where the summand stood stays there, whatever reads it.
// CHECK-LABEL: cce.kernel @in_loop
// CHECK: %[[C:.*]] = cce.alloc 256
// CHECK: scf.for
// CHECK: %[[A:.*]] = cce.alloc 256
// CHECK: cce.vmla %[[C]], %[[A]], %[[A]] repeat
// CHECK-NOT: cce.vadd
// CHECK: cce.copy_ubuf_to_gm_align %{{.*}}, %[[C]]
cce.kernel @in_loop vector(%y: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant 64 : i64
  %bytes = arith.constant 256 : i64
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %c = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %all
  cce.vector_dup %c, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  scf.for %i = %zero to %n step %one : i64 {
    %a = cce.alloc 256 : !cce.ptr<ub, f32>
    %t = cce.alloc 256 : !cce.ptr<ub, f32>
    cce.set_vector_mask %zero, %all
    cce.vector_dup %a, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
    cce.vmul %t, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %c, %t, %c repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
  cce.copy_ubuf_to_gm_align %y, %c bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// A summand may be a factor, too, if it is the very same.
// CHECK-LABEL: cce.kernel @same
// CHECK: %[[A:.*]] = cce.alloc 256
// CHECK: %[[B:.*]] = cce.alloc 256
// CHECK: cce.vmla %[[A]], %[[A]], %[[B]] repeat
// CHECK-NOT: cce.vadd
// CHECK: cce.copy_ubuf_to_gm_align %{{.*}}, %[[A]]
cce.kernel @same vector(%y: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %all = arith.constant 64 : i64
  %bytes = arith.constant 256 : i64
  %two = arith.constant 2.0 : f32
  %a = cce.alloc 256 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 : !cce.ptr<ub, f32>
  %t = cce.alloc 256 : !cce.ptr<ub, f32>
  %d = cce.alloc 256 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %all
  cce.vector_dup %a, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vector_dup %b, %two repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
  cce.vmul %t, %a, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vadd %d, %a, %t repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %d bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  cce.copy_ubuf_to_gm_align %y, %b bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}
