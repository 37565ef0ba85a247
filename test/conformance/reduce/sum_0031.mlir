// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the default order over 31 terms: neighbours are added, an odd last one passes up.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.check @f {
  case N = 31
    given x = [
      0x408FDFE1, 0xC0AE6604, 0x3FBA0132, 0x402F3967, 0x406DEF22, 0xBF26A9EB, 0x3FA7AD3D, 0xBFC5523D,
      0x41313C68, 0x3ED8AE89, 0xC0F7E8AA, 0xBE0FDF34, 0xBE38A059, 0xBF8C1B7A, 0x3F3DF8BE, 0x401772FE,
      0x3ECB7029, 0xC1359CD5, 0xC061CDE7, 0x405A45DC, 0xBE3862C5, 0xBF65BA7E, 0xC12EB8B0, 0xC12FD428,
      0x3E4DBC75, 0xBE4E9B8C, 0x4127F971, 0x3ECEAE8A, 0x3F6740B7, 0x40E78101, 0x3F950C73]
    expect y = 0xC0157E0C
  must repeat batch tile vendor
}
