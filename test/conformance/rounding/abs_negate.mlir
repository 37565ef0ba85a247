// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// abs clears the sign and unary minus flips it, of zeros, infinities and subnormals too.
gemel.op @f[N](x: f32[N]) -> (y: f32[N], z: f32[N]) {
  y = abs(x)
  z = -x
}
gemel.check @f {
  case N = 16
    given x = [
      0x00000000, 0x80000000, inf, -inf, nan, 0x3F800000, 0xBF800000, 0x00000001,
      0x80000001, 0x7F7FFFFF, 0xFF7FFFFF, 0x3EFF701E, 0xC1200084, 0xBE2E20E6, 0x4003EFC4, 0xC13DEE62]
    expect y = [
      0x00000000, 0x00000000, inf, inf, nan, 0x3F800000, 0x3F800000, 0x00000001,
      0x00000001, 0x7F7FFFFF, 0x7F7FFFFF, 0x3EFF701E, 0x41200084, 0x3E2E20E6, 0x4003EFC4, 0x413DEE62]
    expect z = [
      0x80000000, 0x00000000, -inf, inf, nan, 0xBF800000, 0x3F800000, 0x80000001,
      0x00000001, 0xFF7FFFFF, 0x7F7FFFFF, 0xBEFF701E, 0x41200084, 0x3E2E20E6, 0xC003EFC4, 0x413DEE62]
  must repeat batch tile vendor
}
