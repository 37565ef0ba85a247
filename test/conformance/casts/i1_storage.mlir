// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an i1 is read and stored as one byte, true or false.
gemel.op @f[N](c: i1[N], x: f32[N]) -> (y: i1[N], z: i1[N], w: i32[N], u: i1[N]) {
  y = c
  z = not c
  w = where(c, 1, 0)
  u = x > 0.0 or c
}
gemel.check @f {
  case N = 4
    given c = [true, false, true, false]
    given x = [0xBF800000, 0x3F800000, nan, 0x80000000]
    expect y = [true, false, true, false]
    expect z = [false, true, false, true]
    expect w = [1, 0, 1, 0]
    expect u = [true, true, true, false]
  must repeat batch tile vendor
}
