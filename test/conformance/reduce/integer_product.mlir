// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// integer products wrap; empty 1.
gemel.op @f[N](x: i32[N], z: i64[N]) -> (y: i32[], w: i64[]) {
  y = prod[N](x)
  w = prod[N](z)
}
gemel.check @f {
  case N = 0
    given x = []
    given z = []
    expect y = 1
    expect w = 1
  case N = 2
    given x = [65536, 65537]
    given z = [65536, 65537]
    expect y = 65536
    expect w = 4295032832
  case N = 3
    given x = [-3, 5, 7]
    given z = [-3, 5, 7]
    expect y = -105
    expect w = -105
  case N = 3
    given x = [2147483647, 2147483647, 2147483647]
    given z = [2147483647, 2147483647, 2147483647]
    expect y = 2147483647
    expect w = 4611686024869838847
  must repeat batch tile vendor
}
