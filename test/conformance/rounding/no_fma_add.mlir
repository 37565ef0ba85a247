// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a product and a sum are two roundings: nothing becomes a fused multiply-add.
gemel.op @f[N](a: f32[N], b: f32[N], c: f32[N]) -> (y: f32[N]) {
  y = a * b + c
}
gemel.check @f {
  case N = 12
    given a = [
      0x40764153, 0xBF3DE387, 0xBF911777, 0x3FEB661D, 0x3FBF1FC2, 0xBFAFC432, 0xC01F0996, 0x3F116689,
      0x3FFF35FE, 0x40743633, 0xBF6CEF06, 0x40257E9F]
    given b = [
      0x3F653294, 0x406E4BD5, 0xC021F4BB, 0x4056EB0A, 0x405BF317, 0xC0179E2C, 0x3F8D89AE, 0xBF16A127,
      0x3FB34198, 0xBF4DDFA1, 0x3FC1E5D2, 0x406F20A7]
    given c = [
      0xC05C7916, 0xC0095A2A, 0xC03794EC, 0x3F1DEE73, 0xC0A435A7, 0xC05032A6, 0x407FBE14, 0x3EAB1B38,
      0x405C9F6A, 0x404464BC, 0x3F0C4A0B, 0xC11A9652]
    expect y = [
      0x00000000, 0xC09D0DF8, 0x00000000, 0x40D95D4A, 0x00000000, 0x00000000, 0x3F9FC4E8, 0x00000000,
      0x40C7A9C8, 0x00000000, 0xBF5A9FC5, 0x00000000]
  must repeat batch tile vendor
}
