// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Multiplication rounds once to nearest, even on ties.
gemel.op @f[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
  y = x * z
}
gemel.check @f {
  case N = 7
    given x = [0x3F800001, 0x3F800003, 0x3F800001, 0x3F802001, 0x7F7FFFFF, 0x7F7FFFFF, 0xFF7FFFFF]
    given z = [0x3F800001, 0x3FC00000, 0x3FC00000, 0x40400000, 0x3F800001, 0x40000000, 0x3F000000]
    expect y = [0x3F800002, 0x3FC00004, 0x3FC00002, 0x40403002, inf, inf, 0xFEFFFFFF]
  must repeat batch tile vendor
}
