// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// casts compose as written: bf16 of f16 is two roundings.
gemel.op @f[N](x: f32[N]) -> (y: f32[N], z: f32[N], w: f32[N]) {
  y = bf16(f16(x))
  z = f16(bf16(x))
  w = bf16(x)
}
gemel.check @f {
  case N = 8
    given x = [0x3F808001, 0x3F807FFF, 0x3F81800F, 0x3FFFF001, 0x477FEFFF, 0x47800000, 0x33000001, 0x00000001]
    expect y = [0x3F800000, 0x3F800000, 0x3F820000, 0x40000000, 0x47800000, inf, 0x33800000, 0x00000000]
    expect z = [0x3F810000, 0x3F800000, 0x3F820000, 0x40000000, inf, inf, 0x00000000, 0x00000000]
    expect w = [0x3F810000, 0x3F800000, 0x3F820000, 0x40000000, 0x47800000, 0x47800000, 0x33000000, 0x00000000]
  must repeat batch tile vendor
}
