// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// blocks 1 is one ascending chain.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N: blocks 1](x)
}
gemel.check @f {
  case N = 9
    given x = [
      0x3F19E028, 0x3F47D4DF, 0xC12C7D8F, 0xC1140C70, 0x3E978F25, 0xBFA1903F, 0xC071D8DB, 0x3E3192F7,
      0xC0198DF3]
    expect y = 0xC1CCFBD1
  must repeat batch tile vendor
}
