// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// u8(x) in the body is a rounding point; its value is an i32, so arithmetic on it does not
// wrap at 256.
gemel.op @f[N](x: f32[N]) -> (y: i32[N], z: i32[N]) {
  y = u8(x) + 1
  z = u8(x) * 1000 - 1
}
gemel.check @f {
  case N = 15
    given x = [
      0x00000000, 0x3F7FFFFF, 0x3F800000, 0x437E8000, 0x437F0000, 0x437FFFFF, 0x43800000, 0x43960000,
      0xBF000000, 0xBF800000, 0xC3960000, inf, -inf, nan, 0x53800000]
    expect y = [
      1, 1, 2, 255, 256, 256, 256, 256,
      1, 1, 1, 256, 1, 1, 256]
    expect z = [
      -1, -1, 999, 253999, 254999, 254999, 254999, 254999,
      -1, -1, -1, 254999, -1, -1, 254999]
  must repeat batch tile vendor
}
