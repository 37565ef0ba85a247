// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// i32(x) in the middle of an expression truncates there: x - f32(i32(x)) is the fraction.
gemel.op @f[N](x: f32[N]) -> (y: f32[N], z: i32[N]) {
  y = x - i32(x)
  z = i32(x * 2.0)
}
gemel.check @f {
  case N = 4
    given x = [0x3FE00000, 0xBFE00000, 0x3E800000, 0xBE800000]
    expect y = [0x3F400000, 0xBF400000, 0x3E800000, 0xBE800000]
    expect z = [3, -3, 0, 0]
  must repeat batch tile vendor
}
