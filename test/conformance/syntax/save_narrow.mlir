// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// save of a cast: the cast is the rounding point, save adds none.
gemel.op @f[N](a: f32[N], b: f32[N]) -> (y: f32[N], z: bf16[N]) {
  save t = bf16(a * b)
  save u = a * b
  y = t + u
  z = u
}
gemel.check @f {
  case N = 8
    given a = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    given b = [0xC13E9C9D, 0xBE41AB37, 0xC0F1567D, 0x4029CEE7, 0xC0AFECD0, 0xC136EC9A, 0xC126716C, 0x3F988881]
    expect y = [0xC0802B94, 0x40141D23, 0x4350237D, 0x3F4C363A, 0x42033A71, 0xC22AC35D, 0xC20BE35C, 0xC1142F60]
    expect z = [0xC000, 0x3F94, 0x42D0, 0x3ECC, 0x4183, 0xC1AB, 0xC18C, 0xC094]
  must repeat batch tile vendor
}
