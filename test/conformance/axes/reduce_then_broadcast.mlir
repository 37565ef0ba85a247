// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a reduction's result joins its row again by name.
gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[A, B]) {
  y = x - sum[B](x)
}
gemel.check @f {
  case A = 3, B = 4
    given x = [
      0xC08605CC, 0x3F2BFBBF, 0xC12372F1, 0xBFAAD449, 0x3E53B599, 0x40933D74, 0xC14143E9, 0xBEE7CAC1,
      0xBF076ABA, 0xBE8DB807, 0x40B76186, 0x404A81E7]
    expect y = [
      0x412E0DBE, 0x417BD060, 0x409B3B66, 0x415BB61B, 0x40FDC70A, 0x41453368, 0xC08B5E75, 0x40E8ACB1,
      0xC109E37D, 0xC105DA91, 0xC016F038, 0xC09D98AE]
  must repeat batch tile vendor
}
