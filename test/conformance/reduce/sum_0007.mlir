// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the default order over 7 terms: neighbours are added, an odd last one passes up.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.check @f {
  case N = 7
    given x = [0x3FF46287, 0x40590329, 0x40DAAB8D, 0xC14223AD, 0xBEFD1F4D, 0xC006A48F, 0xBF22AC43]
    expect y = 0xC04EF6B8
  must repeat batch tile vendor
}
