// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a decimal literal goes through f64 to f32: two roundings.
gemel.op @f() -> (y0: f32[], y1: f32[], y2: f32[], y3: f32[], y4: f32[], y5: f32[], y6: f32[], y7: f32[], y8: f32[], y9: f32[], y10: f32[], y11: f32[]) {
  y0 = 1.000000059604644775390626
  y1 = 0.1
  y2 = 1.0e-6
  y3 = 16777217.0
  y4 = 3.4028235e38
  y5 = 1.0e-45
  y6 = 1.1754943e-38
  y7 = 0.333333333333333333
  y8 = 1.
  y9 = -2.5
  y10 = 16777219.0
  y11 = 5.9604644775390625e-8
}
gemel.check @f {
  case
    expect y0 = 0x3F800000
    expect y1 = 0x3DCCCCCD
    expect y2 = 0x358637BD
    expect y3 = 0x4B800000
    expect y4 = 0x7F7FFFFF
    expect y5 = 0x00000001
    expect y6 = 0x00800000
    expect y7 = 0x3EAAAAAB
    expect y8 = 0x3F800000
    expect y9 = 0xC0200000
    expect y10 = 0x4B800002
    expect y11 = 0x33800000
  must repeat batch tile vendor
}
