// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// max over an axis: NaN wins, +0 > -0; empty it is -inf, so positions outside the axis
// never show.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = max[N](x)
}
gemel.check @f {
  case N = 0
    given x = []
    expect y = -inf
  case N = 1
    given x = [-inf]
    expect y = -inf
  case N = 1
    given x = [inf]
    expect y = inf
  case N = 3
    given x = [0x3F800000, 0x40400000, 0x40000000]
    expect y = 0x40400000
  case N = 2
    given x = [0x80000000, 0x00000000]
    expect y = 0x00000000
  case N = 2
    given x = [0x00000000, 0x80000000]
    expect y = 0x00000000
  case N = 2
    given x = [0x80000000, 0x80000000]
    expect y = 0x80000000
  case N = 3
    given x = [0x3F800000, nan, 0x40000000]
    expect y = nan
  case N = 2
    given x = [inf, nan]
    expect y = nan
  case N = 2
    given x = [nan, -inf]
    expect y = nan
  case N = 3
    given x = [-inf, -inf, -inf]
    expect y = -inf
  case N = 5
    given x = [0xC0A00000, 0xC0E00000, 0xC0C00000, 0xC1000000, 0xC0B00000]
    expect y = 0xC0A00000
  must repeat batch tile vendor
}
