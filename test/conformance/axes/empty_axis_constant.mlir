// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a result over an empty axis has no elements; one over another axis is still written.
gemel.op @f[A, B](x: f32[A]) -> (y: f32[B], z: f32[A, B], w: f32[A]) {
  y = 2.0
  z = x
  w = x
}
gemel.check @f {
  case A = 0, B = 3
    given x = []
    expect y = [0x40000000, 0x40000000, 0x40000000]
    expect z = []
    expect w = []
  case A = 3, B = 0
    given x = [0x3F800000, 0x3F800000, 0x3F800000]
    expect y = []
    expect z = []
    expect w = [0x3F800000, 0x3F800000, 0x3F800000]
  case A = 1, B = 2
    given x = [0x3F800000]
    expect y = [0x40000000, 0x40000000]
    expect z = [0x3F800000, 0x3F800000]
    expect w = [0x3F800000]
  must repeat batch tile vendor
}
