// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Softmax over N: y = exp(x - max x) / sum exp(x - max x).
//
// quick exp (relative error 2^-16) and a defined reciprocal; the maximum keeps
// every exponent at or below 0. Exact. A row of -inf alone gives NaN.

gemel.op @softmax<E: bf16|f16|f32>[T, N](x: E[T, N]) -> (y: E[T, N]) {
  e = quick(exp)(x - stop(max[N](x)))
  y = e * recip(sum[N](e))
}
gemel.check @softmax {
  case T = 4, N = 129
  case T = 17, N = 1024
  case T = 9, N = 2048
  case T = 9, N = 4096
  case T = 3, N = 4608
  case T = 2, N = 1
  case T = 3, N = 257
  must repeat batch tile vendor
}
