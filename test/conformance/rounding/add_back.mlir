// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// (x + b) - b rounds x and is not x.
gemel.op @f[N](x: f32[N]) -> (y: f32[N]) {
  y = (x + 4096.0) - 4096.0
}
gemel.check @f {
  case N = 16
    given x = [
      0xBE42CFFA, 0x413BFF5F, 0xBF43350A, 0x3E4606DB, 0xC0662E31, 0x3E994720, 0x3F44FC9E, 0x3EFFE4A8,
      0xC0C04CA6, 0x4121982F, 0xBF83E24B, 0xC0B250AF, 0xC0CA7A48, 0x3E11303F, 0xBE373D72, 0xBEE668CC]
    expect y = [
      0xBE42C000, 0x413C0000, 0xBF433000, 0x3E460000, 0xC0663000, 0x3E994000, 0x3F450000, 0x3F000000,
      0xC0C04C00, 0x41219800, 0xBF83E000, 0xC0B25000, 0xC0CA7A00, 0x3E110000, 0xBE374000, 0xBEE66000]
  must repeat batch tile vendor
}
