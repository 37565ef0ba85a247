// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// dot in blocks: each block is a chain from +0, the last may be short, and block results
// are one ascending chain of additions.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {
  y = dot[K: blocks 1](a, b)
}
gemel.check @f {
  case K = 5
    given a = [0xC0630E32, 0x3F0E30E2, 0x3EB75ADF, 0x403F732C, 0xBFB8BF67]
    given b = [0xBF460E99, 0xC09CC103, 0xBED0D35B, 0x3FBF52B8, 0xBE852401]
    expect y = 0x40972EE6
  must repeat batch tile
}
