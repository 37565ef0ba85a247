// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an axis that x and the index share is aligned by name: one element from each row.
gemel.op @f[T, V](x: f32[T, V], label: i32[T]) -> (y: f32[T]) {
  y = at(x, V = label)
}
gemel.check @f {
  case T = 4, V = 3
    given x = [
      0xBE39F1E3, 0xBE337346, 0xC13D8615, 0x3F3FC161, 0x3FCB9667, 0x401AF8AA, 0xC08D7DFB, 0x3E2A13CE,
      0x3FAEEA33, 0x4032D11D, 0x3F5D11FC, 0x40EC52D9]
    given label = [2, 0, -100, 1]
    expect y = [0xC13D8615, 0x3F3FC161, nan, 0x3F5D11FC]
  must repeat batch tile vendor
}
