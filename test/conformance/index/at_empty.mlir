// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// of an empty axis every index is outside.
gemel.op @f[A, T](x: f32[A], z: i32[A], i: i32[T]) -> (y: f32[T], w: i32[T]) {
  y = at(x, A = i)
  w = at(z, A = i)
}
gemel.check @f {
  case A = 0, T = 3
    given x = []
    given z = []
    given i = [0, -1, 1]
    expect y = [nan, nan, nan]
    expect w = [0, 0, 0]
  case A = 2, T = 0
    given x = [0x3F800000, 0x40000000]
    given z = [1, 2]
    given i = []
    expect y = []
    expect w = []
  must repeat batch tile vendor
}
