// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// reading bf16 widens exactly, subnormals and NaN included; storing it again is the same
// value.
gemel.op @f[N](x: bf16[N]) -> (y: f32[N], z: bf16[N], w: f32[N]) {
  y = x
  z = x
  w = x * 1.5
}
gemel.check @f {
  case N = 11
    given x = [0x0001, 0x8001, 0x007F, 0x0080, 0x3F80, 0xBF81, 0x7F7F, 0x8000, inf, -inf, nan]
    expect y = [
      0x00010000, 0x80010000, 0x007F0000, 0x00800000, 0x3F800000, 0xBF810000, 0x7F7F0000, 0x80000000,
      inf, -inf, nan]
    expect z = [0x0001, 0x8001, 0x007F, 0x0080, 0x3F80, 0xBF81, 0x7F7F, 0x8000, inf, -inf, nan]
    expect w = [
      0x00018000, 0x80018000, 0x00BE8000, 0x00C00000, 0x3FC00000, 0xBFC18000, inf, 0x80000000,
      inf, -inf, nan]
  must repeat batch tile vendor
}
