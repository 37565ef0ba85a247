// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// grad x = ... overrides a derivative and changes no bits of the results.
gemel.op @f[N](a: f32[N], b: f32[N]) -> (y: f32[N]) {
  save t = a * b
  y = t * t
  grad a = d(y) * t
}
gemel.check @f {
  case N = 8
    given a = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    given b = [0xC13E9C9D, 0xBE41AB37, 0xC0F1567D, 0x4029CEE7, 0xC0AFECD0, 0xC136EC9A, 0xC126716C, 0x3F988881]
    expect y = [0x4080AE89, 0x3FABA6DC, 0x4629736A, 0x3E233D07, 0x438701A9, 0x43E32E6C, 0x4398A2CC, 0x41ABFB60]
  must repeat batch tile vendor
}
