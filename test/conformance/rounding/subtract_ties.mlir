// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Subtraction rounds once to nearest, ties to even.
gemel.op @f[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
  y = x - z
}
gemel.check @f {
  case N = 8
    given x = [0x3F800000, 0x3F800000, 0x3F800001, 0x4B800000, 0x3F800000, 0xBF800000, 0x00000000, 0x80000000]
    given z = [0x33000000, 0x32800000, 0x33800000, 0xBF800000, 0x3F800000, 0xBF800000, 0x00000000, 0x00000000]
    expect y = [0x3F800000, 0x3F800000, 0x3F800000, 0x4B800000, 0x00000000, 0x00000000, 0x00000000, 0x80000000]
  must repeat batch tile vendor
}
