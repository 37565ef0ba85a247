// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a result may have axes that its expression lacks: it is broadcast.
gemel.op @f[A, B](u: f32[A]) -> (y: f32[A, B], z: f32[B, A], c: f32[B]) {
  y = u
  z = u * 2.0
  c = 1.5
}
gemel.check @f {
  case A = 3, B = 2
    given u = [0xC0F96F20, 0xC0A9CBEE, 0xC1078532]
    expect y = [0xC0F96F20, 0xC0F96F20, 0xC0A9CBEE, 0xC0A9CBEE, 0xC1078532, 0xC1078532]
    expect z = [0xC1796F20, 0xC129CBEE, 0xC1878532, 0xC1796F20, 0xC129CBEE, 0xC1878532]
    expect c = [0x3FC00000, 0x3FC00000]
  must repeat batch tile vendor
}
