// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// arguments of a mapped op broadcast by name.
gemel.op @blend(a: f32, b: f32, t: f32 = 0.25) -> (y: f32) {
  y = a + (b - a) * t
}
gemel.op @f[A, B](x: f32[A, B], u: f32[B]) -> (y: f32[A, B], z: f32[B]) {
  y = blend(x, u)
  z = blend(u, 1.0, u)
}
gemel.check @f {
  case A = 3, B = 4
    given x = [
      0xBE24C6D8, 0x3F6B0908, 0xBFCDB178, 0x4057328F, 0x3FE88C5B, 0xBFEA2F30, 0xBF560D0A, 0x3EDC4192,
      0x3E2EE705, 0x3F62E821, 0xC13FA0DC, 0x40CFA359]
    given u = [0x3EE8E19A, 0x4042F04A, 0xBF57F6D7, 0x40E390FC]
    expect y = [
      0xBBE48AA0, 0x3FB99B88, 0xBFB543F5, 0x40899735, 0x3FBCF75E, 0xBF1C567E, 0xBF56877D, 0x40066EA4,
      0x3E779E11, 0x3FB68F32, 0xC1131880, 0x40D49EC2]
    expect z = [0x3F33EB2E, 0xC04BE3B2, 0xC019878E, 0xC2116632]
  must repeat batch tile vendor
}
