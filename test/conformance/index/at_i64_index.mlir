// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an i64 index is compared whole: 2^32 + 1 is outside, not 1.
gemel.op @f[A, T](x: f32[A], i: i64[T]) -> (y: f32[T]) {
  y = at(x, A = i)
}
gemel.check @f {
  case A = 5, T = 8
    given x = [0xBF6328EA, 0x3E60CEF9, 0x3E8E3AE9, 0xBE5CBC14, 0x40013653]
    given i = [
      0, 4, 4294967296, 4294967297,
      -4294967296, 9223372036854775807, -9223372036854775808, -4294967294]
    expect y = [0xBF6328EA, 0x40013653, nan, nan, nan, nan, nan, nan]
  must repeat batch tile vendor
}
