// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a fixed axis has its size in the text; the case does not give it.
gemel.op @f[A, P = 2, D = 3](x: f32[A, P, D]) -> (y: f32[A, P], n: i32[]) {
  y = sum[D](x)
  n = size[P] * 100 + size[D] * 10 + size[A]
}
gemel.check @f {
  case A = 2
    given x = [
      0xC07A0334, 0xC13AD606, 0x40FCFD36, 0x3ED64FB1, 0xC13059DB, 0x40A1CAD6, 0xBF99BD4D, 0x4157920F,
      0x3EF4D06C, 0xC07AF0F9, 0xBF11228D, 0xBF8D7C0B]
    expect y = [0xC0F5B070, 0xC0B183E4, 0x414C00E8, 0xC0B2FBD1]
    expect n = 232
  must repeat batch tile vendor
}
