// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a sum and a dot share one running maximum; their quotient is taken after the last block.
gemel.op @f[T, L, V](s: f32[T, L], v: f32[L, V]) -> (o: f32[T, V]) {
  m = max[L: blocks 4](s)
  p = exp(s - m)
  o = dot[L: blocks 4](p, v) / sum[L: blocks 4](p)
}
gemel.check @f {
  case T = 4, L = 7, V = 2
    given s = [
      0x3FF27D06, 0xBF5C768B, 0x3F20143C, 0xC0D2CD44, 0xC0950AFA, 0x40C77973, 0xC024A6C6, -inf,
      -inf, -inf, -inf, 0x3EFD4427, 0x3ECA167C, 0xBED99EA5, -inf, -inf,
      -inf, -inf, -inf, -inf, -inf, 0xC07990E5, 0xC0D13608, 0x3F027D1A,
      0x3ED32AD9, 0x3E96048C, 0x3F0A769E, 0xC0AB84D9]
    given v = [
      0xC0F6BBB8, 0xBEBF1CC0, 0xBF8F37F7, 0x3E5613DF, 0xBE1DBDAA, 0x3FF90E2E, 0xBF80EDA1, 0x41468696,
      0xC11018F5, 0x3FA72149, 0xBE4FB304, 0xC1736905, 0x416329E2, 0xBE56D427]
    expect o = [0xBE986BE2, 0xC16F2263, 0xBFC42515, 0xC0AE4207, nan, nan, 0xC0121928, 0xBEC4BDB4]
  must repeat batch tile
}
