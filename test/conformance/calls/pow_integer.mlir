// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// pow(x, n) with an int literal multiplies by squaring, of negative bases too; the power 0
// is 1.
gemel.op @f[N](x: f32[N]) -> (y0: f32[N], y1: f32[N], y2: f32[N], y3: f32[N], y4: f32[N], y5: f32[N], y8: f32[N]) {
  y0 = pow(x, 0)
  y1 = pow(x, 1)
  y2 = pow(x, 2)
  y3 = pow(x, 3)
  y4 = pow(x, 4)
  y5 = pow(x, 5)
  y8 = pow(x, 8)
}
gemel.check @f {
  case N = 6
    given x = [0x3EE8E19A, 0x4042F04A, 0xBF57F6D7, 0x40E390FC, 0xC0B9EED1, 0x3F1EBC9D]
    expect y0 = [0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000]
    expect y1 = [0x3EE8E19A, 0x4042F04A, 0xBF57F6D7, 0x40E390FC, 0xC0B9EED1, 0x3F1EBC9D]
    expect y2 = [0x3E53D9AE, 0x41147112, 0x3F36308B, 0x424A4A71, 0x42070B09, 0x3EC4DABA]
    expect y3 = [0x3DC0B7F7, 0x41E21209, 0xBF19B270, 0x43B3D293, 0xC34429E8, 0x3E742010]
    expect y4 = [0x3D2F508E, 0x42AC25DE, 0x3F01A90F, 0x451FD990, 0x448E7948, 0x3E175FA8]
    expect y5 = [0x3C9F7B80, 0x43831647, 0xBEDAC402, 0x468E1872, 0xC5CEF51C, 0x3DBBB922]
    expect y8 = [0x3AF01E77, 0x45E785D0, 0x3E8357A2, 0x4AC79FF4, 0x499E958B, 0x3CB303F8]
  must repeat batch tile vendor
}
