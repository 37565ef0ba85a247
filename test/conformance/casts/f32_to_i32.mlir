// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 to i32 truncates, saturates, and NaN is 0.
gemel.op @f[N](x: f32[N]) -> (y: i32[N]) {
  y = i32(x)
}
gemel.check @f {
  case N = 26
    given x = [
      0x00000000, 0x80000000, 0x3F7FFFFF, 0xBF7FFFFF, 0x3FC00000, 0xBFC00000, 0x40200000, 0xC0200000,
      0x4AFFFFFF, 0xCAFFFFFF, nan, inf, -inf, 0x00000001, 0x4EFFFFFF, 0x4F000000,
      0x4F000001, 0xCEFFFFFF, 0xCF000000, 0xCF000001, 0x5EFFFFFF, 0x5F000000, 0xDF000000, 0xDF000001,
      0x7F7FFFFF, 0xFF7FFFFF]
    expect y = [
      0, 0, 0, 0, 1, -1, 2, -2,
      8388607, -8388607, 0, 2147483647, -2147483648, 0, 2147483520, 2147483647,
      2147483647, -2147483520, -2147483648, -2147483648, 2147483647, 2147483647, -2147483648, -2147483648,
      2147483647, -2147483648]
  must repeat batch tile vendor
}
