// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32(x) of an f32 changes nothing.
gemel.op @f[N](x: f32[N], w: bf16[N]) -> (y: f32[N], z: f32[N]) {
  y = f32(x) + f32(x)
  z = f32(w)
}
gemel.check @f {
  case N = 3
    given x = [0x00000001, 0x80000000, 0x7F7FFFFF]
    given w = [0x0001, 0x3F81, -inf]
    expect y = [0x00000002, 0x80000000, inf]
    expect z = [0x00010000, 0x3F810000, -inf]
  must repeat batch tile vendor
}
