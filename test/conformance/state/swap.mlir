// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// two inouts exchange their values through a name.
gemel.op @f[N](inout p: f32[N], inout q: f32[N]) -> () {
  t = p
  p = q
  q = t
}
gemel.check @f {
  case N = 6
    given p = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    given q = [0xBEC1ABBE, 0xBE2EC31E, 0xC163D3BC, 0xBFE09DC1, 0xC0BD0940, 0x3EA6D7AB]
    expect p = [0xBEC1ABBE, 0xBE2EC31E, 0xC163D3BC, 0xBFE09DC1, 0xC0BD0940, 0x3EA6D7AB]
    expect q = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
  case N = 0
    given p = []
    given q = []
    expect p = []
    expect q = []
  must repeat batch tile vendor
}
