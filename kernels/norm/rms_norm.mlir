// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RMSNorm: y[t, d] = x[t, d] * r[t] * w[d], r[t] = 1 / sqrt(mean_d x^2 + eps).
//
// x: activations. w: weights. eps: keeps the root finite. f32 inside, one
// rounding at the border. Exact: the same bits on every target. Saves r.
// Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019.

gemel.op @rms_norm<E: bf16|f16|f32>[T, D](x: E[T, D], w: E[D], eps: f32 = 1.0e-6) -> (y: E[T, D]) {
  save r = rsqrt(mean[D](sq(x)) + eps)
  y = x * r * w
}
gemel.check @rms_norm {
  case T = 5, D = 77
  case T = 17, D = 1024
  case T = 9, D = 2048
  case T = 9, D = 4096
  case T = 3, D = 4608
  case T = 3, D = 1000
  case T = 130, D = 40
  case T = 1, D = 1
  must repeat batch tile vendor
}
