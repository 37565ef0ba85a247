// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 to f16 rounds to nearest even, over the range's end to inf, subnormals kept; stored,
// and cast in the body.
gemel.op @f[N](x: f32[N]) -> (y: f16[N], z: f16[N], w: f32[N]) {
  y = x
  z = f16(x)
  w = f16(x)
}
gemel.check @f {
  case N = 15
    given x = [
      0x3F801000, 0x3F803000, 0x3F800FFF, 0x3F801001, 0xBF801000, 0xBF803000, 0x3FFFF000, 0x477FE000,
      0x477FEFFF, 0x477FF000, 0x47800000, 0xC77FF000, 0xC77FEFFF, 0x7F7FFFFF, 0x40490FDB]
    expect y = [
      0x3C00, 0x3C02, 0x3C00, 0x3C01, 0xBC00, 0xBC02, 0x4000, 0x7BFF, 0x7BFF, inf, inf, -inf,
      0xFBFF, inf, 0x4248]
    expect z = [
      0x3C00, 0x3C02, 0x3C00, 0x3C01, 0xBC00, 0xBC02, 0x4000, 0x7BFF, 0x7BFF, inf, inf, -inf,
      0xFBFF, inf, 0x4248]
    expect w = [
      0x3F800000, 0x3F804000, 0x3F800000, 0x3F802000, 0xBF800000, 0xBF804000, 0x40000000, 0x477FE000,
      0x477FE000, inf, inf, -inf, 0xC77FE000, inf, 0x40490000]
  must repeat batch tile vendor
}
