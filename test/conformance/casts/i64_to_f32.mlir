// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32(l) of an i64 rounds once to nearest even, not through f64.
gemel.op @f[N](l: i64[N]) -> (y: f32[N]) {
  y = f32(l)
}
gemel.check @f {
  case N = 12
    given l = [
      0, -1, 16777217, 16777219,
      9223372036854775807, -9223372036854775808, 1152921573326323713, 1152921573326323712,
      1152921573326323711, -1152921573326323713, 1099511627777, 4611686293305294849]
    expect y = [
      0x00000000, 0xBF800000, 0x4B800000, 0x4B800002, 0x5F000000, 0xDF000000, 0x5D800001, 0x5D800000,
      0x5D800000, 0xDD800001, 0x53800000, 0x5E800001]
  must repeat batch tile vendor
}
