// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// with distinct indices put is a permutation, and inverts at.
gemel.op @f[T, A](x: f32[T], i: i32[T]) -> (y: f32[A], z: f32[T]) {
  y = put[T](x, A = i)
  z = at(put[T](x, A = i), A = i)
}
gemel.check @f {
  case T = 5, A = 5
    given x = [0xBF6328EA, 0x3E60CEF9, 0x3E8E3AE9, 0xBE5CBC14, 0x40013653]
    given i = [3, 0, 4, 1, 2]
    expect y = [0x3E60CEF9, 0xBE5CBC14, 0x40013653, 0xBF6328EA, 0x3E8E3AE9]
    expect z = [0xBF6328EA, 0x3E60CEF9, 0x3E8E3AE9, 0xBE5CBC14, 0x40013653]
  must repeat batch tile vendor
}
