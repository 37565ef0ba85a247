// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a read before the assignment sees the launch's value, one after it the assigned value.
gemel.op @f[N](inout p: f32[N], g: f32[N]) -> (a: f32[N], b: f32[N]) {
  a = p * 2.0
  p = p - g
  b = p * 2.0
}
gemel.check @f {
  case N = 6
    given p = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    given g = [0xBEC1ABBE, 0xBE2EC31E, 0xC163D3BC, 0xBFE09DC1, 0xC0BD0940, 0x3EA6D7AB]
    expect p = [0x40D24346, 0x3F2073AE, 0x415DC48D, 0x3FCF10D2, 0x40C3FDA7, 0xC114AAD5]
    expect a = [0x4146288A, 0x3F6985CE, 0xBF41E5D3, 0xBE8C6779, 0x3EDE8CE1, 0xC18F7418]
    expect b = [0x41524346, 0x3FA073AE, 0x41DDC48D, 0x404F10D2, 0x4143FDA7, 0xC194AAD5]
  must repeat batch tile vendor
}
