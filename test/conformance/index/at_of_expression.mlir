// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// at reads an expression's value at another position; nested, axis by axis.
gemel.op @f[A, D](x: f32[A, D]) -> (y: f32[A, D], z: f32[A]) {
  y = at(x * 3.0 + pos[A], A = size[A] - 1 - pos[A])
  z = at(at(x, D = 2), A = pos[A])
}
gemel.check @f {
  case A = 4, D = 3
    given x = [
      0xBE39F1E3, 0xBE337346, 0xC13D8615, 0x3F3FC161, 0x3FCB9667, 0x401AF8AA, 0xC08D7DFB, 0x3E2A13CE,
      0x3FAEEA33, 0x4032D11D, 0x3F5D11FC, 0x40EC52D9]
    expect y = [
      0x41361CD6, 0x40B2E6BE, 0x41C93E23, 0xC1343CF8, 0x401FE3B7, 0x40C32FA6, 0x404FD109, 0x40B8B0CD,
      0x41043A80, 0xBF0B756A, 0xBF069674, 0xC20E2490]
    expect z = [0xC13D8615, 0x401AF8AA, 0x3FAEEA33, 0x40EC52D9]
  must repeat batch tile vendor
}
