// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// prod: serial is one ascending chain.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = prod[N: serial](x)
}
gemel.check @f {
  case N = 1
    given x = [0x3FC9AC66]
    expect y = 0x3FC9AC66
  case N = 3
    given x = [0xBFE9CC7C, 0x3FCFF99C, 0xC06CE750]
    expect y = 0x412FC528
  case N = 6
    given x = [0x40245855, 0xBFBBACCC, 0xC0338446, 0x3F955D89, 0x40739C37, 0x4023CAD8]
    expect y = 0x42F01A4C
  case N = 9
    given x = [
      0xC077C1DD, 0xBF557CB0, 0x3FA0C7FA, 0x407D6277, 0x3F109681, 0x3FE38009, 0xBF03D7A0, 0xBF8BA92B,
      0xBF924F4F]
    expect y = 0xC125A066
  case N = 20
    given x = [
      0xBF400848, 0xBFA06904, 0x3F592E5F, 0x3F57F9C4, 0x3F96DED5, 0x3FBC04EC, 0xBFA15606, 0xBFFC6166,
      0x3FD6A25E, 0x3F394667, 0x4058F974, 0xBF1DC5CC, 0x3FE97D46, 0x404F9212, 0x405AC78C, 0x3F4796A6,
      0x3FD04AFE, 0x403BD4CE, 0x3F5CA533, 0xBFF5D936]
    expect y = 0x4464C702
  must repeat batch tile vendor
}
