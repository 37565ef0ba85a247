// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// serial is one ascending chain.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N: serial](x)
}
gemel.check @f {
  case N = 33
    given x = [
      0x40996BD1, 0xC0C6240B, 0xBE27CFFC, 0x3FA20B2D, 0xBFEFD953, 0xC0AAEDA6, 0x3E90CBC6, 0xBEBBE4A1,
      0x404E1EC6, 0xBE2804A7, 0xBF997E57, 0xC1622604, 0xBF3834CC, 0x3FA98F8D, 0x413FB731, 0x3FE5CFE1,
      0x3EB5907A, 0x3E2B86DA, 0x3F303A00, 0xC062A4AF, 0xC0DEE5D2, 0xC038324E, 0x3F5079D2, 0x4163374C,
      0x3F41384F, 0xBF62AD65, 0xBE170A23, 0xBEA18172, 0xC0301867, 0xBF1B14FD, 0x40EC1010, 0x3F6B7995,
      0xBFE12D9A]
    expect y = 0xBD7B9900
  must repeat batch tile vendor
}
