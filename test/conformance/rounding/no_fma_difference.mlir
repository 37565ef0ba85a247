// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a * b - b * a is +0: neither product is kept exact.
gemel.op @f[N](a: f32[N], b: f32[N]) -> (y: f32[N]) {
  y = a * b - b * a
}
gemel.check @f {
  case N = 12
    given a = [
      0x40764153, 0xBF3DE387, 0xBF911777, 0x3FEB661D, 0x3FBF1FC2, 0xBFAFC432, 0xC01F0996, 0x3F116689,
      0x3FFF35FE, 0x40743633, 0xBF6CEF06, 0x40257E9F]
    given b = [
      0x3F653294, 0x406E4BD5, 0xC021F4BB, 0x4056EB0A, 0x405BF317, 0xC0179E2C, 0x3F8D89AE, 0xBF16A127,
      0x3FB34198, 0xBF4DDFA1, 0x3FC1E5D2, 0x406F20A7]
    expect y = [
      0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
      0x00000000, 0x00000000, 0x00000000, 0x00000000]
  must repeat batch tile vendor
}
