// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an i64 that meets an f32 is converted with one rounding, not through f64.
gemel.op @f[N](i: i64[N], x: f32[N]) -> (y: f32[N], z: f32[N]) {
  y = i + x
  z = i * 1.0
}
gemel.check @f {
  case N = 8
    given i = [
      9007199254740993, -9223372036854775808, 9223372036854775807, 16777217,
      1152921573326323713, 1152921573326323712, 1152921710765277184, -1152921573326323713]
    given x = [0xC061E71A, 0x3E2BD056, 0xC1488E5D, 0xBE84DAE8, 0xBE1EFE3B, 0x3EE4C48F, 0xC0421777, 0x411C51E6]
    expect y = [0x5A000000, 0xDF000000, 0x5F000000, 0x4B800000, 0x5D800001, 0x5D800000, 0x5D800002, 0xDD800001]
    expect z = [0x5A000000, 0xDF000000, 0x5F000000, 0x4B800000, 0x5D800001, 0x5D800000, 0x5D800002, 0xDD800001]
  must repeat batch tile vendor
}
