// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// / on integers is f32 division.
gemel.op @f[N](i: i32[N], k: i32[N]) -> (y: f32[N], z: f32[N], u: f32[N]) {
  y = i / k
  z = i / 2
  u = 7 / 2 + 0 * i
}
gemel.check @f {
  case N = 8
    given i = [7, -7, 1, 16777217, 5, 0, -5, 0]
    given k = [2, 2, 3, 1, 0, 5, 0, 0]
    expect y = [0x40600000, 0xC0600000, 0x3EAAAAAB, 0x4B800000, inf, 0x00000000, -inf, nan]
    expect z = [0x40600000, 0xC0600000, 0x3F000000, 0x4B000000, 0x40200000, 0x00000000, 0xC0200000, 0x00000000]
    expect u = [0x40600000, 0x40600000, 0x40600000, 0x40600000, 0x40600000, 0x40600000, 0x40600000, 0x40600000]
  must repeat batch tile vendor
}
