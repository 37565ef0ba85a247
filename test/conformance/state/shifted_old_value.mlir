// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an element may be read at another position of the old value.
gemel.op @f[N](inout p: f32[N]) -> () {
  p = at(p, N = size[N] - 1 - pos[N])
}
gemel.check @f {
  case N = 5
    given p = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1]
    expect p = [0x3E5E8CE1, 0xBE0C6779, 0xBEC1E5D3, 0x3EE985CE, 0x40C6288A]
  case N = 6
    given p = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    expect p = [0xC10F7418, 0x3E5E8CE1, 0xBE0C6779, 0xBEC1E5D3, 0x3EE985CE, 0x40C6288A]
  must repeat batch tile vendor
}
