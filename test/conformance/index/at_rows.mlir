// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a gather of rows: A leaves, the index's axis joins, the other axes stay.
gemel.op @f[A, D, T](x: f32[A, D], i: i32[T]) -> (y: f32[T, D], z: f32[D, T]) {
  y = at(x, A = i)
  z = at(x, A = i)
}
gemel.check @f {
  case A = 4, D = 3, T = 5
    given x = [
      0xBE39F1E3, 0xBE337346, 0xC13D8615, 0x3F3FC161, 0x3FCB9667, 0x401AF8AA, 0xC08D7DFB, 0x3E2A13CE,
      0x3FAEEA33, 0x4032D11D, 0x3F5D11FC, 0x40EC52D9]
    given i = [3, 0, 3, 4, -1]
    expect y = [
      0x4032D11D, 0x3F5D11FC, 0x40EC52D9, 0xBE39F1E3, 0xBE337346, 0xC13D8615, 0x4032D11D, 0x3F5D11FC,
      0x40EC52D9, nan, nan, nan, nan, nan, nan]
    expect z = [
      0x4032D11D, 0xBE39F1E3, 0x4032D11D, nan, nan, 0x3F5D11FC, 0xBE337346, 0x3F5D11FC,
      nan, nan, 0x40EC52D9, 0xC13D8615, 0x40EC52D9, nan, nan]
  must repeat batch tile vendor
}
