// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an integer literal takes its partner's type: with f32 it is that number in f32, nearest
// even.
gemel.op @f[N](x: f32[N]) -> (y: f32[N], z: f32[N], u: f32[N]) {
  y = x * 3
  z = 1 / x
  u = x + 16777217
}
gemel.check @f {
  case N = 8
    given x = [0xC061E71A, 0x3E2BD056, 0xC1488E5D, 0xBE84DAE8, 0xBE1EFE3B, 0x3EE4C48F, 0xC0421777, 0x411C51E6]
    expect y = [0xC1296D54, 0x3F00DC40, 0xC2166AC6, 0xBF47485C, 0xBEEE7D58, 0x3FAB936B, 0xC1119199, 0x41EA7AD9]
    expect z = [0xBE910DB7, 0x40BEB7D4, 0xBDA362BD, 0xC076A508, 0xC0CE18D6, 0x400F3CA8, 0xBEA8D3D4, 0x3DD19F14]
    expect u = [0x4B7FFFFC, 0x4B800000, 0x4B7FFFF3, 0x4B800000, 0x4B800000, 0x4B800000, 0x4B7FFFFD, 0x4B800005]
  must repeat batch tile vendor
}
