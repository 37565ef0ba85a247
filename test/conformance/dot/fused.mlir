// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// each step rounds once: the product is not rounded on its own, so the error of a square
// shows, and what overflows alone does not overflow in the chain.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {
  y = dot[K](a, b)
}
gemel.check @f {
  case K = 2
    given a = [0xBF800000, 0x3F800800]
    given b = [0x3F801000, 0x3F800800]
    expect y = 0x33800000
  case K = 2
    given a = [0xFF000000, 0x5F800000]
    given b = [0x3FC00000, 0x5F800000]
    expect y = 0x7E800000
  case K = 3
    given a = [0x3F800000, 0x33800000, 0x33800000]
    given b = [0x3F800000, 0x3F800000, 0x3F800000]
    expect y = 0x3F800000
  case K = 3
    given a = [0x33800000, 0x33800000, 0x3F800000]
    given b = [0x3F800000, 0x3F800000, 0x3F800000]
    expect y = 0x3F800001
  must repeat batch tile
}
