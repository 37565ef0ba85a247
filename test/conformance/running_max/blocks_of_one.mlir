// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// blocks 1: every position is a block.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 1](s)
  z = sum[L: blocks 1](exp(s - m))
}
gemel.check @f {
  case L = 6
    given s = [0xC0660B7A, 0xC0BF1BFE, 0x408A9061, 0xBF616EA2, 0xC076EFEF, 0xC0057363]
    expect m = 0x408A9061
    expect z = 0x3F80FE85
  must repeat batch tile vendor
}
