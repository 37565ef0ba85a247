// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// where(c, a, 0) of a narrow operand is narrow: a masked position adds a zero.
gemel.op @f[M, N, K](a: bf16[M, K], b: bf16[K, N], c: i1[K]) -> (y: f32[M, N]) {
  y = dot[K](where(c, a, 0), b)
}
gemel.check @f {
  case M = 3, N = 2, K = 5
    given a = [
      0xC0FC, 0xBE39, 0x416F, 0xC054, 0xC105, 0x3F67, 0xBED2, 0x3EE2, 0x4144, 0xC11F, 0x401C, 0x3EF3,
      0xC125, 0x3EFC, 0x3F71]
    given b = [0x3EDB, 0xBFAD, 0x3E90, 0x3FC7, 0xBEB2, 0xBFA7, 0x3F0B, 0x40AE, 0xBE0D, 0xBF68]
    given c = [true, false, true, true, false]
    expect y = [0xC125C300, 0xC1D6DB00, 0x40DC48B0, 0x4281A0B8, 0x409CA440, 0x414D6200]
  must repeat batch tile
}
