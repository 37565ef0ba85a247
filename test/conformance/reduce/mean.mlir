// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mean is the sum in the default order divided by f32(size), not multiplied by a
// reciprocal; of an empty axis it is NaN.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = mean[N](x)
}
gemel.check @f {
  case N = 0
    given x = []
    expect y = nan
  case N = 1
    given x = [0x40400000]
    expect y = 0x40400000
  case N = 2
    given x = [0x80000000, 0x80000000]
    expect y = 0x80000000
  case N = 5
    given x = [0x3E02A9E0, 0xC112773A, 0xC0FD9AB9, 0xC15FFC73, 0x3F07F036]
    expect y = 0xC0C2AFBF
  case N = 7
    given x = [0xBFD4AF70, 0xBF3E8DB8, 0x401AA18D, 0xBFD0D759, 0xBF322824, 0xC0352B0F, 0xBE440E98]
    expect y = 0xBF434672
  case N = 33
    given x = [
      0x415D76F6, 0xBF4D68AC, 0xBFA383CB, 0x3F13C2A3, 0x3F07C94E, 0xBF254175, 0xBEC2206F, 0xBE0D4F35,
      0x3F5988D5, 0xBF12DF76, 0x40800CE5, 0x3E714B98, 0x3EB7736C, 0x3E3F69CF, 0xBE27FE0F, 0xC11D414D,
      0x417D4387, 0x417043C1, 0x3E5CB0F0, 0xBF64E535, 0xC0C5CBCC, 0x3E739795, 0xC02906E1, 0x400F97BE,
      0x3F187D2C, 0xC13230D9, 0xBE40CA62, 0x3E56A711, 0x3E9D9D1F, 0x3FB734E5, 0xBFD25B53, 0xBE2DC35B,
      0xBFA90B8C]
    expect y = 0x3F10F1F0
  must repeat batch tile vendor
}
