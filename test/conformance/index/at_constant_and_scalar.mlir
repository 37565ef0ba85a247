// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a constant or scalar index takes one slice; it may be outside too.
gemel.op @f[A, D](x: f32[A, D], k: i32) -> (y: f32[D], z: f32[D], w: f32[D]) {
  y = at(x, A = 1)
  z = at(x, A = k)
  w = at(x, A = -1)
}
gemel.check @f {
  case A = 4, D = 3
    given x = [
      0xBE39F1E3, 0xBE337346, 0xC13D8615, 0x3F3FC161, 0x3FCB9667, 0x401AF8AA, 0xC08D7DFB, 0x3E2A13CE,
      0x3FAEEA33, 0x4032D11D, 0x3F5D11FC, 0x40EC52D9]
    given k = 0
    expect y = [0x3F3FC161, 0x3FCB9667, 0x401AF8AA]
    expect z = [0xBE39F1E3, 0xBE337346, 0xC13D8615]
    expect w = [nan, nan, nan]
  case A = 4, D = 3
    given x = [
      0xBE39F1E3, 0xBE337346, 0xC13D8615, 0x3F3FC161, 0x3FCB9667, 0x401AF8AA, 0xC08D7DFB, 0x3E2A13CE,
      0x3FAEEA33, 0x4032D11D, 0x3F5D11FC, 0x40EC52D9]
    given k = 3
    expect y = [0x3F3FC161, 0x3FCB9667, 0x401AF8AA]
    expect z = [0x4032D11D, 0x3F5D11FC, 0x40EC52D9]
    expect w = [nan, nan, nan]
  case A = 4, D = 3
    given x = [
      0xBE39F1E3, 0xBE337346, 0xC13D8615, 0x3F3FC161, 0x3FCB9667, 0x401AF8AA, 0xC08D7DFB, 0x3E2A13CE,
      0x3FAEEA33, 0x4032D11D, 0x3F5D11FC, 0x40EC52D9]
    given k = 4
    expect y = [0x3F3FC161, 0x3FCB9667, 0x401AF8AA]
    expect z = [nan, nan, nan]
    expect w = [nan, nan, nan]
  case A = 4, D = 3
    given x = [
      0xBE39F1E3, 0xBE337346, 0xC13D8615, 0x3F3FC161, 0x3FCB9667, 0x401AF8AA, 0xC08D7DFB, 0x3E2A13CE,
      0x3FAEEA33, 0x4032D11D, 0x3F5D11FC, 0x40EC52D9]
    given k = -1
    expect y = [0x3F3FC161, 0x3FCB9667, 0x401AF8AA]
    expect z = [nan, nan, nan]
    expect w = [nan, nan, nan]
  must repeat batch tile vendor
}
