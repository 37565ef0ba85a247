// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// reading f16 widens exactly, subnormals and NaN included; storing it again is the same
// value.
gemel.op @f[N](x: f16[N]) -> (y: f32[N], z: f16[N], w: f32[N]) {
  y = x
  z = x
  w = x * 1.5
}
gemel.check @f {
  case N = 11
    given x = [0x0001, 0x8001, 0x03FF, 0x0400, 0x3C00, 0xBC01, 0x7BFF, 0x8000, inf, -inf, nan]
    expect y = [
      0x33800000, 0xB3800000, 0x387FC000, 0x38800000, 0x3F800000, 0xBF802000, 0x477FE000, 0x80000000,
      inf, -inf, nan]
    expect z = [0x0001, 0x8001, 0x03FF, 0x0400, 0x3C00, 0xBC01, 0x7BFF, 0x8000, inf, -inf, nan]
    expect w = [
      0x33C00000, 0xB3C00000, 0x38BFD000, 0x38C00000, 0x3FC00000, 0xBFC03000, 0x47BFE800, 0x80000000,
      inf, -inf, nan]
  must repeat batch tile vendor
}
