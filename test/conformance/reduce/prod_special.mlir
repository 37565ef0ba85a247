// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a product carries zeros' signs, inf and NaN; underflow follows the order.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = prod[N](x)
}
gemel.check @f {
  case N = 3
    given x = [0x80000000, 0x40000000, 0x40400000]
    expect y = 0x80000000
  case N = 2
    given x = [0x80000000, 0xBF800000]
    expect y = 0x00000000
  case N = 2
    given x = [0x00000000, inf]
    expect y = nan
  case N = 4
    given x = [0x0D800000, 0x0D800000, 0x71800000, 0x71800000]
    expect y = nan
  case N = 4
    given x = [0x0D800000, 0x71800000, 0x0D800000, 0x71800000]
    expect y = 0x3F800000
  must repeat batch tile vendor
}
