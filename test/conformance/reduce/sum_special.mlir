// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a sum carries inf and NaN; inf - inf is NaN; subnormals add exactly; overflow follows the
// order.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.check @f {
  case N = 3
    given x = [0x3F800000, inf, 0x40000000]
    expect y = inf
  case N = 3
    given x = [inf, 0x3F800000, -inf]
    expect y = nan
  case N = 3
    given x = [0x3F800000, nan, 0x40000000]
    expect y = nan
  case N = 3
    given x = [0x00000001, 0x00000001, 0x00000001]
    expect y = 0x00000003
  case N = 4
    given x = [0x7F000000, 0xFF000000, 0x7F000000, 0xFF000000]
    expect y = 0x00000000
  case N = 4
    given x = [0x7F000000, 0x7F000000, 0xFF000000, 0xFF000000]
    expect y = nan
  must repeat batch tile vendor
}
