// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a NaN stays NaN in bf16 whatever its payload, and does not become inf; inf stays inf.
gemel.op @f[N](x: f32[N]) -> (y: bf16[N], w: f32[N]) {
  y = x
  w = bf16(x)
}
gemel.check @f {
  case N = 8
    given x = [inf, -inf, nan, nan, nan, nan, nan, nan]
    expect y = [inf, -inf, nan, nan, nan, nan, nan, nan]
    expect w = [inf, -inf, nan, nan, nan, nan, nan, nan]
  must repeat batch tile vendor
}
