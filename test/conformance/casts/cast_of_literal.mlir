// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a cast of a literal rounds it: bf16(0.1) is not 0.1.
gemel.op @f[N](x: f32[N], i: i32[N]) -> (y: f32[N], z: f32[N], w: i32[N]) {
  y = x * bf16(0.1)
  z = x * f16(0.1)
  w = i32(2.9) + 0 * i
}
gemel.check @f {
  case N = 2
    given x = [0x3F800000, 0x40400000]
    given i = [1, 2]
    expect y = [0x3DCD0000, 0x3E99C000]
    expect z = [0x3DCCC000, 0x3E999000]
    expect w = [2, 2]
  must repeat batch tile vendor
}
