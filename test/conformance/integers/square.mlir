// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// sq of an integer wraps.
gemel.op @f[N](x: i32[N]) -> (y: i32[N]) {
  y = sq(x)
}
gemel.check @f {
  case N = 4
    given x = [46341, -65536, -2147483648, -7]
    expect y = [-2147479015, 0, 0, 49]
  must repeat batch tile vendor
}
