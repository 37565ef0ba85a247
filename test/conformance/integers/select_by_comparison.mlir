// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an i1 counts through where: where(c, 1, 0) is i32.
gemel.op @f[N](x: f32[N]) -> (y: i32[N]) {
  y = where(x > 1.0, 1, 0) + where(x > 2.0, 10, 0)
}
gemel.check @f {
  case N = 4
    given x = [0x3F000000, 0x3FC00000, 0x40200000, nan]
    expect y = [0, 1, 11, 0]
  must repeat batch tile vendor
}
