// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// stop(x) is x.
gemel.op @f[N](a: f32[N], b: f32[N]) -> (y: f32[N], z: f32[N]) {
  y = stop(a) * b + stop(stop(a * b))
  z = stop(a)
}
gemel.check @f {
  case N = 8
    given a = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    given b = [0xC13E9C9D, 0xBE41AB37, 0xC0F1567D, 0x4029CEE7, 0xC0AFECD0, 0xC136EC9A, 0xC126716C, 0x3F988881]
    expect y = [0xC0805727, 0x40143A46, 0x435046FA, 0x3F4C6C74, 0x420374E2, 0xC22A86BA, 0xC20BC6B8, 0xC1145EBF]
    expect z = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
  must repeat batch tile vendor
}
