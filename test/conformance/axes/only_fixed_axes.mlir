// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an op whose axes are all fixed has a case without sizes.
gemel.op @f[D = 4](x: f32[D]) -> (y: f32[D]) {
  y = x + x
}
gemel.check @f {
  case
    given x = [0xC0F96F20, 0xC0A9CBEE, 0xC1078532, 0x3F6E0A5B]
    expect y = [0xC1796F20, 0xC129CBEE, 0xC1878532, 0x3FEE0A5B]
  must repeat batch tile vendor
}
