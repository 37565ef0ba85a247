// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f[A = B](x) renames: the callee's N is the caller's axis given for it.
gemel.op @total[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[A], z: f32[B]) {
  y = total[N = B](x)
  z = total[N = A](x)
}
gemel.check @f {
  case A = 3, B = 4
    given x = [
      0xBE24C6D8, 0x3F6B0908, 0xBFCDB178, 0x4057328F, 0x3FE88C5B, 0xBFEA2F30, 0xBF560D0A, 0x3EDC4192,
      0x3E2EE705, 0x3F62E821, 0xC13FA0DC, 0x40CFA359]
    expect y = [0x4020CFA8, 0xBED663D6, 0xC08DCA23]
    expect z = [0x3FE9D061, 0xBCCDA6E0, 0xC166B7DC, 0x4124805D]
  must repeat batch tile vendor
}
