// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// blocks 2 over 21 terms: each aligned block by the default order, the last may be short,
// block results one ascending chain.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N: blocks 2](x)
}
gemel.check @f {
  case N = 21
    given x = [
      0xC00C0EBB, 0x4107DC67, 0x3E23DFB2, 0xBE96C890, 0x3FF39405, 0x3EE4FA5D, 0xBEC73354, 0xC106FBA3,
      0x3E1B4B1F, 0xC1193DCA, 0x3EB5F029, 0x3F71D6A2, 0xBFD541C6, 0x40E251C4, 0x3F8921E9, 0xBF6AA1E1,
      0x3ED90ADC, 0xBE4817A1, 0x3F43CC62, 0x3FB8778F, 0xBEA1A782]
    expect y = 0xBF40B6ED
  must repeat batch tile vendor
}
