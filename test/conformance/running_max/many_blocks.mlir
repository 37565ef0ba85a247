// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// many blocks, in ascending order.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 2](s)
  z = sum[L: blocks 2](exp(s - m))
}
gemel.check @f {
  case L = 16
    given s = [
      0x40C33375, 0x3FF2D407, 0x3EB29A03, 0xC067F326, 0x3FC5851A, 0x3F407F82, 0xBF6967D8, 0xBF55CD4B,
      0x3F4C29A7, 0xBE95F670, 0xBF1977F8, 0xC01DB6EB, 0x3EBDD82C, 0xC022098D, 0x3EE9AE2D, 0x3FA382D8]
    expect m = 0x40C33375
    expect z = 0x3F8779CD
  case L = 13
    given s = [
      0xC0B3C57E, 0xC065A78D, 0xC0281C27, 0xC00394BC, 0xBFCD1F2F, 0xBFB27DEA, 0xBEAB75D4, 0x3ECFE495,
      0x3EF0A0D9, 0x3EF3E0F9, 0x3F408230, 0x3FC410A0, 0x40AC5FFD]
    expect m = 0x40AC5FFD
    expect z = 0x3F8787F1
  must repeat batch tile vendor
}
