// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the default order over 3 terms: neighbours are added, an odd last one passes up.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.check @f {
  case N = 3
    given x = [0x417B785D, 0xC01C811E, 0xC0C3C5F5]
    expect y = 0x40E4EA37
  must repeat batch tile vendor
}
