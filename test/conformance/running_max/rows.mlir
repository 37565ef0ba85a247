// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// each row has its own running maximum; dead rows and dead blocks stand beside live ones.
gemel.op @f[T, L](s: f32[T, L]) -> (m: f32[T], z: f32[T]) {
  m = max[L: blocks 4](s)
  p = exp(s - m)
  z = sum[L: blocks 4](p)
}
gemel.check @f {
  case T = 4, L = 7
    given s = [
      0x3FF27D06, 0xBF5C768B, 0x3F20143C, 0xC0D2CD44, 0xC0950AFA, 0x40C77973, 0xC024A6C6, -inf,
      -inf, -inf, -inf, 0x3EFD4427, 0x3ECA167C, 0xBED99EA5, -inf, -inf,
      -inf, -inf, -inf, -inf, -inf, 0xC07990E5, 0xC0D13608, 0x3F027D1A,
      0x3ED32AD9, 0x3E96048C, 0x3F0A769E, 0xC0AB84D9]
    expect m = [0x40C77973, 0x3EFD4427, -inf, 0x3F0A769E]
    expect z = [0x3F824483, 0x40136CC9, 0x00000000, 0x406941AA]
  must repeat batch tile vendor
}
