// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// maxima far apart: c underflows to a subnormal, then to +0.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 2](s)
  z = sum[L: blocks 2](exp(s - m))
}
gemel.check @f {
  case L = 4
    given s = [0x00000000, 0x3F800000, 0x42B40000, 0x42B60000]
    expect m = 0x42B60000
    expect z = 0x3FAF16AC
  case L = 4
    given s = [0x00000000, 0x3F800000, 0x43480000, 0x43490000]
    expect m = 0x43490000
    expect z = 0x3FAF16AC
  case L = 4
    given s = [0xC47A0000, 0x447A0000, 0x00000000, 0x40A00000]
    expect m = 0x447A0000
    expect z = 0x3F800000
  case L = 4
    given s = [0x43480000, 0x00000000, 0x00000000, 0x3F800000]
    expect m = 0x43480000
    expect z = 0x3F800000
  must repeat batch tile vendor
}
