// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the default order over 1 terms: neighbours are added, an odd last one passes up.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.check @f {
  case N = 1
    given x = [0xBE107E7E]
    expect y = 0xBE107E7E
  must repeat batch tile vendor
}
