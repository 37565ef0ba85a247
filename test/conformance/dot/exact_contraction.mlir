// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// sum(a * w) is exact class: rounded products in the default order, never a chain of fused
// multiply-adds.
gemel.op @f[K](a: f32[K], w: f32[K]) -> (y: f32[]) {
  y = sum[K](a * w)
}
gemel.check @f {
  case K = 9
    given a = [
      0x40F1AB4B, 0xC0D1036C, 0xBF8B3208, 0x4031D954, 0xBFE777CB, 0x3F5CAF17, 0xBEA899CF, 0xC05065D4,
      0x3F0CD736]
    given w = [
      0x3F163B71, 0x40D04B7D, 0xBF543722, 0xC03DCEB5, 0xC08542A4, 0xBF650603, 0xC0C6EF31, 0xBF48E5E8,
      0x3EECD5CC]
    expect y = 0xC2073B10
  must repeat batch tile vendor
}
