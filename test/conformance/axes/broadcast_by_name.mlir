// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a missing axis is broadcast by name, not by position: w[B] and w[A] reach different axes
// of a square x.
gemel.op @f[A, B](x: f32[A, B], u: f32[A], w: f32[B]) -> (y: f32[A, B], z: f32[A, B]) {
  y = x * w
  z = x * u
}
gemel.check @f {
  case A = 3, B = 3
    given x = [
      0xC08605CC, 0x3F2BFBBF, 0xC12372F1, 0x3E53B599, 0x40933D74, 0xC14143E9, 0xBF076ABA, 0xBE8DB807,
      0x40B76186]
    given u = [0xC0A9CBEE, 0xC1078532, 0x3F6E0A5B]
    given w = [0xC0F96F20, 0xC0A9CBEE, 0xC1078532]
    expect y = [
      0x420295D1, 0xC0642463, 0x42AD0D4F, 0xBFCE4788, 0xC1C351B8, 0x42CC9EBC, 0x4083F197, 0x3FBBFEC3,
      0xC24227AE]
    expect z = [
      0x41B1C92E, 0xC0642463, 0x4258D22A, 0xBFE025D5, 0xC21BE408, 0x42CC9EBC, 0xBEFBD566, 0xBE83C6D2,
      0x40AA8416]
  must repeat batch tile vendor
}
