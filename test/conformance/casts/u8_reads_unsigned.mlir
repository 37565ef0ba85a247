// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// reading u8 widens to i32 without a sign.
gemel.op @f[N](x: u8[N]) -> (y: i32[N], z: i32[N], w: f32[N], u: u8[N]) {
  y = x + 0
  z = x - 256
  w = x * 0.5
  u = x
}
gemel.check @f {
  case N = 6
    given x = [0x00, 0x01, 0x7F, 0x80, 0xC8, 0xFF]
    expect y = [0, 1, 127, 128, 200, 255]
    expect z = [-256, -255, -129, -128, -56, -1]
    expect w = [0x00000000, 0x3F000000, 0x427E0000, 0x42800000, 0x42C80000, 0x42FF0000]
    expect u = [0x00, 0x01, 0x7F, 0x80, 0xC8, 0xFF]
  must repeat batch tile vendor
}
