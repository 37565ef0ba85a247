// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// by-value scalars and rank-0 arrays have no axes and broadcast to all.
gemel.op @f[A](x: f32[A], s: f32, r: f32[]) -> (y: f32[A], z: f32[]) {
  y = x * s + r
  z = s - r
}
gemel.check @f {
  case A = 3
    given x = [0xC0F96F20, 0xC0A9CBEE, 0xC1078532]
    given s = 0x3F6E0A5B
    given r = 0xC0F96F20
    expect y = [0xC170AF44, 0xC14BA8CB, 0xC17ABAE0]
    expect z = 0x410B9836
  must repeat batch tile vendor
}
