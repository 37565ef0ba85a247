// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f16 operands accumulate in f32, ascending: nothing overflows or rounds at f16's range
// inside.
gemel.op @f[M, N, K](a: f16[M, K], b: f16[K, N]) -> (y: f32[M, N]) {
  y = dot[K](a, b)
}
gemel.check @f {
  case M = 3, N = 2, K = 5
    given a = [
      0xC7DE, 0xB1C8, 0x4B7A, 0xC29D, 0xC82A, 0x3B3C, 0xB68D, 0x370E, 0x4A1F, 0xC8F5, 0x40E0, 0x3794,
      0xC928, 0x37E4, 0x3B89]
    given b = [0x36D7, 0xBD64, 0x3480, 0x3E38, 0xB58E, 0xBD37, 0x3856, 0x456E, 0xB065, 0xBB42]
    expect y = [0xC1140F16, 0xC19C92D4, 0x4101D719, 0x4292122F, 0x409C9624, 0x414B81BC]
  case M = 1, N = 1, K = 2
    given a = [0x7B53, 0x7B53]
    given b = [0x4000, 0xC000]
    expect y = [0x00000000]
  case M = 1, N = 1, K = 2
    given a = [0x0001, 0x0001]
    given b = [0x0001, 0x3C00]
    expect y = [0x33800000]
  must repeat batch tile
}
