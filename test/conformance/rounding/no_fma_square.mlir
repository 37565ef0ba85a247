// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// sq(x) is one multiplication, and adding to it another rounding.
gemel.op @f[N](a: f32[N], b: f32[N]) -> (y: f32[N]) {
  y = sq(a) - b
}
gemel.check @f {
  case N = 12
    given a = [
      0x40764153, 0xBF3DE387, 0xBF911777, 0x3FEB661D, 0x3FBF1FC2, 0xBFAFC432, 0xC01F0996, 0x3F116689,
      0x3FFF35FE, 0x40743633, 0xBF6CEF06, 0x40257E9F]
    given b = [
      0x416CE19C, 0x3F0CD9C0, 0x3FA4772E, 0x405874A2, 0x400EB067, 0x3FF15BA5, 0x40C599D1, 0x3EA52AA1,
      0x407E6C9B, 0x4168F75D, 0x3F5B4992, 0x40D5F8EF]
    expect y = [
      0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
      0x00000000, 0x00000000, 0x00000000, 0x00000000]
  must repeat batch tile vendor
}
