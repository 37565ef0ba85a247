// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// i32 div at the ends of the range and by -1.
gemel.op @f[N](x: i32[N], z: i32[N]) -> (y: i32[N]) {
  y = div(x, z)
}
gemel.check @f {
  case N = 12
    given x = [
      2147483647, 2147483647, -2147483648, -2147483648, -2147483648, -2147483648, 2147483647, 5,
      -5, -5, -2147483648, 9]
    given z = [
      -1, 2, 2, 3, 1, 2147483647, -2147483648, -2147483648,
      -2147483648, 2147483647, -2147483648, -1]
    expect y = [
      -2147483647, 1073741823, -1073741824, -715827883, -2147483648, -2, -1, -1,
      0, -1, 1, -9]
  must repeat batch tile vendor
}
