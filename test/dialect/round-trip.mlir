// RUN: gemel-opt %s > %t.1 && gemel-opt %t.1 > %t.2 && diff %t.1 %t.2
// RUN: gemel-opt %t.1 -mlir-print-op-generic -mlir-print-debuginfo > %t.g
// RUN: gemel-opt %t.g > %t.3 && diff %t.1 %t.3
// RUN: gemel-opt %t.1 -mlir-print-op-generic > %t.g1
// RUN: gemel-opt %t.g1 -mlir-print-op-generic > %t.g2 && diff %t.g1 %t.g2
// RUN: FileCheck %s < %t.1
// Both forms print themselves again, byte for byte, after the first print.

// CHECK: s = where(pos[L] <= pos[S] + (size[L] - size[S]), dot[D](q, k) * scale, -inf)
// CHECK: case N = 2
// CHECK-NEXT: given p = [1.0, 0x7F800000]

gemel.op @softmax<E: bf16|f16|f32>[T, N](x: E[T, N]) -> (y: E[T, N]) {
  e = quick(exp)(x - stop(max[N](x)))
  y = e * recip(sum[N](e))
}
gemel.op @rms_norm<E: bf16|f16|f32>[T, D](x: E[T, D], w: E[D], eps: f32 = 1.0e-6) -> (y: E[T, D]) {
  save r = rsqrt(mean[D](sq(x)) + eps)
  y = x * r * w
}
gemel.op @linear_gelu<E: bf16|f16>[M, N, K](a: E[M, K], w: E[K, N] grad f32, b: E[N] grad f32) -> (y: E[M, N]) {
  save h = E(dot[K](a, w) + b)
  y = gelu(h)
}
gemel.op @attention<E: bf16|f16>[B, S, L, H, G, D, V](q: E[B, S, H, G, D], k: E[B, L, H, D], v: E[B, L, H, V], scale: f32)
    -> (o: E[B, S, H, G, V], lse: f32[B, S, H, G]) {
  require size[L] >= size[S]
  s = where(pos[L] <= pos[S] + (size[L] - size[S]), dot[D](q, k) * scale, -inf)
  save m = stop(max[L: blocks 128](s))
  p = fast(exp(s - m))
  save z = sum[L: blocks 128](p)
  o = dot[L: blocks 128](E(p), v) * recip(z)
  lse = m + log(z)
}
gemel.check @attention { case B=1, S=256, L=256, H=2, G=2, D=64, V=64    tol bf16 ulp 2    must repeat batch tile vendor }
gemel.op @cross_entropy<E: bf16|f32, I: i32|i64>[T, V](x: E[T, V], label: I[T], ignore: i32 = -100) -> (l: f32[T]) {
  save m = stop(max[V](x))
  save z = sum[V](quick(exp)(x - m))
  l = where(label == ignore, 0.0, m + log(z) - at(x, V = label))
}
gemel.op @rope<E: bf16|f32>[T, H, P = 2, R](x: E[T, H, P, R], position: i32[T], base: f32 = 10000.0) -> (y: E[T, H, P, R]) {
  a = position * pow(base, -(pos[R] / size[R]))
  y = x * cos(a) + where(pos[P] == 0, -at(x, P = 1), at(x, P = 0)) * sin(a)
}
gemel.op @adamw<G: bf16|f32>[N](inout p: f32[N], inout m: f32[N], inout v: f32[N], g: G[N], lr: f32[], c1: f32[], c2: f32[],
    b1: f32, b2: f32, eps: f32, decay: f32) -> (q: bf16[N]) {
  m = b1 * m + (1.0 - b1) * g
  v = b2 * v + (1.0 - b2) * sq(g)
  p = p - lr * (m * c1 / (sqrt(v * c2) + eps) + decay * p)
  q = p
}
gemel.op @operators[T, N](x: f32[T, N], a: i64[N], b: i1[N]) -> (y: f32[T, N], k: i64[N], l: i1[N]) {
  t = not b and a > 3 or b
  k = a * 2 - div(a, 7) + mod(-a, 5)
  l = t or b
  y = -(1.0) - (x - (x - 2.0)) / x * -x + where(t, 1.0e-10, -inf) + nan
}
gemel.op @swap[N](inout p: f32[N], inout q: f32[N]) -> (s: f32[N]) {
  t = p
  p = q
  q = t
  s = p + q
}
gemel.op @gradients[N, K](x: f32[N, K], w: f32[K]) -> (y: f32[N]) {
  y = dot[K](x, w)
  grad x = d(y) * w
  grad w by blocks 64
}
gemel.op @renamed[A, B](x: f32[A, B]) -> (y: f32[A, B]) {
  y = rows[T = A, D = B](x)
}
gemel.plan @softmax for cpu {
  tile N = 32
}
gemel.check @swap {
  case N = 2
    given p = [1.0, 0x7F800000]
    given q = [-0.0, nan]
    expect p = [-0.0, nan]
  must repeat
}
