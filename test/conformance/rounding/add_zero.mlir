// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// x + 0.0 turns -0 into +0; x - 0.0 and x + (-0.0) are x.
gemel.op @f[N](x: f32[N]) -> (y: f32[N], z: f32[N], u: f32[N]) {
  y = x + 0.0
  z = x - 0.0
  u = x + (-0.0)
}
gemel.check @f {
  case N = 16
    given x = [
      0x00000000, 0x80000000, inf, -inf, nan, 0x3F800000, 0xBF800000, 0x00000001,
      0x80000001, 0x7F7FFFFF, 0xFF7FFFFF, 0x3EFF701E, 0xC1200084, 0xBE2E20E6, 0x4003EFC4, 0xC13DEE62]
    expect y = [
      0x00000000, 0x00000000, inf, -inf, nan, 0x3F800000, 0xBF800000, 0x00000001,
      0x80000001, 0x7F7FFFFF, 0xFF7FFFFF, 0x3EFF701E, 0xC1200084, 0xBE2E20E6, 0x4003EFC4, 0xC13DEE62]
    expect z = [
      0x00000000, 0x80000000, inf, -inf, nan, 0x3F800000, 0xBF800000, 0x00000001,
      0x80000001, 0x7F7FFFFF, 0xFF7FFFFF, 0x3EFF701E, 0xC1200084, 0xBE2E20E6, 0x4003EFC4, 0xC13DEE62]
    expect u = [
      0x00000000, 0x80000000, inf, -inf, nan, 0x3F800000, 0xBF800000, 0x00000001,
      0x80000001, 0x7F7FFFFF, 0xFF7FFFFF, 0x3EFF701E, 0xC1200084, 0xBE2E20E6, 0x4003EFC4, 0xC13DEE62]
  must repeat batch tile vendor
}
