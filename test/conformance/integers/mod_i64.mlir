// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// i64 mod floors; by 0 it is 0.
gemel.op @f[N](x: i64[N], z: i64[N]) -> (y: i64[N]) {
  y = mod(x, z)
}
gemel.check @f {
  case N = 9
    given x = [
      7, -7, -9223372036854775808, 9223372036854775807,
      9223372036854775807, -1099511627777, -1, 5,
      -9223372036854775808]
    given z = [
      -3, 3, 3, -1,
      4294967296, 1048576, 9223372036854775807, 0,
      0]
    expect y = [
      -2, 2, 1, 0,
      4294967295, 1048575, 9223372036854775806, 0,
      0]
  must repeat batch tile vendor
}
