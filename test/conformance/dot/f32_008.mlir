// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 operands, 8 terms: one ascending chain of fused multiply-adds.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {
  y = dot[K](a, b)
}
gemel.check @f {
  case K = 8
    given a = [0xC0CB9C77, 0x4062018A, 0xBF3A8335, 0x3E8C1C35, 0x40A41305, 0x40208E9D, 0xBF03309E, 0xBEB9D208]
    given b = [0xC00298CF, 0x402CAAC0, 0xC0F7A1D0, 0x3FE83B3A, 0xC0A4EF35, 0x3EDE4576, 0x3FDD6C6E, 0xBF7F403F]
    expect y = 0x40321ACD
  must repeat batch tile
}
