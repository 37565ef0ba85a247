// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// with quick(exp) the factor c is quick(exp) too.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 4](s)
  z = sum[L: blocks 4](quick(exp)(s - m))
}
gemel.check @f {
  case L = 8
    given s = [0x3ECBDADF, 0xBF8BC9E1, 0xC015CB73, 0x3EB4A051, 0x3F6D8D73, 0x3FF032CB, 0xBF20A96D, 0xC02E41BA]
    expect m = 0x3FF032CB
    expect z = 0x3FFEDC2F
  case L = 11
    given s = [
      0xC0E3AEF7, 0xBF138F8F, 0xBF89E145, 0xBF76E6E2, 0xBEC7E0F6, 0xBF613F0D, 0xC029DFCB, 0xC0BB2D78,
      0xBEFAFE87, 0x3F256E62, 0xBF383795]
    expect m = 0x3F256E62
    expect z = 0x4037046B
  case L = 8
    given s = [0x00000000, 0x3F800000, 0x40000000, 0x40400000, 0x41F00000, 0x40000000, 0x3F800000, 0x00000000]
    expect m = 0x41F00000
    expect z = 0x3F800000
  must repeat batch tile vendor
}
