// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a sum over bf16 is made in f32 and rounded once at the border.
gemel.op @f[N](x: bf16[N]) -> (y: bf16[], z: f32[]) {
  y = sum[N](x * x)
  z = sum[N](x * x)
}
gemel.check @f {
  case N = 9
    given x = [0x402E, 0xBF0A, 0xBF3D, 0x3F64, 0xBF88, 0x4076, 0x3F30, 0x405B, 0xC015]
    expect y = 0x422A
    expect z = 0x422A1A74
  must repeat batch tile vendor
}
