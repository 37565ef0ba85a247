// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// unary minus of an i32 wraps at the lowest value.
gemel.op @f[N](x: i32[N]) -> (y: i32[N], z: i32[N]) {
  y = -x
  z = 0 - x
}
gemel.check @f {
  case N = 10
    given x = [
      2147483647, -2147483648, 2147483647, -2147483648, 65536, 46341, -65537, 123456789,
      0, -1]
    expect y = [
      -2147483647, -2147483648, -2147483647, -2147483648, -65536, -46341, 65537, -123456789,
      0, 1]
    expect z = [
      -2147483647, -2147483648, -2147483647, -2147483648, -65536, -46341, 65537, -123456789,
      0, 1]
  must repeat batch tile vendor
}
