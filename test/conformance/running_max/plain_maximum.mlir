// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// max without blocks is the plain form: the sum reads the final maximum.
gemel.op @f[L](s: f32[L]) -> (z: f32[]) {
  m = max[L](s)
  z = sum[L](exp(s - m))
}
gemel.check @f {
  case L = 9
    given s = [
      0xC03AB6DB, 0xC0C613C9, 0x4091252A, 0xBF2C556D, 0x3F085DC9, 0x3E9476C2, 0x3FE4F150, 0xC0F52415,
      0xC0E2CE22]
    expect z = 0x3F8D27B7
  must repeat batch tile vendor
}
