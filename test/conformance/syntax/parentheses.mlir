// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// parentheses change the grouping.
gemel.op @f[N](a: f32[N], b: f32[N], c: f32[N]) -> (y: f32[N], z: f32[N], u: f32[N], w: f32[N]) {
  y = a - (b - c)
  z = a / (b / c)
  u = (a + b) * c
  w = ((((a)))) * (((b) + c))
}
gemel.check @f {
  case N = 8
    given a = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    given b = [0xC13E9C9D, 0xBE41AB37, 0xC0F1567D, 0x4029CEE7, 0xC0AFECD0, 0xC136EC9A, 0xC126716C, 0x3F988881]
    given c = [0x3F586D64, 0x3ED39D30, 0xBF7381DA, 0x3E7E5BC4, 0x409EC7B3, 0x4003A5DD, 0x40B39DE6, 0xBF1DCA0D]
    expect y = [0x414ED4EB, 0xC0B0A7E3, 0xC0E6F658, 0xC01047AF, 0x40EF0F44, 0x4175AAD8, 0x418D8FF2, 0xC0B65D0A]
    expect z = [0xBC43B61E, 0x415616C4, 0xBFDEEAB4, 0x3C66D170, 0x402CA607, 0xBEABC09C, 0xBF680020, 0x4000CBF8]
    expect u = [0xC11EDEB4, 0xC026F711, 0x41A27703, 0x3F3249D5, 0xC2286FFE, 0xC19D74C3, 0xC243DA38, 0x3FD4F309]
    expect w = [0xBFEE7732, 0xBFAFB26B, 0x42EA8BC3, 0x3EDF8FCD, 0x3FCCFAE0, 0xC18BD850, 0xC100B691, 0xC00F41EC]
  must repeat batch tile vendor
}
