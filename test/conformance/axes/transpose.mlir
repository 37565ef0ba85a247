// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a result's order is its own memory order: the same value may be stored either way.
gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[B, A], z: f32[A, B]) {
  y = x
  z = x
}
gemel.check @f {
  case A = 3, B = 4
    given x = [
      0xC08605CC, 0x3F2BFBBF, 0xC12372F1, 0xBFAAD449, 0x3E53B599, 0x40933D74, 0xC14143E9, 0xBEE7CAC1,
      0xBF076ABA, 0xBE8DB807, 0x40B76186, 0x404A81E7]
    expect y = [
      0xC08605CC, 0x3E53B599, 0xBF076ABA, 0x3F2BFBBF, 0x40933D74, 0xBE8DB807, 0xC12372F1, 0xC14143E9,
      0x40B76186, 0xBFAAD449, 0xBEE7CAC1, 0x404A81E7]
    expect z = [
      0xC08605CC, 0x3F2BFBBF, 0xC12372F1, 0xBFAAD449, 0x3E53B599, 0x40933D74, 0xC14143E9, 0xBEE7CAC1,
      0xBF076ABA, 0xBE8DB807, 0x40B76186, 0x404A81E7]
  must repeat batch tile vendor
}
