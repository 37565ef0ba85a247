// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a cast to a narrow type in an operand rounds it; the accumulation stays f32.
gemel.op @f[M, N, K](a: f32[M, K], b: bf16[K, N]) -> (y: f32[M, N]) {
  y = dot[K](bf16(a), b)
}
gemel.check @f {
  case M = 3, N = 2, K = 5
    given a = [
      0xC0FBC3C2, 0xBE3904E6, 0x416F35AA, 0xC053A82E, 0xC10531B9, 0x3F677E58, 0xBED19784, 0x3EE1CB2B,
      0x4143DB64, 0xC11E9AAB, 0x401BF444, 0x3EF28A55, 0xC1250243, 0x3EFC798D, 0x3F711428]
    given b = [0x3EDB, 0xBFAD, 0x3E90, 0x3FC7, 0xBEB2, 0xBFA7, 0x3F0B, 0x40AE, 0xBE0D, 0xBF68]
    expect y = [0xC11442E0, 0xC19CD63C, 0x41023098, 0x42925D3C, 0x409CC3D8, 0x414B89D0]
  must repeat batch tile
}
