// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// pow(x, y) of an f32 power is exp(y * log(x)).
gemel.op @f[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
  y = pow(x, z)
}
gemel.check @f {
  case N = 6
    given x = [0x3EE8E19A, 0x4042F04A, 0x3F57F6D7, 0x40E390FC, 0x40B9EED1, 0x3F1EBC9D]
    given z = [0x402D33B2, 0x411FD323, 0xC0F3A766, 0xBEB6A1AF, 0x3F2A8DB6, 0xBFA7D7AB]
    expect y = [0x3DF2E4B5, 0x47849EE2, 0x4069A42D, 0x3EFE5107, 0x404EAFDE, 0x3FEF8A8A]
  must repeat batch tile vendor
}
