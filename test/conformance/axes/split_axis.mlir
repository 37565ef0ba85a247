// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// splitting an axis is a matter of the parameter's type: [P, R] and [R, P] over the same
// bytes pair other elements.
gemel.op @f[P = 2, R](x: f32[P, R], z: f32[R, P]) -> (y: f32[R], w: f32[R]) {
  y = at(x, P = 0) - at(x, P = 1)
  w = at(z, P = 0) - at(z, P = 1)
}
gemel.check @f {
  case R = 4
    given x = [0x412C5A4D, 0xBE2C7204, 0xC0C6EC88, 0x3F3D682E, 0x3E747388, 0xC0448E0B, 0xC06F66F2, 0xBF07B3E5]
    given z = [0x412C5A4D, 0xBE2C7204, 0xC0C6EC88, 0x3F3D682E, 0x3E747388, 0xC0448E0B, 0xC06F66F2, 0xBF07B3E5]
    expect y = [0x4128887F, 0x4039C6EB, 0xC01E721E, 0x3FA28E0A]
    expect w = [0x412F0C15, 0xC0DE998E, 0x4053D544, 0xC04D79F9]
  must repeat batch tile vendor
}
