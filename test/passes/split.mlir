// Reductions that would leave everything to one work item are cut where their
// order has borders.
// RUN: gemel-opt %s --gemel-instantiate --gemel-split 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK <%t
// RUN: gemelc check --target=cpu %s | FileCheck %s --check-prefix=BITS

// CHECK: #gemel.axis<name = "T.256", runs = 256, of = ["T"]>
// CHECK: %[[RUNS:.*]] = gemel.partial_reduce sum %{{.*}} over ["T"] runs "T.256" 256 : (!gemel.array<[T, N] f32>) -> !gemel.array<[T.256, N] f32>
// CHECK: gemel.reduce sum %[[RUNS]] over ["T.256"] order <default>
gemel.op @columns[T, N](x: f32[T, N]) -> (y: f32[N]) {
  y = sum[T](x)
}

// Blocks meet in one chain; a mean is a sum.
// CHECK: gemel.partial_reduce sum %{{.*}} over ["T"] runs "T.128" 128
// CHECK: gemel.reduce sum %{{.*}} over ["T.128"] order <serial>
gemel.op @blocks[T, N](x: f32[T, N]) -> (y: f32[N]) {
  y = sum[T: blocks 128](x)
}

// Several axes are one.
// CHECK: runs = 256, of = ["A", "B"]
// CHECK: gemel.partial_reduce max %{{.*}} over ["A", "B"] runs "A_B.256" 256
gemel.op @everything[A, B](x: f32[A, B]) -> (y: f32[]) {
  y = max[A, B](x)
}

// Rows are work enough; a short axis is no work worth spreading.
// CHECK: gemel.op @rows
// CHECK-NEXT: y = sum[N](x)
gemel.op @rows[T, N](x: f32[T, N]) -> (y: f32[T]) {
  y = sum[N](x)
}
// CHECK: gemel.op @short
// CHECK-NEXT: y = sum[P](x)
gemel.op @short[P = 200, N](x: f32[P, N]) -> (y: f32[N]) {
  y = sum[P](x)
}

// CHECK: gemel.op @chain
// CHECK-NEXT: y = sum[T: serial](x)
// REMARK: split.mlir:[[#@LINE+2]]:7: remark: 'sum' over axis 'T' runs on one thread, for its order has no border every 256 terms; the default order has, and 'blocks n' at n
gemel.op @chain[T, N](x: f32[T, N]) -> (y: f32[N]) {
  y = sum[T: serial](x)
}

// BITS: columns {{.*}}T=1000, N=5 {{.*}}cpu:2 ok
// BITS: 5 checks, 8 cases, {{.*}} 0 misses
gemel.check @columns {
  case T = 1000, N = 5
  case T = 256, N = 3
  case T = 0, N = 3
}
gemel.check @blocks {
  case T = 1000, N = 5
  case T = 128, N = 5
}
gemel.check @everything {
  case A = 33, B = 31
}
gemel.check @short {
  case P = 200, N = 9
}
gemel.check @chain {
  case T = 300, N = 9
}
