// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// * and / bind tighter than + and -.
gemel.op @f[N](a: f32[N], b: f32[N], c: f32[N]) -> (y: f32[N], z: f32[N], w: f32[N]) {
  y = a + b * c
  z = a * b - c
  w = a - b / c
}
gemel.check @f {
  case N = 8
    given a = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    given b = [0xC13E9C9D, 0xBE41AB37, 0xC0F1567D, 0x4029CEE7, 0xC0AFECD0, 0xC136EC9A, 0xC126716C, 0x3F988881]
    given c = [0x3F586D64, 0x3ED39D30, 0xBF7381DA, 0x3E7E5BC4, 0x409EC7B3, 0x4003A5DD, 0x40B39DE6, 0xBF1DCA0D]
    expect y = [0xC11E7420, 0xC0C66F6C, 0xC0D44D17, 0x3F4F3E19, 0xC1F22419, 0xC1AD38CB, 0xC262D80E, 0xC09402AF]
    expect z = [0xC0367280, 0x3F3EA5F4, 0x42D22DFE, 0x3E1A7D24, 0x413785EA, 0xC1BAFB76, 0xC1B8AE32, 0xC080A57D]
    expect w = [0x4164284F, 0xC0B54A69, 0xC1ADE530, 0xC1287F14, 0xBFF0C2BD, 0x40ED848E, 0x40621ABA, 0xBFFA8DAA]
  must repeat batch tile vendor
}
