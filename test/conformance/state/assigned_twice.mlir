// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// assigned more than once, memory gets the last value; each read sees the assignment before
// it.
gemel.op @f[N](inout p: f32[N]) -> (a: f32[N]) {
  p = p * 3.0
  a = p + 1.0
  p = p * p
}
gemel.check @f {
  case N = 6
    given p = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    expect a = [0x419C9E68, 0x4017922D, 0xBE0B62F0, 0x3F16B265, 0x3FD374D4, 0xC1CF2E24]
    expect p = [0x43AC8F15, 0x3FEFA570, 0x3FA537E1, 0x3E2D4303, 0x3ED9A7B9, 0x4434DE89]
  must repeat batch tile vendor
}
