// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// div by a literal floors: it is no shift or truncation of a negative value.
gemel.op @f[N](x: i32[N]) -> (y0: i32[N], y1: i32[N], y2: i32[N], y3: i32[N], y4: i32[N]) {
  y0 = div(x, 8)
  y1 = div(x, 3)
  y2 = div(x, -8)
  y3 = div(x, 1)
  y4 = div(x, 0)
}
gemel.check @f {
  case N = 9
    given x = [
      -9, -8, -1, 0, 1, 8, 9, -2147483648,
      2147483647]
    expect y0 = [
      -2, -1, -1, 0, 0, 1, 1, -268435456,
      268435455]
    expect y1 = [
      -3, -3, -1, 0, 0, 2, 3, -715827883,
      715827882]
    expect y2 = [
      1, 1, 0, 0, -1, -1, -2, 268435456,
      -268435456]
    expect y3 = [
      -9, -8, -1, 0, 1, 8, 9, -2147483648,
      2147483647]
    expect y4 = [
      0, 0, 0, 0, 0, 0, 0, 0,
      0]
  must repeat batch tile vendor
}
