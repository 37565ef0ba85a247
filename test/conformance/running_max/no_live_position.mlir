// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a row with no live position ends with m = -inf and z = 0, not NaN.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 2](s)
  z = sum[L: blocks 2](exp(s - m))
}
gemel.check @f {
  case L = 4
    given s = [-inf, -inf, -inf, -inf]
    expect m = -inf
    expect z = 0x00000000
  case L = 1
    given s = [-inf]
    expect m = -inf
    expect z = 0x00000000
  case L = 5
    given s = [-inf, -inf, -inf, -inf, -inf]
    expect m = -inf
    expect z = 0x00000000
  must repeat batch tile vendor
}
