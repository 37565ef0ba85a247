// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// several axes are one axis, row-major as written: the order [A, B] is not [B, A], nor one
// axis after the other.
gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[], z: f32[], u: f32[], v: f32[]) {
  y = sum[A, B](x)
  z = sum[B, A](x)
  u = sum[A](sum[B](x))
  v = sum[B](sum[A](x))
}
gemel.check @f {
  case A = 3, B = 5
    given x = [
      0xBFBE5A8E, 0x414E1DFC, 0xC110EC51, 0xBF138A9C, 0xC15607A4, 0xBED07846, 0xBEA8C640, 0x3FB172BC,
      0x414C1C8A, 0xC04D909C, 0x3E7EFE55, 0x3E7C9662, 0x4098D4A0, 0xC0836E53, 0xBF5F2141]
    expect y = 0xBF906E48
    expect z = 0xBF906E58
    expect u = 0xBF906E46
    expect v = 0xBF906E50
  must repeat batch tile vendor
}
