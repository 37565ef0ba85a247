// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// comparisons bind tighter than not, looser than + and -.
gemel.op @f[N](a: f32[N], b: f32[N], c: f32[N]) -> (y: i1[N], z: i1[N], u: i1[N], v: i1[N]) {
  y = not a < b
  z = a + b < c and b > c
  u = a < b + c or a > c
  v = not a == a
}
gemel.check @f {
  case N = 8
    given a = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    given b = [0xC13E9C9D, 0xBE41AB37, 0xC0F1567D, 0x4029CEE7, 0xC0AFECD0, 0xC136EC9A, 0xC126716C, 0x3F988881]
    given c = [0x3F586D64, 0x3ED39D30, 0xBF7381DA, 0x3E7E5BC4, 0x409EC7B3, 0x4003A5DD, 0x40B39DE6, 0xBF1DCA0D]
    expect y = [true, false, false, false, true, true, true, false]
    expect z = [false, false, false, false, false, false, false, true]
    expect u = [false, true, true, true, true, false, false, true]
    expect v = [false, false, false, false, false, false, false, false]
  must repeat batch tile vendor
}
