// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a name given before the assignment keeps the launch's value.
gemel.op @f[N](inout p: f32[N], g: f32[N]) -> (a: f32[N]) {
  old = p
  p = g
  a = old
}
gemel.check @f {
  case N = 6
    given p = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    given g = [0xBEC1ABBE, 0xBE2EC31E, 0xC163D3BC, 0xBFE09DC1, 0xC0BD0940, 0x3EA6D7AB]
    expect p = [0xBEC1ABBE, 0xBE2EC31E, 0xC163D3BC, 0xBFE09DC1, 0xC0BD0940, 0x3EA6D7AB]
    expect a = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
  must repeat batch tile vendor
}
