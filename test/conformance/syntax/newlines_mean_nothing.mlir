// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// statements may share a line, and an expression may cover several.
gemel.op @f[N](a: f32[N],
               b: f32[N]
              ) -> (y: f32[N], z: f32[N]) { t = a
  + b u = t * a y
  = u - b z = max
  (t, u) }
gemel.check @f {
  case N = 8
    given a = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    given b = [0xC13E9C9D, 0xBE41AB37, 0xC0F1567D, 0x4029CEE7, 0xC0AFECD0, 0xC136EC9A, 0xC126716C, 0x3F988881]
    expect y = [0x411EFAE2, 0x421B598F, 0x43972C52, 0xC00ECE56, 0x41F6E837, 0xC0CD04F8, 0xC087F2CE, 0x4114F703]
    expect z = [0xBFFD0DDC, 0x421A97E4, 0x439366F8, 0x40337063, 0x41CAED03, 0xC11917D3, 0xC10B91E9, 0x41280813]
  must repeat batch tile vendor
}
