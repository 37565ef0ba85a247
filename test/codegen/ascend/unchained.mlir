// Attention where the matrix unit chains no products: scores, then weights of
// all blocks, then a product of these with the values, a launch each.
// RUN: gemelc %s --target=ascend910b --emit=groups | FileCheck %s
// RUN: gemelc %s --target=sm_90a --emit=groups | FileCheck %s --check-prefix=CHAINED
// RUN: gemelc check %s --target=ascend910b | FileCheck %s --check-prefix=BITS

// Rows are those that the operator has positions of, although heads are
// nearer in memory.
// CHECK: #gemel.axis<name = "S">
// CHECK: gemel.group "g0" plan <{{.*}}S = 128{{.*}}lane = L, matrix = D>
// CHECK-NEXT: gemel.dot %{{.*}} over ["D"] order <default>
// CHECK: %[[W:[0-9]+]]:3 = gemel.group "g1" plan <{{.*}}lane = L
// CHECK: gemel.reduce max %{{.*}} over ["L"] order <default>
// CHECK: %[[NONE:[0-9]+]] = gemel.compare eq
// CHECK: gemel.where %[[NONE]], %{{.*}} -> !gemel.array<[S, G, L] f32>
// CHECK: gemel.reduce sum %{{.*}} over ["L"] order <default>
// CHECK: gemel.group "g2" plan <{{.*}}S = 128{{.*}}lane = V, matrix = L>
// CHECK-NEXT: gemel.dot %[[W]]#{{[0-2]}}, %{{.*}} over ["L"] order <default>
// CHECK: gemel.recip
// CHECK-NOT: gemel.group "g3"
// CHAINED: gemel.group "g0" plan <{{.*}}matrix = D, chain = L>
// CHAINED: gemel.reduce max %{{.*}} over ["L"] order <blocks 128>
// Row 0 has no position: its weights are 0, so that lse is -inf.
// BITS: attention{{.*}}order:ascend910b ok{{.*}}groups ok{{.*}}tiles:ascend910b ok{{.*}}ascend910b:1 ok
// BITS: running{{.*}}text ok groups ok
// BITS: running{{.*}}N=11 groups ok
// BITS: 0 misses
gemel.op @attention[S, G, L, D, V](q: bf16[S, G, D], k: bf16[L, D], v: bf16[L, V]) -> (o: f32[S, G, V], lse: f32[S, G]) {
  s = where(pos[L] < pos[S], dot[D](q, k), -inf)
  m = stop(max[L: blocks 128](s))
  p = fast(exp(s - m))
  z = sum[L: blocks 128](p)
  o = dot[L: blocks 128](bf16(p), v) * recip(z)
  lse = m + log(z)
}
gemel.check @attention {
  case S = 9, G = 2, L = 150, D = 17, V = 5
  case S = 130, G = 1, L = 40, D = 8, V = 33
  must repeat batch tile
}

// What is exact keeps its order, and its bits, whatever the unit.
// CHECK: gemel.reduce max %{{.*}} over ["N"] order <blocks 4>
// CHECK: gemel.reduce sum %{{.*}} over ["N"] order <blocks 4>
gemel.op @running[T, N](x: f32[T, N]) -> (z: f32[T]) {
  z = sum[N: blocks 4](exp(x - max[N: blocks 4](x)))
}
gemel.check @running {
  case T = 1, N = 0
    expect z = 0
  case T = 2, N = 11
}

// Of several axes the unit has the one that is a sequence's, or else the
// first; blocks it adds up itself. What is computed for it is stored as the
// unit reads it: the terms last, or the rows.
// CHECK: gemel.op{{.*}}"products"
// CHECK: gemel.group "g0"
// CHECK: gemel.relayout %{{.*}} -> !gemel.array<[M, H, K] bf16>
// CHECK-NEXT: gemel.yield
// CHECK: gemel.group "g1" plan <{{.*}}matrix = K>
// CHECK-NEXT: gemel.dot %{{.*}} over ["K"] order <default>
// CHECK-NOT: gemel.reduce
// CHECK: gemel.group "g2"
// CHECK: gemel.reduce sum %{{.*}} over ["H"] order <default>
gemel.op @products[H, M, K, N](x: bf16[M, K, H], g: bf16[H, K], w: bf16[H, K, N]) -> (y: f32[M, N]) {
  y = dot[K, H: blocks 128](bf16(x * g), w)
}
gemel.check @products {
  case H = 3, M = 5, K = 130, N = 17
  must repeat tile
}
