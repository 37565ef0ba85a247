// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// where the maximum does not move, c is exactly 1.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 4](s)
  z = sum[L: blocks 4](exp(s - m))
}
gemel.check @f {
  case L = 10
    given s = [
      0x3F800000, 0x40400000, 0x40000000, 0x3F000000, 0x40400000, 0x3F800000, 0x40400000, 0x40000000,
      0x3E800000, 0x40400000]
    expect m = 0x40400000
    expect z = 0x40A4E0CE
  case L = 11
    given s = [
      0x40000000, 0x40000000, 0x40000000, 0x40000000, 0x40000000, 0x40000000, 0x40000000, 0x40000000,
      0x40000000, 0x40000000, 0x40000000]
    expect m = 0x40000000
    expect z = 0x41300000
  case L = 10
    given s = [
      0x40A00000, 0x00000000, 0x00000000, 0x00000000, 0x3F800000, 0x40000000, 0x40400000, 0x40800000,
      0x40A00000, 0x40A00000]
    expect m = 0x40A00000
    expect z = 0x4065DBA6
  must repeat batch tile vendor
}
