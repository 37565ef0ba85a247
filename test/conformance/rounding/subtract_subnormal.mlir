// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// subtract: subnormal operands and results are kept, never flushed.
gemel.op @f[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
  y = x - z
}
gemel.check @f {
  case N = 12
    given x = [
      0x00800000, 0x00000001, 0x00000001, 0x00000003, 0x00800000, 0x00000001, 0x00800000, 0x007FFFFF,
      0x1A000000, 0x1A000000, 0x00800001, 0x00000001]
    given z = [
      0x80000001, 0x00000001, 0x3F000000, 0x3F000000, 0x3F000000, 0x4B000000, 0x40000000, 0x00000001,
      0x1A800000, 0x1A000000, 0x00800000, 0x7F7FFFFF]
    expect y = [
      0x00800001, 0x00000000, 0xBF000000, 0xBF000000, 0xBF000000, 0xCB000000, 0xC0000000, 0x007FFFFE,
      0x9A000000, 0x00000000, 0x00000001, 0xFF7FFFFF]
  must repeat batch tile vendor
}
