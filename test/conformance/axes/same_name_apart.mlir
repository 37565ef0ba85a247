// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// values, axes and functions have separate names: a value may be called like an axis.
gemel.op @f[A, N](x: f32[A, N], N: f32[A]) -> (A: f32[A]) {
  A = sum[N](x * N)
}
gemel.check @f {
  case A = 3, N = 4
    given x = [
      0xC08605CC, 0x3F2BFBBF, 0xC12372F1, 0xBFAAD449, 0x3E53B599, 0x40933D74, 0xC14143E9, 0xBEE7CAC1,
      0xBF076ABA, 0xBE8DB807, 0x40B76186, 0x404A81E7]
    given N = [0xC0F96F20, 0xC0A9CBEE, 0xC1078532]
    expect A = [0x42EAE1D4, 0x4223EF32, 0xC2890772]
  must repeat batch tile vendor
}
