// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mod by a literal floors: it is no shift or truncation of a negative value.
gemel.op @f[N](x: i32[N]) -> (y0: i32[N], y1: i32[N], y2: i32[N], y3: i32[N], y4: i32[N]) {
  y0 = mod(x, 8)
  y1 = mod(x, 3)
  y2 = mod(x, -8)
  y3 = mod(x, 1)
  y4 = mod(x, 0)
}
gemel.check @f {
  case N = 9
    given x = [
      -9, -8, -1, 0, 1, 8, 9, -2147483648,
      2147483647]
    expect y0 = [
      7, 0, 7, 0, 1, 0, 1, 0,
      7]
    expect y1 = [
      0, 1, 2, 0, 1, 2, 0, 1,
      1]
    expect y2 = [
      -1, 0, -1, 0, -7, 0, -7, 0,
      -1]
    expect y3 = [
      0, 0, 0, 0, 0, 0, 0, 0,
      0]
    expect y4 = [
      0, 0, 0, 0, 0, 0, 0, 0,
      0]
  must repeat batch tile vendor
}
