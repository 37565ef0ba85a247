// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// blocks 8 over 9 terms: each aligned block by the default order, the last may be short,
// block results one ascending chain.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N: blocks 8](x)
}
gemel.check @f {
  case N = 9
    given x = [
      0xBF4220E5, 0x3F5CADC8, 0x408D30A7, 0xC07C101B, 0x4027F845, 0x3E285F4B, 0xC0C8B2D8, 0xBFBA9D29,
      0xC0E1F72F]
    expect y = 0xC136CBFF
  must repeat batch tile vendor
}
