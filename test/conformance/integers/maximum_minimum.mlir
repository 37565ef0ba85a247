// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// max and min of integers are signed and exact.
gemel.op @f[N](a: i64[N], b: i64[N]) -> (y: i64[N], z: i64[N], w: i64[N]) {
  y = max(a, b)
  z = min(a, b)
  w = max(a, 0)
}
gemel.check @f {
  case N = 5
    given a = [
      9007199254740992, -1, -9223372036854775808, 5,
      -4294967296]
    given b = [
      9007199254740993, 1, 9223372036854775807, 5,
      0]
    expect y = [
      9007199254740993, 1, 9223372036854775807, 5,
      0]
    expect z = [
      9007199254740992, -1, -9223372036854775808, 5,
      -4294967296]
    expect w = [
      9007199254740992, 0, 0, 5,
      0]
  must repeat batch tile vendor
}
