// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the factor under a cast is rounded before it enters the dot.
gemel.op @f[T, L, V](s: f32[T, L], v: bf16[L, V]) -> (o: f32[T, V]) {
  m = max[L: blocks 4](s)
  o = dot[L: blocks 4](bf16(exp(s - m)), v)
}
gemel.check @f {
  case T = 2, L = 7, V = 2
    given s = [
      0x3F000000, 0x40400000, 0xBF800000, 0x3FA00000, 0x40400000, 0x40000000, 0x3E000000, 0x3F000000,
      0x3F800000, 0xBF800000, 0x3FA00000, 0x43960000, 0x43958000, 0x4395C000]
    given v = [
      0xC0F7, 0xBEBF, 0xBF8F, 0x3E56, 0xBE1E, 0x3FF9, 0xBF81, 0x4147, 0xC110, 0x3FA7, 0xBE50, 0xC173,
      0x4163, 0xBE57]
    expect o = [0xC1233ED2, 0xBFF43390, 0xBEF81000, 0xC08CC568]
  must repeat batch tile
}
