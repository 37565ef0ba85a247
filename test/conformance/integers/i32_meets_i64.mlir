// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an i32 that meets an i64 widens, with its sign, before the operation.
gemel.op @f[N](a: i32[N], b: i64[N]) -> (y: i64[N], z: i64[N], w: i64[N], u: i64[N], c: i1[N], v: i64[N]) {
  y = a + b
  z = a * b
  w = a - b
  u = div(b, a)
  c = a < b
  v = max(a, b)
}
gemel.check @f {
  case N = 4
    given a = [2147483647, -2147483648, 1, -1]
    given b = [1, -1, 8589934592, -8589934592]
    expect y = [2147483648, -2147483649, 8589934593, -8589934593]
    expect z = [2147483647, 2147483648, 8589934592, 8589934592]
    expect w = [2147483646, -2147483647, -8589934591, 8589934591]
    expect u = [0, 0, 8589934592, 8589934592]
    expect c = [false, true, true, false]
    expect v = [2147483647, -1, 8589934592, -1]
  must repeat batch tile vendor
}
