// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// unary minus binds tighter than * / + -; it may follow an operator, and be doubled.
gemel.op @f[N](a: f32[N], b: f32[N]) -> (y: f32[N], z: f32[N], u: f32[N], v: f32[N], w: f32[N], s: f32[N]) {
  y = -a - b
  z = -(a - b)
  u = a * -b
  v = a - -b
  w = --a
  s = 2.0*-a--b
}
gemel.check @f {
  case N = 8
    given a = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    given b = [0xC13E9C9D, 0xBE41AB37, 0xC0F1567D, 0x4029CEE7, 0xC0AFECD0, 0xC136EC9A, 0xC126716C, 0x3F988881]
    expect y = [0x413BEB25, 0x40C9FC6A, 0x41AACCC6, 0xC0337063, 0x4107C908, 0x411917D3, 0x410B91E9, 0x402CBF10]
    expect z = [0xC1414E15, 0x40BDE1B6, 0x40C8861D, 0x40202D6B, 0xC0208F1F, 0xC154C161, 0xC14150EF, 0x40A2A3C8]
    expect u = [0x40005727, 0xBF943A46, 0xC2D046FA, 0xBECC6C74, 0xC18374E2, 0x41AA86BA, 0x418BC6B8, 0x40945EBF]
    expect v = [0xC13BEB25, 0xC0C9FC6A, 0xC1AACCC6, 0x40337063, 0xC107C908, 0xC11917D3, 0xC10B91E9, 0xC02CBF10]
    expect w = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    expect s = [0xC143FF8C, 0x4140E863, 0x41A098AE, 0x40168BEF, 0x3EF5DB10, 0xC1729627, 0xC15C3072, 0x410F92B8]
  must repeat batch tile vendor
}
gemel.op @g[N](i: i32[N], j: i32[N]) -> (y: i32[N], z: i32[N], w: i32[N], u: i32[N]) {
  y = -i * j
  z = -i + j
  w = -(i + j)
  u = 3-i
}
gemel.check @g {
  case N = 4
    given i = [7, -7, 1, -2147483648]
    given j = [2, 3, -1, 5]
    expect y = [-14, 21, 1, -2147483648]
    expect z = [-5, 10, -2, -2147483643]
    expect w = [-9, 4, 0, 2147483643]
    expect u = [-4, 10, 2, -2147483645]
  must repeat batch tile vendor
}
