// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Puts that sort their positions and puts that ask each of them.
// RUN: gemelc %s --emit=groups | FileCheck %s
// RUN: gemelc %s --emit=groups --remarks 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: gemelc %s --emit=tiles | FileCheck %s --check-prefix=TILES
// RUN: gemelc check %s --quiet

// One launch sorts, one finds where each row's terms begin and end, one sums.
// CHECK-LABEL: sym_name = "rows"
// CHECK: gemel.group "g0"
// CHECK-NEXT: %[[ORDER:.*]] = gemel.argsort %{{.*}} along "T"
// CHECK: gemel.group "g1"
// CHECK-NEXT: gemel.search_sorted {{.*}} along "T" into "V" :
// CHECK-NEXT: gemel.search_sorted {{.*}} along "T" into "V" after :
// CHECK: gemel.group "g2"
// CHECK-NEXT: gemel.sum_runs
// CHECK-NOT: gemel.put
// TILES-LABEL: gemel.kernel @rows_g0
// TILES: gemel.for "T'"
// TILES: gemel.scatter
// TILES-LABEL: gemel.kernel @rows_g1
// TILES: combine ["carry", "carry"]
// TILES-LABEL: gemel.kernel @rows_g2
// TILES: gemel.read_index
// TILES: gemel.for "T" {{.*}} combine ["sum"]
// TILES-NOT: sum_if
gemel.op @rows[T, V, D](x: f32[T, D], id: i32[T]) -> (y: f32[V, D]) {
  y = put[T](x, V = id)
}
gemel.check @rows {
  case T = 37, V = 11, D = 45
  case T = 1, V = 1, D = 1
  must repeat batch tile
}

// Indices of two axes, one of which stays; 64 bits.
// CHECK-LABEL: sym_name = "aligned"
// As positions they are computed once, not for each position that is sorted.
// CHECK: %[[NARROW:.*]] = gemel.group "g0"
// CHECK: gemel.cast "i32"
// CHECK-NEXT: gemel.yield
// CHECK: gemel.group "g1"
// CHECK-NEXT: gemel.argsort %[[NARROW]] along "T" : !gemel.array<[S, T] i32> -> !gemel.array<[S, T] i32>
// TILES-LABEL: gemel.kernel @aligned
gemel.op @aligned[S, T, V, D](x: f32[S, T, D], id: i64[S, T]) -> (y: f32[S, V, D]) {
  y = put[T](x, V = id)
}
gemel.check @aligned {
  case S = 3, T = 29, V = 5, D = 9
}

// The axis that is run over is the one that terms are put into.
// CHECK-LABEL: sym_name = "moved"
// CHECK: gemel.sum_runs {{.*}} along "T" into "T"
gemel.op @moved[T, D](x: f32[T, D]) -> (y: f32[T, D]) {
  y = put[T](x, T = pos[T] - 1)
}
gemel.check @moved {
  case T = 19, D = 33
}

// Two axes at once are asked for each position.
// CHECK-LABEL: sym_name = "both"
// CHECK: gemel.put
gemel.op @both[S, T, V](x: f32[S, T], id: i32[S, T]) -> (y: f32[V]) {
  // REMARK: {{.*}}:[[#@LINE+1]]:7: remark: this 'put' asks all its terms for each position: it runs over other axes than one that its index has
  y = put[S, T](x, V = id)
}
gemel.check @both {
  case S = 5, T = 9, V = 4
}
