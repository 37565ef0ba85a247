// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a narrow inout assigned twice is rounded once, at the end.
gemel.op @f[N](inout p: bf16[N], g: f32[N]) -> () {
  p = p + g
  p = p * g
}
gemel.check @f {
  case N = 6
    given p = [0x40C6, 0x3EEA, 0xBEC2, 0xBE0C, 0x3E5F, 0xC10F]
    given g = [0xBEC1ABBE, 0xBE2EC31E, 0xC163D3BC, 0xBFE09DC1, 0xC0BD0940, 0x3EA6D7AB]
    expect p = [0xC00D, 0xBD48, 0x4350, 0x4054, 0x4206, 0xC034]
  must repeat batch tile vendor
}
