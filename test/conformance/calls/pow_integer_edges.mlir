// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// powers of zeros, infinities and subnormals are those of the products; the power 0 of any
// number is 1.
gemel.op @f[N](x: f32[N]) -> (y0: f32[N], y1: f32[N], y2: f32[N], y3: f32[N]) {
  y0 = pow(x, 0)
  y1 = pow(x, 1)
  y2 = pow(x, 2)
  y3 = pow(x, 3)
}
gemel.check @f {
  case N = 6
    given x = [0x00000000, 0x80000000, inf, -inf, 0x00000001, 0xBF800000]
    expect y0 = [0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000]
    expect y1 = [0x00000000, 0x80000000, inf, -inf, 0x00000001, 0xBF800000]
    expect y2 = [0x00000000, 0x00000000, inf, inf, 0x00000000, 0x3F800000]
    expect y3 = [0x00000000, 0x80000000, inf, -inf, 0x00000000, 0xBF800000]
  must repeat batch tile vendor
}
