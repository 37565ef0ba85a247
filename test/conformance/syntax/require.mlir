// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// require speaks of sizes and scalars and changes no bits.
gemel.op @f[N](a: f32[N], s: f32) -> (y: f32[N]) {
  require size[N] >= 1 and size[N] <> 7
  require s > 0.0 or s < 0.0
  y = a * s
}
gemel.check @f {
  case N = 8
    given a = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    given s = 0x3E99999A
    expect y = [0x3D4ED71B, 0xBFEB1EE1, 0xC0848EFB, 0x3D38E951, 0xBF658C9B, 0x3F0F3087, 0x3F00FDA8, 0xBF956864]
  must repeat batch tile vendor
}
