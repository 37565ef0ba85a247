// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// recip and division, rsqrt and 1 / sqrt, log(exp) are not taken for one another.
gemel.op @f[N](x: f32[N], v: f32[N]) -> (y: f32[N], z: f32[N], u: f32[N], w: f32[N], l: f32[N]) {
  y = recip(x)
  z = 1.0 / x
  u = rsqrt(v)
  w = 1.0 / sqrt(v)
  l = log(exp(x))
}
gemel.check @f {
  case N = 8
    given x = [0xC0B7B22A, 0x3FD5495F, 0xC0FC70A9, 0x3FA13428, 0x3FB91F75, 0x4005AF5B, 0x3F93D568, 0xC0EB6C0B]
    given v = [0x40B7B22A, 0x3FD5495F, 0x40FC70A9, 0x3FA13428, 0x3FB91F75, 0x4005AF5B, 0x3F93D568, 0x40EB6C0B]
    expect y = [0xBE3261B9, 0x3F19A237, 0xBE01CE19, 0x3F4B454E, 0x3F3101BA, 0x3EF51D11, 0x3F5DA793, 0xBE0B3036]
    expect z = [0xBE3261B8, 0x3F19A237, 0xBE01CE19, 0x3F4B454E, 0x3F3101BB, 0x3EF51D11, 0x3F5DA793, 0xBE0B3036]
    expect u = [0x3ED5B206, 0x3F465187, 0x3EB64A8F, 0x3F641DEB, 0x3F54DEC6, 0x3F3120EB, 0x3F6E3588, 0x3EBCC3D4]
    expect w = [0x3ED5B204, 0x3F465187, 0x3EB64A8F, 0x3F641DEA, 0x3F54DEC6, 0x3F3120EA, 0x3F6E3588, 0x3EBCC3D5]
    expect l = [0xC0B7B22A, 0x3FD5495F, 0xC0FC70A9, 0x3FA13428, 0x3FB91F75, 0x4005AF5B, 0x3F93D568, 0xC0EB6C0B]
  must repeat batch tile vendor
}
