// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// i32 div by 0 is 0.
gemel.op @f[N](x: i32[N], z: i32[N]) -> (y: i32[N]) {
  y = div(x, z)
}
gemel.check @f {
  case N = 5
    given x = [7, -7, 0, 2147483647, -2147483648]
    given z = [0, 0, 0, 0, 0]
    expect y = [0, 0, 0, 0, 0]
  must repeat batch tile vendor
}
