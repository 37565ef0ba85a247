// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 operands, 17 terms: one ascending chain of fused multiply-adds.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {
  y = dot[K](a, b)
}
gemel.check @f {
  case K = 17
    given a = [
      0x408D2BD6, 0x4019475B, 0xC0D4A815, 0xBF4D03C8, 0xBFFBC38A, 0x3F7CAD4D, 0x3FB18760, 0x3FE2A2A0,
      0xC06AB66F, 0xBF8B9727, 0x405F858D, 0x3F680EB4, 0x40F62F5B, 0xC0EE4849, 0xBE8718AF, 0x4083D4E7,
      0xC057FCCB]
    given b = [
      0x40DCBBEB, 0x3EB12440, 0x3F21DE5A, 0xBF16D5F0, 0xC0B8C8E4, 0xBEB1D197, 0xBFF657D1, 0xC0636DC5,
      0x40F208A0, 0x3FCF8C64, 0x3E8BB217, 0xC05F82E3, 0x3F1C0343, 0xC00EC828, 0xBEE6D143, 0x3F6CD760,
      0x40BAFA7B]
    expect y = 0x4058100F
  must repeat batch tile
}
