// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// x - x and x / x are not constants.
gemel.op @f[N](x: f32[N]) -> (y: f32[N], z: f32[N], u: f32[N]) {
  y = x - x
  z = x / x
  u = 0.0 / x
}
gemel.check @f {
  case N = 16
    given x = [
      0x00000000, 0x80000000, inf, -inf, nan, 0x3F800000, 0xBF800000, 0x00000001,
      0x80000001, 0x7F7FFFFF, 0xFF7FFFFF, 0x3EFF701E, 0xC1200084, 0xBE2E20E6, 0x4003EFC4, 0xC13DEE62]
    expect y = [
      0x00000000, 0x00000000, nan, nan, nan, 0x00000000, 0x00000000, 0x00000000,
      0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000]
    expect z = [
      nan, nan, nan, nan, nan, 0x3F800000, 0x3F800000, 0x3F800000,
      0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000]
    expect u = [
      nan, nan, 0x00000000, 0x80000000, nan, 0x00000000, 0x80000000, 0x00000000,
      0x80000000, 0x00000000, 0x80000000, 0x00000000, 0x80000000, 0x80000000, 0x00000000, 0x80000000]
  must repeat batch tile vendor
}
