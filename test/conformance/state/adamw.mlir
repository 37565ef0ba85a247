// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an optimiser step: moments read after they are assigned, the parameter before.
gemel.op @adamw[N](inout p: f32[N], inout m: f32[N], inout v: f32[N], g: f32[N],
    lr: f32[], c1: f32[], c2: f32[], b1: f32, b2: f32, eps: f32, decay: f32) -> (q: bf16[N]) {
  m = b1 * m + (1.0 - b1) * g
  v = b2 * v + (1.0 - b2) * sq(g)
  p = p - lr * (m * c1 / (sqrt(v * c2) + eps) + decay * p)
  q = p
}
gemel.check @adamw {
  case N = 6
    given p = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    given m = [0xBF398B6B, 0xBF871459, 0xBE72C857, 0xBE0AA8E8, 0x3EBF22B0, 0x3EC05BE2]
    given v = [0x3E56878D, 0x40BD7EF1, 0x3E98A1CE, 0x3F097516, 0x414A5301, 0x3FB0C3CB]
    given g = [0xBEC1ABBE, 0xBE2EC31E, 0xC163D3BC, 0xBFE09DC1, 0xC0BD0940, 0x3EA6D7AB]
    given lr = 0x3A83126F
    given c1 = 0x41200000
    given c2 = 0x447A0000
    given b1 = 0x3F666666
    given b2 = 0x3F7FBE77
    given eps = 0x322BCC77
    given decay = 0x3C23D70A
    expect p = [0x40C62BF0, 0x3EE995AF, 0xBEC18568, 0xBE0C458E, 0x3E5E923E, 0xC10F7423]
    expect m = [0xBF30AC77, 0xBF77831A, 0xBFD19323, 0xBE983E50, 0xBE826F9A, 0x3EBDCEA9]
    expect v = [0x3E567624, 0x40BD4EAB, 0x3F0024EC, 0x3F0A1BB5, 0x414AAE26, 0x3FB09A06]
    expect q = [0x40C6, 0x3EEA, 0xBEC2, 0xBE0C, 0x3E5F, 0xC10F]
  must repeat batch tile vendor
}
