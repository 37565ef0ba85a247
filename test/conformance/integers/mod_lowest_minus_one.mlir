// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mod of the lowest value by -1 is 0, and does not trap.
gemel.op @f[N](x: i32[N]) -> (y: i32[N], z: i32[N]) {
  y = mod(x, -1)
  z = mod(x, x)
}
gemel.check @f {
  case N = 4
    given x = [-2147483648, -2147483647, 0, 2147483647]
    expect y = [0, 0, 0, 0]
    expect z = [0, 0, 0, 0]
  must repeat batch tile vendor
}
