// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the last block may be short; positions outside the axis add nothing.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 4](s)
  z = sum[L: blocks 4](exp(s - m))
}
gemel.check @f {
  case L = 9
    given s = [
      0xBFCE9390, 0x3FF62DAB, 0x40BD80AF, 0x40A291C5, 0xC0005B3F, 0xC0F33CE9, 0x40A65C20, 0x40C9D94C,
      0x40215BC7]
    expect m = 0x40C9D94C
    expect z = 0x4015AAE2
  case L = 7
    given s = [0xBF14257F, 0x3F9D1FAB, 0xBEA62992, 0x3F957396, 0x3FDB3E1C, 0xBF5A4A91, 0x3EC6BD53]
    expect m = 0x3FDB3E1C
    expect z = 0x40313EE0
  case L = 14
    given s = [
      0xBF029C6B, 0xBFA5D383, 0x3F50CBAD, 0x40D738AA, 0x400B07E9, 0x403B083B, 0xBEF8D4FC, 0x401E2F7B,
      0x404803AF, 0xC03A2237, 0xBF017178, 0xBEA75AD7, 0xBF34A3FF, 0x3F5607C9]
    expect m = 0x40D738AA
    expect z = 0x3F8ABBFB
  must repeat batch tile vendor
}
