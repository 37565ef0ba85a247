// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// serial is one ascending chain.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N: serial](x)
}
gemel.check @f {
  case N = 7
    given x = [0x3FF29733, 0x3F5D045F, 0xBEDF4B16, 0xBE0BE650, 0x3E6B5BC3, 0xBF2A0C40, 0xC066746D]
    expect y = 0xBFECB9B0
  must repeat batch tile vendor
}
