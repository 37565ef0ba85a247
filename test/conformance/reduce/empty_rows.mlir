// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// each row of an empty axis gives the reduction's neutral value, NaN for a mean.
gemel.op @f[A, B](x: f32[A, B]) -> (s: f32[A], p: f32[A], h: f32[A], l: f32[A], m: f32[A]) {
  s = sum[B](x)
  p = prod[B](x)
  h = max[B](x)
  l = min[B](x)
  m = mean[B](x)
}
gemel.check @f {
  case A = 2, B = 0
    given x = []
    expect s = [0x00000000, 0x00000000]
    expect p = [0x3F800000, 0x3F800000]
    expect h = [-inf, -inf]
    expect l = [inf, inf]
    expect m = [nan, nan]
  must repeat batch tile vendor
}
