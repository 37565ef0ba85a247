// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an op on scalars maps over all axes of its argument.
gemel.op @swish(x: f32) -> (y: f32) {
  y = x * sigmoid(x)
}
gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[A, B]) {
  y = swish(x)
}
gemel.check @f {
  case A = 3, B = 4
    given x = [
      0xBE24C6D8, 0x3F6B0908, 0xBFCDB178, 0x4057328F, 0x3FE88C5B, 0xBFEA2F30, 0xBF560D0A, 0x3EDC4192,
      0x3E2EE705, 0x3F62E821, 0xC13FA0DC, 0x40CFA359]
    expect y = [
      0xBD978C3B, 0x3F27F82B, 0xBE8968FD, 0x404FFD9B, 0x3FC80885, 0xBE818AA0, 0xBE816FAC, 0x3E857510,
      0x3DBDCD9C, 0x3F20AE5F, 0xB89DF350, 0x40CF52A6]
  must repeat batch tile vendor
}
