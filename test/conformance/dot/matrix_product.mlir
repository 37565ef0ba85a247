// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// axes of one operand stay: a matrix product.
gemel.op @f[M, N, K](a: f32[M, K], b: f32[K, N]) -> (y: f32[M, N]) {
  y = dot[K](a, b)
}
gemel.check @f {
  case M = 3, N = 2, K = 5
    given a = [
      0xC0FBC3C2, 0xBE3904E6, 0x416F35AA, 0xC053A82E, 0xC10531B9, 0x3F677E58, 0xBED19784, 0x3EE1CB2B,
      0x4143DB64, 0xC11E9AAB, 0x401BF444, 0x3EF28A55, 0xC1250243, 0x3EFC798D, 0x3F711428]
    given b = [
      0x3EDAEAFC, 0xBFAC88E2, 0x3E900619, 0x3FC6F7DB, 0xBEB1CA67, 0xBFA6E5C1, 0x3F0AC942, 0x40ADC211,
      0xBE0CA66D, 0xBF68411F]
    expect y = [0xC1141811, 0xC19C993E, 0x4101DBF2, 0x42921004, 0x409C9E4F, 0x414B8D63]
  case M = 2, N = 0, K = 2
    given a = [0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000]
    given b = []
    expect y = []
  case M = 2, N = 2, K = 0
    given a = []
    given b = []
    expect y = [0x00000000, 0x00000000, 0x00000000, 0x00000000]
  must repeat batch tile
}
