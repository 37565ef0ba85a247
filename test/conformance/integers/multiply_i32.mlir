// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// i32 multiply wraps.
gemel.op @f[N](x: i32[N], z: i32[N]) -> (y: i32[N]) {
  y = x * z
}
gemel.check @f {
  case N = 10
    given x = [
      2147483647, -2147483648, 2147483647, -2147483648, 65536, 46341, -65537, 123456789,
      0, -1]
    given z = [
      1, -1, 2147483647, -2147483648, 65536, 46341, 65537, 987654321,
      -2147483648, 2147483647]
    expect y = [
      2147483647, -2147483648, 1, 0, 0, -2147479015, -131073, -67153019,
      0, -2147483647]
  must repeat batch tile vendor
}
