// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// serial is one ascending chain.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N: serial](x)
}
gemel.check @f {
  case N = 3
    given x = [0x3EEFE949, 0x4065A9B4, 0xC0360137]
    expect y = 0x3F9B4B4E
  must repeat batch tile vendor
}
