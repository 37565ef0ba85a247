// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a negative int power of a power of two is exact; of 0 it is inf.
gemel.op @f[N](x: f32[N]) -> (y1: f32[N], y2: f32[N], y3: f32[N]) {
  y1 = pow(x, -1)
  y2 = pow(x, -2)
  y3 = pow(x, -3)
}
gemel.check @f {
  case N = 6
    given x = [0x3F800000, 0x40000000, 0xC0000000, 0x3F000000, 0xC0800000, 0x00000000]
    expect y1 = [0x3F800000, 0x3F000000, 0xBF000000, 0x40000000, 0xBE800000, inf]
    expect y2 = [0x3F800000, 0x3E800000, 0x3E800000, 0x40800000, 0x3D800000, inf]
    expect y3 = [0x3F800000, 0x3E000000, 0xBE000000, 0x41000000, 0xBC800000, inf]
  must repeat batch tile vendor
}
