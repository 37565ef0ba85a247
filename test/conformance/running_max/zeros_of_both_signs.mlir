// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -0 and +0 as maxima of successive blocks are equal: c is 1; the maximum is +0.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 2](s)
  z = sum[L: blocks 2](exp(s - m))
}
gemel.check @f {
  case L = 4
    given s = [0x80000000, 0xBF800000, 0x00000000, 0xC0000000]
    expect m = 0x00000000
    expect z = 0x402034AC
  case L = 4
    given s = [0x00000000, 0xBF800000, 0x80000000, 0xC0000000]
    expect m = 0x00000000
    expect z = 0x402034AC
  case L = 3
    given s = [0x80000000, 0x80000000, 0x80000000]
    expect m = 0x80000000
    expect z = 0x40400000
  must repeat batch tile vendor
}
