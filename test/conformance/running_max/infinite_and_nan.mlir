// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// +inf minus itself is NaN, as the text gives; a NaN wins the maximum.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 2](s)
  z = sum[L: blocks 2](exp(s - m))
}
gemel.check @f {
  case L = 4
    given s = [0x3F800000, inf, 0x40000000, 0x40400000]
    expect m = inf
    expect z = nan
  case L = 4
    given s = [0x3F800000, 0x40000000, 0x40400000, inf]
    expect m = inf
    expect z = nan
  case L = 4
    given s = [0x3F800000, nan, 0x40000000, 0x40400000]
    expect m = nan
    expect z = nan
  case L = 4
    given s = [0x3F800000, 0x40000000, nan, -inf]
    expect m = nan
    expect z = nan
  must repeat batch tile vendor
}
