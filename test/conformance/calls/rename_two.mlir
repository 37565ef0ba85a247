// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// several axes are renamed at once, also into each other's names.
gemel.op @weigh[A, B](x: f32[A, B]) -> (y: f32[A]) {
  y = sum[B](x * pos[B])
}
gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[B], z: f32[A]) {
  y = weigh[A = B, B = A](x)
  z = weigh(x)
}
gemel.check @f {
  case A = 3, B = 4
    given x = [
      0xBE24C6D8, 0x3F6B0908, 0xBFCDB178, 0x4057328F, 0x3FE88C5B, 0xBFEA2F30, 0xBF560D0A, 0x3EDC4192,
      0x3E2EE705, 0x3F62E821, 0xC13FA0DC, 0x40CFA359]
    expect y = [0x400A230E, 0xBD68E1E0, 0xC1C65144, 0x41568566]
    expect z = [0x40F9543B, 0xC00D8586, 0xC06678C0]
  must repeat batch tile vendor
}
