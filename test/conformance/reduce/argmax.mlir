// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// argmax is the first position of the largest value; NaN is the largest; the first NaN
// counts.
gemel.op @f[N](x: f32[N]) -> (y: i32[]) {
  y = argmax[N](x)
}
gemel.check @f {
  case N = 1
    given x = [0x40A00000]
    expect y = 0
  case N = 4
    given x = [0x3F800000, 0x40400000, 0x40400000, 0x40000000]
    expect y = 1
  case N = 2
    given x = [-inf, -inf]
    expect y = 0
  case N = 3
    given x = [0x3F800000, nan, inf]
    expect y = 1
  case N = 5
    given x = [inf, 0x3F800000, nan, 0x40000000, nan]
    expect y = 2
  case N = 6
    given x = [0xC0400000, 0xC0000000, 0xC0000000, 0xC1100000, 0xC0000000, 0xC0800000]
    expect y = 1
  case N = 9
    given x = [
      0x3F800000, 0x40000000, 0x40400000, 0x40800000, 0x40A00000, 0x40C00000, 0x40E00000, 0x41000000,
      0x41000000]
    expect y = 7
  case N = 3
    given x = [0x00000001, 0x00000000, 0xBF800000]
    expect y = 0
  must repeat batch tile vendor
}
