// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// serial and blocks run over several axes as one, row-major: a block may cross a row's end.
gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[], z: f32[], u: f32[]) {
  y = sum[A, B: serial](x)
  z = sum[A, B: blocks 4](x)
  u = sum[B, A: blocks 4](x)
}
gemel.check @f {
  case A = 3, B = 5
    given x = [
      0xBFBE5A8E, 0x414E1DFC, 0xC110EC51, 0xBF138A9C, 0xC15607A4, 0xBED07846, 0xBEA8C640, 0x3FB172BC,
      0x414C1C8A, 0xC04D909C, 0x3E7EFE55, 0x3E7C9662, 0x4098D4A0, 0xC0836E53, 0xBF5F2141]
    expect y = 0xBF906E4C
    expect z = 0xBF906E44
    expect u = 0xBF906E60
  must repeat batch tile vendor
}
