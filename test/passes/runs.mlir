// Values of each position and of each run of positions, from one launch.
// RUN: gemelc %s --emit=groups | FileCheck %s
// RUN: gemelc check %s --target=cpu,cpu-v4 | FileCheck %s --check-prefix=BITS
// BITS: 0 misses

// CHECK-LABEL: "both"
// CHECK: "g0" plan <work = [T.64 = 1], tile = [D = 32], lane = D
// CHECK: "g1"
// CHECK-NOT: "g2"
gemel.op @both[T, D](x: f32[T, D], g: f32[T, D]) -> (y: f32[T, D], s: f32[D], b: f32[D]) {
  y = x * sum[D](x * g)
  s = sum[T](x * g)
  b = sum[T](g)
}
gemel.check @both {
  case T = 1, D = 1
  case T = 64, D = 33
  case T = 65, D = 40
  case T = 200, D = 7
  case T = 0, D = 7
  must repeat tile
}

// What the column's sum reads comes from a launch of its own.
// CHECK-LABEL: "three"
// CHECK: "g3" plan <work = [A.64 = 1, C = 4096]
gemel.op @three[A, B, C](x: f32[A, B, C]) -> (y: f32[A, B, C], s: f32[C], t: f32[A]) {
  y = x * sum[C](x)
  s = sum[A](max[B](x))
  t = sum[B, C](x)
}
gemel.check @three {
  case A = 70, B = 3, C = 37
  must tile
}

// A lane axis is cut into runs by its own launch.
// CHECK-LABEL: "total"
// CHECK: "g0" plan <work = [N = 4096]
// CHECK: "g1" plan <work = [N.64 = 1]
gemel.op @total[N](x: f32[N]) -> (y: f32[N], s: f32[]) {
  y = exp(x)
  s = sum[N](x)
}
gemel.check @total {
  case N = 1000
  must tile
}

// Runs of positions alone, which no array has.
// CHECK-LABEL: "positions"
// CHECK: "g0" plan <work = [N.64 = 1], tile = [N = 32], lane = N
gemel.op @positions[N](x: f32[N]) -> (y: f32[N]) {
  y = x + sum[N](0.25 * pos[N])
}
gemel.check @positions {
  case N = 150
  case N = 1000
  must tile
}
