// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the default order over 33 terms: neighbours are added, an odd last one passes up.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.check @f {
  case N = 33
    given x = [
      0x3F4F60F6, 0x3E31005A, 0xC17CAD5C, 0xC0E4A5F4, 0xBF7FE591, 0x4028754F, 0xC0E034D6, 0x3E0EF5B0,
      0xBE8D9856, 0x3F3023F3, 0xC118225B, 0x415D2E2D, 0xBE1881EE, 0xC0FB9C6F, 0xBEDCF9FE, 0x40BF18D8,
      0xBE1262EB, 0x3E957D7B, 0x3E49A932, 0xBE4E564A, 0x4147AF39, 0x3EA6C475, 0x3E226378, 0xC0FDF0EC,
      0xBFE421C6, 0x415E3801, 0x40AADD92, 0xBF1A8F4A, 0xC0034CA8, 0xBFD6C946, 0x3FD9F911, 0xBFE85FA3,
      0x3F719090]
    expect y = 0xC0BA2126
  must repeat batch tile vendor
}
