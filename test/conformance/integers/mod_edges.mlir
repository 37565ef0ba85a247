// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// i32 mod at the ends of the range and by -1.
gemel.op @f[N](x: i32[N], z: i32[N]) -> (y: i32[N]) {
  y = mod(x, z)
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
      0, 1, 0, 1, 0, 2147483646, -1, -2147483643,
      -5, 2147483642, 0, 0]
  must repeat batch tile vendor
}
