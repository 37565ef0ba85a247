// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 to bf16 rounds to nearest even, over the range's end to inf, subnormals kept; stored,
// and cast in the body.
gemel.op @f[N](x: f32[N]) -> (y: bf16[N], z: bf16[N], w: f32[N]) {
  y = x
  z = bf16(x)
  w = bf16(x)
}
gemel.check @f {
  case N = 15
    given x = [
      0x3F808000, 0x3F818000, 0x3F807FFF, 0x3F808001, 0xBF808000, 0xBF818000, 0x3F80C000, 0x3FFF8000,
      0x3FFF7FFF, 0x40490FDB, 0x7F7F7FFF, 0x7F7F8000, 0x7F7FFFFF, 0xFF7F8000, 0x7F7F0000]
    expect y = [
      0x3F80, 0x3F82, 0x3F80, 0x3F81, 0xBF80, 0xBF82, 0x3F81, 0x4000, 0x3FFF, 0x4049, 0x7F7F, inf,
      inf, -inf, 0x7F7F]
    expect z = [
      0x3F80, 0x3F82, 0x3F80, 0x3F81, 0xBF80, 0xBF82, 0x3F81, 0x4000, 0x3FFF, 0x4049, 0x7F7F, inf,
      inf, -inf, 0x7F7F]
    expect w = [
      0x3F800000, 0x3F820000, 0x3F800000, 0x3F810000, 0xBF800000, 0xBF820000, 0x3F810000, 0x40000000,
      0x3FFF0000, 0x40490000, 0x7F7F0000, inf, inf, -inf, 0x7F7F0000]
  must repeat batch tile vendor
}
