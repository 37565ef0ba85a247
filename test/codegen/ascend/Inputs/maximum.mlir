// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Maxima of zeros: stored, divided by, and in an exp.
gemel.op @maximum[T, N](x: f32[T, N]) -> (m: f32[T], d: f32[T], e: f32[T, N]) {
  most = max[N](x)
  m = most
  d = 1.0 / most
  e = exp(x - most)
}
gemel.op @exps[T, N](x: f32[T, N]) -> (e: f32[T, N], y: f32[T, N]) {
  e = exp(x - max[N](x))
  y = exp(abs(min[N](x)) * x)
}
gemel.op @logs[T, N](x: f32[T, N]) -> (l: f32[T]) {
  m = max[N](x)
  l = m + log(max[N](exp(x - m)))
}
gemel.check @logs {
  case T = 4, N = 3
    given x = [0x80000000, 0x80000000, 0x80000000, 0x80000000, 0x00000000, 0x80000000, 0xBF800000, 0x80000000, 0xBF800000, 0x00000000, 0x00000000, 0x80000000]
  case T = 5, N = 200
  must repeat batch tile vendor
}
gemel.check @maximum {
  case T = 4, N = 3
    given x = [0x80000000, 0x80000000, 0x80000000, 0x80000000, 0x00000000, 0x80000000, 0xBF800000, 0x80000000, 0xBF800000, 0x00000000, 0x00000000, 0x80000000]
  case T = 5, N = 200
  must repeat batch tile vendor
}
gemel.check @exps {
  case T = 4, N = 3
    given x = [0x80000000, 0x80000000, 0x80000000, 0x80000000, 0x00000000, 0x80000000, 0xBF800000, 0x80000000, 0xBF800000, 0x00000000, 0x00000000, 0x80000000]
  case T = 5, N = 200
  must repeat batch tile vendor
}
