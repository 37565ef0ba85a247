// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// inf, nan and their negatives are values.
gemel.op @f[N](a: f32[N]) -> (y: f32[N], z: f32[N], u: f32[N], v: i32[N]) {
  y = where(a > 0.0, inf, -inf)
  z = nan
  u = a * inf
  v = where(a == inf, 1, 0)
}
gemel.check @f {
  case N = 4
    given a = [0x3F800000, 0xBF800000, 0x00000000, inf]
    expect y = [inf, -inf, -inf, inf]
    expect z = [nan, nan, nan, nan]
    expect u = [inf, -inf, nan, inf]
    expect v = [0, 0, 0, 1]
  must repeat batch tile vendor
}
