// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// i32 mod floors for every combination of signs.
gemel.op @f[N](x: i32[N], z: i32[N]) -> (y: i32[N]) {
  y = mod(x, z)
}
gemel.check @f {
  case N = 14
    given x = [
      7, 7, -7, -7, 6, 6, -6, -6,
      1, 1, -1, -1, 0, 0]
    given z = [
      3, -3, 3, -3, 3, -3, 3, -3,
      3, -3, 3, -3, 3, -3]
    expect y = [
      1, -2, 2, -1, 0, 0, 0, 0,
      1, -2, 2, -1, 0, 0]
  must repeat batch tile vendor
}
