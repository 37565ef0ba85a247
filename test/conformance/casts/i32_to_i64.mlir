// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// i64(i) keeps the value and its sign; what follows is 64-bit.
gemel.op @f[N](i: i32[N]) -> (y: i64[N], z: i64[N]) {
  y = i64(i)
  z = i64(i) * 4
}
gemel.check @f {
  case N = 12
    given i = [
      0, 1, -1, 16777217, 16777218, 16777219, -16777219, 2147483647,
      -2147483648, 2147483583, 2147483584, 2147483585]
    expect y = [
      0, 1, -1, 16777217,
      16777218, 16777219, -16777219, 2147483647,
      -2147483648, 2147483583, 2147483584, 2147483585]
    expect z = [
      0, 4, -4, 67108868,
      67108872, 67108876, -67108876, 8589934588,
      -8589934592, 8589934332, 8589934336, 8589934340]
  must repeat batch tile vendor
}
