// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an index outside [0, size), on either side, reads nothing and gives NaN.
gemel.op @f[A, T](x: f32[A], i: i32[T]) -> (y: f32[T]) {
  y = at(x, A = i)
}
gemel.check @f {
  case A = 5, T = 8
    given x = [0xBF6328EA, 0x3E60CEF9, 0x3E8E3AE9, 0xBE5CBC14, 0x40013653]
    given i = [0, 4, 5, -1, 2, 2147483647, -2147483648, 2]
    expect y = [0xBF6328EA, 0x40013653, nan, nan, 0x3E8E3AE9, nan, nan, 0x3E8E3AE9]
  must repeat batch tile vendor
}
