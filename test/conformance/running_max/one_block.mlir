// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// one block: the sum with the block's own maximum.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 8](s)
  z = sum[L: blocks 8](exp(s - m))
}
gemel.check @f {
  case L = 8
    given s = [0x3E95D6DA, 0x3F1175E2, 0x407C309E, 0x3FC83128, 0xBE92A5C9, 0xBF8F94D2, 0xC0345971, 0xBF568DB9]
    expect m = 0x407C309E
    expect z = 0x3F9784AE
  case L = 5
    given s = [0xC0C7C25A, 0xBFFFB5B4, 0x40A30339, 0xC0949C3B, 0x407F5C24]
    expect m = 0x40A30339
    expect z = 0x3FAA8BFD
  case L = 1
    given s = [0xC0113DB9]
    expect m = 0xC0113DB9
    expect z = 0x3F800000
  must repeat batch tile vendor
}
