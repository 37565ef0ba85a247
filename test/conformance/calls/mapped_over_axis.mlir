// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an axis that the callee does not know is mapped over: one sum for each row.
gemel.op @total[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.op @f[M, N](x: f32[M, N]) -> (y: f32[M]) {
  y = total(x) * 2.0
}
gemel.check @f {
  case M = 3, N = 4
    given x = [
      0xBE24C6D8, 0x3F6B0908, 0xBFCDB178, 0x4057328F, 0x3FE88C5B, 0xBFEA2F30, 0xBF560D0A, 0x3EDC4192,
      0x3E2EE705, 0x3F62E821, 0xC13FA0DC, 0x40CFA359]
    expect y = [0x40A0CFA8, 0xBF5663D6, 0xC10DCA23]
  must repeat batch tile vendor
}
