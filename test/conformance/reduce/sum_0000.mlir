// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the default order over 0 terms: neighbours are added, an odd last one passes up.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.check @f {
  case N = 0
    given x = []
    expect y = 0x00000000
  must repeat batch tile vendor
}
