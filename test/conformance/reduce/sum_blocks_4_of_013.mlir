// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// blocks 4 over 13 terms: each aligned block by the default order, the last may be short,
// block results one ascending chain.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N: blocks 4](x)
}
gemel.check @f {
  case N = 13
    given x = [
      0x41053108, 0x3E9F9C1A, 0xC16FF231, 0x406CB3D1, 0x3F6D6E6F, 0xC17FB303, 0xBE761407, 0x407CA0AA,
      0xBF53A86B, 0xC10F0B6B, 0xC0906993, 0x40DF35A6, 0xBEA9D312]
    expect y = 0xC1AD290B
  must repeat batch tile vendor
}
