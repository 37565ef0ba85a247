// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Axes of a few positions are written out: a work item has them all, reads each
// once, and conditions on them are decided.
// RUN: gemelc check %s --target=cpu,sm_80,ascend910b --quiet | FileCheck %s --check-prefix=RIGHT
// RUN: gemelc %s --target=cpu --emit=tiles | FileCheck %s
// RIGHT: 0 misses

// CHECK-LABEL: kernel @turn_g0 work ["T", "R"]
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK: gemel.for "R"
// CHECK: gemel.load %arg0[{{.*}}, %[[ZERO]],
// CHECK: gemel.load %arg1
// CHECK: gemel.load %arg0[{{.*}}, %[[ONE]],
// CHECK-NOT: gemel.load
// CHECK-NOT: gemel.where
// CHECK: gemel.store {{.*}}, %[[ZERO]],
// CHECK-NEXT: gemel.store {{.*}}, %[[ONE]],
gemel.op @turn[T, P = 2, R](x: bf16[T, P, R], c: f32[T, R]) -> (y: bf16[T, P, R]) {
  y = x * c + where(pos[P] == 0, -at(x, P = 1), at(x, P = 0))
}
gemel.check @turn {
  case T = 5, R = 70
  case T = 3, R = 1
  must repeat batch tile vendor
}

// Its terms meet in the default order, and no loop is left.
// CHECK-LABEL: kernel @sums_g0 work ["T", "R"]
// CHECK: gemel.for "R"
// CHECK-COUNT-3: gemel.load %arg0
// CHECK-NOT: gemel.load
// CHECK-NOT: gemel.for
gemel.op @sums[T, P = 3, R](x: f32[T, P, R]) -> (y: f32[T, P, R], s: f32[T, R]) {
  s = sum[P](x)
  y = where(pos[P] >= 1, x - s, x * s)
}
gemel.check @sums {
  case T = 4, R = 45
  must repeat batch tile vendor
}

// CHECK-LABEL: kernel @four_g0 work ["T", "R"]
// CHECK: gemel.for "R"
// CHECK-COUNT-3: gemel.add
// CHECK-NOT: gemel.add
gemel.op @four[T, P = 4, R](x: f32[T, P, R]) -> (y: f32[T, P, R]) {
  y = where(pos[P] < 2, sum[P](x), x)
}
gemel.check @four {
  case T = 3, R = 33
  must repeat batch tile vendor
}

// All is read before the first is stored.
// CHECK-LABEL: kernel @swap_g0
// CHECK-COUNT-2: gemel.load %arg0
// CHECK-COUNT-2: gemel.store
gemel.op @swap[T, P = 2, R](inout x: f32[T, P, R]) -> () {
  x = where(pos[P] == 0, -at(x, P = 1), at(x, P = 0))
}
gemel.check @swap {
  case T = 3, R = 19
  must repeat batch tile vendor
}

// Pairs that are neighbours in memory: lanes lie along the few.
gemel.op @neighbours[T, R, P = 2](x: f32[T, R, P]) -> (y: f32[T, R, P]) {
  y = where(pos[P] == 0, -at(x, P = 1), at(x, P = 0))
}
gemel.check @neighbours {
  case T = 3, R = 19
  must repeat batch tile vendor
}

// Rows of another array that several items have together; more rows than a
// unit takes at a time.
gemel.op @heads[T, H, P = 2, R](x: bf16[T, H, P, R], c: f32[T, R], s: f32[R]) -> (y: bf16[T, H, P, R]) {
  y = x * c + where(pos[P] == 0, -at(x, P = 1), at(x, P = 0)) * s
}
gemel.check @heads {
  case T = 41, H = 40, R = 64
  case T = 3, H = 131, R = 128
  case T = 200, H = 1, R = 70
  case T = 2, H = 50, R = 9
  case T = 5, H = 7, R = 1088
}

// A branch without lanes is as many terms as its condition has.
gemel.op @ones[T, P = 2, R](x: f32[T, P, R], c: f32[T]) -> (y: f32[T], z: f32[T], m: f32[T]) {
  y = sum[R](at(where(pos[P] == 0, 1.0, x), P = 0))
  z = sum[R](at(where(pos[P] == 0, c, x), P = 0) * 2.0)
  m = mean[R](at(where(pos[P] < 1, c, x), P = 0))
}
gemel.check @ones {
  case T = 3, R = 70
  case T = 3, R = 1100
  must repeat batch tile vendor
}
gemel.op @constants[T, P = 2, R](x: f32[T, P, R], c: f32[T]) -> (y: f32[T, P, R], z: f32[T, P, R]) {
  y = where(pos[P] == 0, 1.0, at(x, P = 0))
  z = where(pos[P] == 0, c, at(x, P = 1))
}
gemel.check @constants {
  case T = 3, R = 70
  case T = 100, R = 64
  must repeat batch tile vendor
}

// A position of the lanes' axis, where other lanes come from an index.
gemel.op @pick[T, Q, D = 64](x: f32[Q, D], i: i32[T, D]) -> (y: f32[T, D]) {
  y = at(at(x, D = 1), Q = i)
}
gemel.check @pick {
  case T = 9, Q = 5
  must repeat batch tile vendor
}
gemel.op @pick_few[T, Q, D = 4](x: f32[Q, D], i: i32[T, D]) -> (y: f32[T, D]) {
  y = at(at(x, D = 3), Q = i)
}
gemel.check @pick_few {
  case T = 9, Q = 5
  must repeat batch tile vendor
}

// Beside another loop they stay one.
// CHECK-LABEL: kernel @beside_g0 work ["T", "P"]
gemel.op @beside[T, P = 2, R](x: f32[T, P, R]) -> (y: f32[T, P]) {
  y = sum[R](x) * at(sum[R](x), P = 1)
}
gemel.check @beside {
  case T = 3, R = 50
  must repeat batch tile vendor
}
