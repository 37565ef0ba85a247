// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// after the assignment a narrow inout is read unrounded; memory gets the value rounded.
gemel.op @f[N](inout p: bf16[N], g: f32[N]) -> (a: f32[N], b: f32[N]) {
  a = p
  p = p + g
  b = p
}
gemel.check @f {
  case N = 6
    given p = [0x40C6, 0x3EEA, 0xBEC2, 0xBE0C, 0x3E5F, 0xC10F]
    given g = [0xBEC1ABBE, 0xBE2EC31E, 0xC163D3BC, 0xBFE09DC1, 0xC0BD0940, 0x3EA6D7AB]
    expect a = [0x40C60000, 0x3EEA0000, 0xBEC20000, 0xBE0C0000, 0x3E5F0000, 0xC10F0000]
    expect p = [0x40BA, 0x3E93, 0xC16A, 0xBFF2, 0xC0B6, 0xC10A]
    expect b = [0x40B9E544, 0x3E929E71, 0xC169E3BC, 0xBFF21DC1, 0xC0B61140, 0xC109C943]
  must repeat batch tile vendor
}
