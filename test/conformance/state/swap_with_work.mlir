// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an exchange with work on either side reads both launch values.
gemel.op @f[N](inout p: f32[N], inout q: f32[N]) -> () {
  a = p + q
  b = p - q
  p = b
  q = a
}
gemel.check @f {
  case N = 6
    given p = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    given q = [0xBEC1ABBE, 0xBE2EC31E, 0xC163D3BC, 0xBFE09DC1, 0xC0BD0940, 0x3EA6D7AB]
    expect p = [0x40D24346, 0x3F2073AE, 0x415DC48D, 0x3FCF10D2, 0x40C3FDA7, 0xC114AAD5]
    expect q = [0x40BA0DCE, 0x3E92243F, 0xC169E2EB, 0xBFF22AB0, 0xC0B614D9, 0xC10A3D5B]
  must repeat batch tile vendor
}
