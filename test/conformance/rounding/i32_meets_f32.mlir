// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an i32 that meets an f32 is converted to nearest even.
gemel.op @f[N](i: i32[N], x: f32[N]) -> (y: f32[N], z: f32[N], c: i1[N]) {
  y = i + x
  z = i * 1.0
  c = i == 16777216.0
}
gemel.check @f {
  case N = 8
    given i = [16777217, 16777219, -16777217, 2147483647, -2147483648, 2147483583, 2147483584, 33554435]
    given x = [0xC061E71A, 0x3E2BD056, 0xC1488E5D, 0xBE84DAE8, 0xBE1EFE3B, 0x3EE4C48F, 0xC0421777, 0x411C51E6]
    expect y = [0x4B7FFFFC, 0x4B800002, 0xCB800006, 0x4F000000, 0xCF000000, 0x4EFFFFFF, 0x4F000000, 0x4C000003]
    expect z = [0x4B800000, 0x4B800002, 0xCB800000, 0x4F000000, 0xCF000000, 0x4EFFFFFF, 0x4F000000, 0x4C000001]
    expect c = [true, false, false, false, false, false, false, false]
  must repeat batch tile vendor
}
