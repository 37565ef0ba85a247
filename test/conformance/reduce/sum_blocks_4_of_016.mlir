// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// blocks 4 over 16 terms: each aligned block by the default order, the last may be short,
// block results one ascending chain.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N: blocks 4](x)
}
gemel.check @f {
  case N = 16
    given x = [
      0x40B2D7FD, 0xBF8C5C73, 0xBE67B71F, 0xBE6115C5, 0x3F3DD547, 0xBE38BD4F, 0x4011BB28, 0xC04E17B9,
      0x4102946C, 0xC01A9BDD, 0xBE41F7C4, 0xBF4ACD3D, 0x40D8D4CD, 0xC14BB2A5, 0x3E081267, 0xC0BA91EA]
    expect y = 0xC04E5EC0
  must repeat batch tile vendor
}
