// An inout's old value is read before the new one stands there.
// RUN: gemelc check %s
// RUN: gemelc %s --emit=groups | FileCheck %s

// Another loop nest reads it, and the new value waits for a launch of its own.
// CHECK-LABEL: "spread"
// CHECK: gemel.group "copy0"
gemel.op @spread[N, T](inout p: f32[N]) -> (q: f32[N, T]) {
  t = p
  p = p * 2.0
  q = t + 1.0
}
gemel.check @spread {
  case N = 37, T = 5
  case N = 3, T = 70
  must repeat tile
}

// Added to at the border: read where it is written, and nowhere else.
// CHECK-LABEL: "accumulate"
// CHECK-NOT: gemel.group "copy0"
gemel.op @accumulate[M, N, K](a: f32[M, K], b: f32[K, N], inout y: f32[M, N]) -> () {
  y = y + dot[K](a, b)
}
gemel.check @accumulate {
  case M = 7, N = 65, K = 9
  case M = 1, N = 200, K = 1
  must repeat tile
}
// CHECK-LABEL: "rows"
// CHECK-NOT: gemel.group "copy0"
gemel.op @rows[T, N](x: f32[T, N], inout y: f32[T, N], inout s: f32[T]) -> () {
  y = y + x * sum[N](x)
  s = s + sum[N](sq(x))
}
gemel.check @rows {
  case T = 7, N = 65
  must repeat tile
}
// CHECK-LABEL: "nests"
// CHECK: gemel.group "copy0"
gemel.op @nests[T, N, C](x: f32[T, N], z: f32[C], inout p: f32[T, N]) -> (q: f32[T, N, C]) {
  t = p
  p = p * 2.0 + sum[N](x)
  q = t + z * sum[N](sq(x))
}
gemel.check @nests {
  case T = 7, N = 65, C = 3
  must repeat tile
}
