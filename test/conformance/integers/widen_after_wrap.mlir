// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// i32 arithmetic wraps before its result meets an i64.
gemel.op @f[N](a: i32[N], b: i64[N]) -> (y: i64[N], z: i64[N]) {
  y = (a + 1) + 0 * b
  z = a + (1 + 0 * b)
}
gemel.check @f {
  case N = 4
    given a = [2147483647, -2147483648, 1, -1]
    given b = [1, -1, 8589934592, -8589934592]
    expect y = [-2147483648, -2147483647, 2, 0]
    expect z = [2147483648, -2147483647, 2, 0]
  must repeat batch tile vendor
}
