// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a block that is -inf after a live one adds 0 and leaves the sum.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 2](s)
  z = sum[L: blocks 2](exp(s - m))
}
gemel.check @f {
  case L = 4
    given s = [0x3F800000, 0x40000000, -inf, -inf]
    expect m = 0x40000000
    expect z = 0x3FAF16AC
  case L = 7
    given s = [0x40000000, 0x3F800000, -inf, -inf, 0x40400000, -inf, -inf]
    expect m = 0x40400000
    expect z = 0x3FC06957
  must repeat batch tile vendor
}
