// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// dot in blocks: each block is a chain from +0, the last may be short, and block results
// are one ascending chain of additions.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {
  y = dot[K: blocks 4](a, b)
}
gemel.check @f {
  case K = 10
    given a = [
      0x3FDD6123, 0x3EA42CE7, 0xC031421E, 0x4038EF16, 0x3F0D2A2C, 0xC0367379, 0x3FB0291F, 0x40A92753,
      0xC0680257, 0x3F8D6837]
    given b = [
      0xBFD40C63, 0xBFF14B47, 0x3EFBAAF5, 0x40479B4F, 0xBED34DCA, 0xC0F61713, 0xBF48BBB2, 0xBF1C45FC,
      0x3EB34E3F, 0xC063FFD2]
    expect y = 0x4182ED87
  must repeat batch tile
}
