// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// where selects: the branch not taken leaves no trace, though it is NaN or inf.
gemel.op @f[N](c: i1[N], x: f32[N], z: f32[N]) -> (y: f32[N]) {
  y = where(c, x, 1.0 / z)
}
gemel.check @f {
  case N = 4
    given c = [true, false, true, false]
    given x = [0x3FC00000, nan, 0x80000000, inf]
    given z = [0x00000000, 0x40000000, nan, 0x40800000]
    expect y = [0x3FC00000, 0x3F000000, 0x80000000, 0x3E800000]
  must repeat batch tile vendor
}
