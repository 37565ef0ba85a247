// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// of integers an index outside gives 0: i32, i64 and u8.
gemel.op @f[A, T](x: i32[A], z: i64[A], w: u8[A], i: i32[T]) -> (y: i32[T], u: i64[T], v: i32[T]) {
  y = at(x, A = i)
  u = at(z, A = i)
  v = at(w, A = i) + 1
}
gemel.check @f {
  case A = 5, T = 8
    given x = [7, -8, 9, -2147483648, 2147483647]
    given z = [
      7340032, -8388608, 9437184, -2251799813685248,
      2251799812636672]
    given w = [0xFA, 0x01, 0x02, 0x03, 0xFF]
    given i = [0, 4, 5, -1, 2, 2147483647, -2147483648, 2]
    expect y = [7, 2147483647, 0, 0, 9, 0, 0, 9]
    expect u = [
      7340032, 2251799812636672, 0, 0,
      9437184, 0, 0, 9437184]
    expect v = [251, 256, 1, 1, 3, 1, 1, 3]
  must repeat batch tile vendor
}
