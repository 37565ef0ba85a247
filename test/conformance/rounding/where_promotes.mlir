// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// where's branches promote like +: int with f32 gives f32, i32 with i64 gives i64, a
// literal takes its partner's type.
gemel.op @f[N](c: i1[N], i: i32[N], x: f32[N], l: i64[N]) -> (y: f32[N], z: i64[N], u: f32[N], v: i64[N], w: f32[N]) {
  y = where(c, i, x)
  z = where(c, i, l)
  u = where(c, 1, x)
  v = where(c, i, 3000000000 + 0 * l)
  w = where(c, 2, 3) / 4
}
gemel.check @f {
  case N = 4
    given c = [true, false, true, false]
    given i = [16777217, 2, -3, 4]
    given x = [0xC061E71A, 0x3E2BD056, 0xC1488E5D, 0xBE84DAE8]
    given l = [1, 1099511627776, 3, -1099511627776]
    expect y = [0x4B800000, 0x3E2BD056, 0xC0400000, 0xBE84DAE8]
    expect z = [16777217, 1099511627776, -3, -1099511627776]
    expect u = [0x3F800000, 0x3E2BD056, 0x3F800000, 0xBE84DAE8]
    expect v = [16777217, 3000000000, -3, 3000000000]
    expect w = [0x3F000000, 0x3F400000, 0x3F000000, 0x3F400000]
  must repeat batch tile vendor
}
