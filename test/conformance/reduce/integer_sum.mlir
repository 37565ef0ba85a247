// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// integer sums wrap; empty 0.
gemel.op @f[N](x: i32[N], z: i64[N]) -> (y: i32[], w: i64[]) {
  y = sum[N](x)
  w = sum[N](z)
}
gemel.check @f {
  case N = 0
    given x = []
    given z = []
    expect y = 0
    expect w = 0
  case N = 2
    given x = [2147483647, 1]
    given z = [2147483647, 1]
    expect y = -2147483648
    expect w = 2147483648
  case N = 3
    given x = [-2147483648, -1, 5]
    given z = [-2147483648, -1, 5]
    expect y = -2147483644
    expect w = -2147483644
  case N = 3
    given x = [-1, 2, 0]
    given z = [9223372036854775807, 2, 4611686018427387904]
    expect y = 1
    expect w = -4611686018427387903
  must repeat batch tile vendor
}
