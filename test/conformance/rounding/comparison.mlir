// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// comparisons with NaN are false, <> is true; -0 equals +0; subnormals are not 0.
gemel.op @f[N](x: f32[N], z: f32[N]) -> (lt: i1[N], le: i1[N], gt: i1[N], ge: i1[N], eq: i1[N], ne: i1[N]) {
  lt = x < z  le = x <= z  gt = x > z  ge = x >= z
  eq = x == z  ne = x <> z
}
gemel.check @f {
  case N = 66
    given x = [
      0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
      0x00000000, 0x00000000, 0x00000000, 0x80000000, 0x80000000, 0x80000000, 0x80000000, 0x80000000,
      0x80000000, 0x80000000, 0x80000000, 0x80000000, 0x80000000, 0x80000000, inf, inf,
      inf, inf, inf, inf, inf, inf, inf, inf,
      inf, -inf, -inf, -inf, -inf, -inf, -inf, -inf,
      -inf, -inf, -inf, -inf, nan, nan, nan, nan,
      nan, nan, nan, nan, nan, nan, nan, 0x3F800000,
      0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000,
      0x3F800000, 0x3F800000]
    given z = [
      0x00000000, 0x80000000, inf, -inf, nan, 0x3F800000, 0xBF800000, 0x00000001,
      0x80000001, 0x7F7FFFFF, 0xFF7FFFFF, 0x00000000, 0x80000000, inf, -inf, nan,
      0x3F800000, 0xBF800000, 0x00000001, 0x80000001, 0x7F7FFFFF, 0xFF7FFFFF, 0x00000000, 0x80000000,
      inf, -inf, nan, 0x3F800000, 0xBF800000, 0x00000001, 0x80000001, 0x7F7FFFFF,
      0xFF7FFFFF, 0x00000000, 0x80000000, inf, -inf, nan, 0x3F800000, 0xBF800000,
      0x00000001, 0x80000001, 0x7F7FFFFF, 0xFF7FFFFF, 0x00000000, 0x80000000, inf, -inf,
      nan, 0x3F800000, 0xBF800000, 0x00000001, 0x80000001, 0x7F7FFFFF, 0xFF7FFFFF, 0x00000000,
      0x80000000, inf, -inf, nan, 0x3F800000, 0xBF800000, 0x00000001, 0x80000001,
      0x7F7FFFFF, 0xFF7FFFFF]
    expect lt = [
      false, false, true, false, false, true, false, true, false, true, false, false,
      false, true, false, false, true, false, true, false, true, false, false, false,
      false, false, false, false, false, false, false, false, false, true, true, true,
      false, false, true, true, true, true, true, true, false, false, false, false,
      false, false, false, false, false, false, false, false, false, true, false, false,
      false, false, false, false, true, false]
    expect le = [
      true, true, true, false, false, true, false, true, false, true, false, true,
      true, true, false, false, true, false, true, false, true, false, false, false,
      true, false, false, false, false, false, false, false, false, true, true, true,
      true, false, true, true, true, true, true, true, false, false, false, false,
      false, false, false, false, false, false, false, false, false, true, false, false,
      true, false, false, false, true, false]
    expect gt = [
      false, false, false, true, false, false, true, false, true, false, true, false,
      false, false, true, false, false, true, false, true, false, true, true, true,
      false, true, false, true, true, true, true, true, true, false, false, false,
      false, false, false, false, false, false, false, false, false, false, false, false,
      false, false, false, false, false, false, false, true, true, false, true, false,
      false, true, true, true, false, true]
    expect ge = [
      true, true, false, true, false, false, true, false, true, false, true, true,
      true, false, true, false, false, true, false, true, false, true, true, true,
      true, true, false, true, true, true, true, true, true, false, false, false,
      true, false, false, false, false, false, false, false, false, false, false, false,
      false, false, false, false, false, false, false, true, true, false, true, false,
      true, true, true, true, false, true]
    expect eq = [
      true, true, false, false, false, false, false, false, false, false, false, true,
      true, false, false, false, false, false, false, false, false, false, false, false,
      true, false, false, false, false, false, false, false, false, false, false, false,
      true, false, false, false, false, false, false, false, false, false, false, false,
      false, false, false, false, false, false, false, false, false, false, false, false,
      true, false, false, false, false, false]
    expect ne = [
      false, false, true, true, true, true, true, true, true, true, true, false,
      false, true, true, true, true, true, true, true, true, true, true, true,
      false, true, true, true, true, true, true, true, true, true, true, true,
      false, true, true, true, true, true, true, true, true, true, true, true,
      true, true, true, true, true, true, true, true, true, true, true, true,
      false, true, true, true, true, true]
  must repeat batch tile vendor
}
