// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// max and min of integers over an axis.
gemel.op @f[N](x: i32[N], z: i64[N]) -> (y: i32[], w: i64[]) {
  y = max[N](x)
  w = min[N](z)
}
gemel.check @f {
  case N = 1
    given x = [-5]
    given z = [-10737418240]
    expect y = -5
    expect w = -10737418240
  case N = 3
    given x = [-2147483648, 2147483647, 0]
    given z = [-4611686018427387904, 4611686016279904256, 0]
    expect y = 2147483647
    expect w = -4611686018427387904
  case N = 3
    given x = [-3, -1, -2]
    given z = [-6442450944, -2147483648, -4294967296]
    expect y = -1
    expect w = -6442450944
  must repeat batch tile vendor
}
