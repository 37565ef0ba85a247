// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a name may stand for another: an alias is the same value.
gemel.op @f[N](a: f32[N]) -> (y: f32[N], z: f32[N]) {
  t = a
  u = t
  y = u + t
  z = u
}
gemel.check @f {
  case N = 8
    given a = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    expect y = [0x3EAC5DEB, 0xC143EF10, 0xC1DCEE4D, 0x3E9A17C3, 0xC0BF4A81, 0x406EA635, 0x4056FC18, 0xC0F90350]
    expect z = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
  must repeat batch tile vendor
}
