// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// operands without a common axis make all pairs.
gemel.op @f[A, B](u: f32[A], w: f32[B]) -> (y: f32[A, B], z: f32[B, A]) {
  y = u - w
  z = u - w
}
gemel.check @f {
  case A = 3, B = 4
    given u = [0xC0F96F20, 0xC0A9CBEE, 0xC1078532]
    given w = [0xC0F96F20, 0xC0A9CBEE, 0xC1078532, 0x3F6E0A5B]
    expect y = [
      0x00000000, 0xC01F4664, 0x3F2CDA20, 0xC10B9836, 0x401F4664, 0x00000000, 0x404A7CEC, 0xC0C78D39,
      0xBF2CDA20, 0xC04A7CEC, 0x00000000, 0xC11665D8]
    expect z = [
      0x00000000, 0x401F4664, 0xBF2CDA20, 0xC01F4664, 0x00000000, 0xC04A7CEC, 0x3F2CDA20, 0x404A7CEC,
      0x00000000, 0xC10B9836, 0xC0C78D39, 0xC11665D8]
  must repeat batch tile vendor
}
