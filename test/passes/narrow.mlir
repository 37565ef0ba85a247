// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A 64-bit index is a position of 32 bits where it meets positions; one that is
// none becomes one that no axis has.
// RUN: gemelc check %s --target=cpu,sm_80,ascend910b --quiet | FileCheck %s --check-prefix=RIGHT
// RUN: gemel-opt %s --gemel-instantiate --gemel-narrow --gemel-simplify | FileCheck %s
// RIGHT: 0 misses

// CHECK-LABEL: gemel.op @hot
// CHECK-NEXT: t0 = i32(min(max(label, -1), 2147483647))
// CHECK-NEXT: y = where(pos[V] == t0, x, 0.0) + where(t0 < pos[V], 1.0, 2.0)
gemel.op @hot[T, V](label: i64[T], x: f32[T, V]) -> (y: f32[T, V]) {
  y = where(pos[V] == label, x, 0.0) + where(label < pos[V], 1.0, 2.0)
}
gemel.check @hot {
  case T = 9, V = 70
  must repeat batch tile vendor
}

// Low bits that look like a position are none.
// CHECK-LABEL: gemel.op @far
// CHECK: y = at(w, V = [[INDEX:[a-z0-9_]+]])
// CHECK-NEXT: z = where(pos[V] == [[INDEX]], 1.0, 0.0) + where(pos[V] > [[INDEX]], 2.0, 0.0)
gemel.op @far[T, V, D](w: f32[V, D], id: i64[T]) -> (y: f32[T, D], z: f32[T, V]) {
  far = id * 4294967296
  y = at(w, V = far)
  z = where(pos[V] == far, 1.0, 0.0) + where(pos[V] > far, 2.0, 0.0)
}
gemel.check @far {
  case T = 9, V = 5, D = 19
  must repeat batch tile vendor
}

gemel.op @sums[T, V, D](x: f32[T, D], id: i64[T]) -> (y: f32[V, D]) {
  y = put[T](x, V = where(id == 1, 4294967296, id))
}
gemel.check @sums {
  case T = 20, V = 5, D = 19
  must repeat batch tile vendor
}

// An index for each position is no less for being narrow.
// CHECK-LABEL: gemel.op @each
// CHECK-NEXT: y = where(pos[V] == id, 1.0, 0.0)
gemel.op @each[T, V](id: i64[T, V]) -> (y: f32[T, V]) {
  y = where(pos[V] == id, 1.0, 0.0)
}
gemel.check @each {
  case T = 3, V = 70
  must repeat batch tile vendor
}

// Numbers that are no positions stay as wide as they are.
// CHECK-LABEL: gemel.op @wide
// CHECK-NEXT: y = where(a == b, 1.0, 0.0)
gemel.op @wide[T](a: i64[T], b: i64[T]) -> (y: f32[T]) {
  y = where(a == b, 1.0, 0.0)
}
gemel.check @wide {
  case T = 70
  must repeat batch tile vendor
}
