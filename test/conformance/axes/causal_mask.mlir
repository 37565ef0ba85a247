// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// positions of two axes compare by broadcasting; sizes enter as numbers.
gemel.op @f[S, L](x: f32[S, L]) -> (y: f32[S, L]) {
  require size[L] >= size[S]
  y = where(pos[L] <= pos[S] + (size[L] - size[S]), x, -inf)
}
gemel.check @f {
  case S = 3, L = 4
    given x = [
      0xC08605CC, 0x3F2BFBBF, 0xC12372F1, 0xBFAAD449, 0x3E53B599, 0x40933D74, 0xC14143E9, 0xBEE7CAC1,
      0xBF076ABA, 0xBE8DB807, 0x40B76186, 0x404A81E7]
    expect y = [
      0xC08605CC, 0x3F2BFBBF, -inf, -inf, 0x3E53B599, 0x40933D74, 0xC14143E9, -inf,
      0xBF076ABA, 0xBE8DB807, 0x40B76186, 0x404A81E7]
  must repeat batch tile vendor
}
