// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a vector with a matrix, written from either side, is the same chain.
gemel.op @f[K, N](v: f32[K], w: f32[K, N]) -> (y: f32[N], z: f32[N]) {
  y = dot[K](v, w)
  z = dot[K](w, v)
}
gemel.check @f {
  case K = 3, N = 2
    given v = [0x41696B7F, 0x3E9ACB3C, 0xC00D5F4B]
    given w = [0x40F4D15F, 0xBFA1BCBC, 0xBE3F6855, 0x40BA6AC5, 0xC08A0C07, 0xBE0CEE4C]
    expect y = [0x42F22B6E, 0xC182F30C]
    expect z = [0x42F22B6E, 0xC182F30C]
  must repeat batch tile
}
