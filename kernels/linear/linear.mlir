// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Linear layers: y[m, n] = sum_k a[m, k] w[k, n], with what usually follows.
//
// Products of bf16 and f16 are exact in f32 and accumulate in f32; f32 operands
// are one chain of fused multiply-adds. Matrix class: the same bits on one
// target, others within 2 ulp of the result's type at max(|y|, rms y).

gemel.op @linear<E: bf16|f16|f32>[M, N, K](a: E[M, K], w: E[K, N]) -> (y: E[M, N]) {
  y = dot[K](a, w)
}
gemel.op @linear_bias<E: bf16|f16|f32>[M, N, K](a: E[M, K], w: E[K, N], b: E[N]) -> (y: E[M, N]) {
  y = dot[K](a, w) + b
}
gemel.op @linear_gelu<E: bf16|f16|f32>[M, N, K](a: E[M, K], w: E[K, N] grad f32, b: E[N] grad f32) -> (y: E[M, N]) {
  save h = E(dot[K](a, w) + b)
  y = gelu(h)
}
gemel.op @linear_residual<E: bf16|f16|f32>[M, N, K](a: E[M, K], w: E[K, N], r: E[M, N]) -> (y: E[M, N]) {
  y = dot[K](a, w) + r
}
gemel.check @linear {
  case M = 5, N = 37, K = 67
  case M = 1, N = 1, K = 1
  case M = 9, N = 131, K = 40
  case M = 3, N = 1024, K = 7
  tol bf16 ulp 64
  must repeat batch tile vendor
}
gemel.check @linear_bias {
  case M = 3, N = 33, K = 50
  case M = 17, N = 1024, K = 5
  tol bf16 ulp 64
  must repeat batch tile vendor
}
gemel.check @linear_gelu {
  case M = 6, N = 45, K = 31
  case M = 17, N = 1024, K = 5
  must repeat batch tile vendor
}
gemel.check @linear_residual {
  case M = 4, N = 70, K = 20
  case M = 3, N = 128, K = 20
  tol bf16 ulp 64
  must repeat batch tile vendor
}
