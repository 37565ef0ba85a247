// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Addition rounds once to nearest, ties to even.
gemel.op @f[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
  y = x + z
}
gemel.check @f {
  case N = 9
    given x = [
      0x3F800000, 0x3F800001, 0xBF800000, 0x3F800000, 0x3F800000, 0x4B800000, 0x4B800000, 0x7F7FFFFF,
      0x7F7FFFFF]
    given z = [
      0x33800000, 0x33800000, 0xB3800000, 0x33800001, 0x33000000, 0x3F800000, 0x40400000, 0x73000000,
      0x72800000]
    expect y = [
      0x3F800000, 0x3F800002, 0xBF800000, 0x3F800001, 0x3F800000, 0x4B800000, 0x4B800002, inf,
      0x7F7FFFFF]
  must repeat batch tile vendor
}
