// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an integer literal takes its partner's type: with i64 it may exceed i32, and the sum does
// not wrap at 32 bits.
gemel.op @f[N](b: i64[N]) -> (y: i64[N], z: i64[N], w: i64[N]) {
  y = b + 4000000000
  z = b * 2147483647
  w = -3000000000 + b
}
gemel.check @f {
  case N = 4
    given b = [1, -1, 8589934592, -8589934592]
    expect y = [4000000001, 3999999999, 12589934592, -4589934592]
    expect z = [2147483647, -2147483647, -8589934592, 8589934592]
    expect w = [-2999999999, -3000000001, 5589934592, -11589934592]
  must repeat batch tile vendor
}
