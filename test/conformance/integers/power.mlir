// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// pow of an i32 with an int literal multiplies, and wraps.
gemel.op @f[N](x: i32[N]) -> (y0: i32[N], y1: i32[N], y2: i32[N], y3: i32[N], y7: i32[N], y13: i32[N]) {
  y0 = pow(x, 0)
  y1 = pow(x, 1)
  y2 = pow(x, 2)
  y3 = pow(x, 3)
  y7 = pow(x, 7)
  y13 = pow(x, 13)
}
gemel.check @f {
  case N = 8
    given x = [0, 1, -1, 2, -3, 10, 65537, -2147483648]
    expect y0 = [1, 1, 1, 1, 1, 1, 1, 1]
    expect y1 = [0, 1, -1, 2, -3, 10, 65537, -2147483648]
    expect y2 = [0, 1, 1, 4, 9, 100, 131073, 0]
    expect y3 = [0, 1, -1, 8, -27, 1000, 196609, 0]
    expect y7 = [0, 1, -1, 128, -2187, 10000000, 458753, 0]
    expect y13 = [0, 1, -1, 8192, -1594323, 1316134912, 851969, 0]
  must repeat batch tile vendor
}
