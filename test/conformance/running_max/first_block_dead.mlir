// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a block that is -inf before any live position adds 0: exp(s - m) reads as 0 there, and c
// = exp(-inf) = 0 after.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 2](s)
  z = sum[L: blocks 2](exp(s - m))
}
gemel.check @f {
  case L = 4
    given s = [-inf, -inf, 0x3F800000, 0x40000000]
    expect m = 0x40000000
    expect z = 0x3FAF16AC
  case L = 7
    given s = [-inf, -inf, -inf, -inf, 0x3FC00000, -inf, 0x40400000]
    expect m = 0x40400000
    expect z = 0x3F9C8F88
  must repeat batch tile vendor
}
