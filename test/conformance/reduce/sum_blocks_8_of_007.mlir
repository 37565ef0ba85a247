// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// blocks 8 over 7 terms: each aligned block by the default order, the last may be short,
// block results one ascending chain.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N: blocks 8](x)
}
gemel.check @f {
  case N = 7
    given x = [0xBF54AA4A, 0xC03BD079, 0x40D4BC9A, 0x40115F5A, 0xC0F4F5BB, 0xC096F08A, 0x3F13373B]
    expect y = 0xC0D4909A
  must repeat batch tile vendor
}
