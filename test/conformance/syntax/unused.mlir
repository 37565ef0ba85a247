// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// names that nothing reads change nothing, though their value is NaN or divides by zero.
gemel.op @f[N](a: f32[N]) -> (y: f32[N]) {
  t = a / 0.0
  u = sqrt(-1.0)
  y = a
}
gemel.check @f {
  case N = 8
    given a = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    expect y = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
  must repeat batch tile vendor
}
