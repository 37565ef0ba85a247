// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// dot in blocks: each block is a chain from +0, the last may be short, and block results
// are one ascending chain of additions.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {
  y = dot[K: blocks 4](a, b)
}
gemel.check @f {
  case K = 3
    given a = [0x3E908814, 0x4036868F, 0x3EDC3E23]
    given b = [0xBE916D48, 0xC098ECE6, 0x40B08B56]
    expect y = 0xC135615F
  must repeat batch tile
}
