// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a softmax written with quick(exp), recip and the default order.
gemel.op @softmax[T, N](x: f32[T, N]) -> (y: f32[T, N]) {
  e = quick(exp)(x - stop(max[N](x)))
  y = e * recip(sum[N](e))
}
gemel.check @softmax {
  case T = 2, N = 7
    given x = [
      0x411F8D23, 0x3EEEEFB0, 0x3E2455F3, 0x3E567DA7, 0xBF0049E3, 0x3FC1CD91, 0xBFF79E50, 0xC0A7FC40,
      0xBE5110E8, 0x40E04A5D, 0x3F8926FC, 0xC0B2E4D4, 0x3EDC7E83, 0x404C63DE]
    expect y = [
      0x3F7FE38F, 0x389C1478, 0x3865D428, 0x38715D9B, 0x37ED3129, 0x395E6FCA, 0x36E247C4, 0x369B074C,
      0x3A3C191D, 0x3F795173, 0x3B286608, 0x365C7EA2, 0x3AB17086, 0x3CAFBC70]
  must repeat batch tile vendor
}
