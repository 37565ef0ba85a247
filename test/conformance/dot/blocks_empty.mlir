// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an empty dot in blocks is +0.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {
  y = dot[K: blocks 4](a, b)
}
gemel.check @f {
  case K = 0
    given a = []
    given b = []
    expect y = 0x00000000
  must repeat batch tile
}
