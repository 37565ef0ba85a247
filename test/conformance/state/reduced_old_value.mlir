// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a reduction of the value before the assignment is not disturbed by it: every element is
// read first.
gemel.op @f[N](inout p: f32[N]) -> () {
  p = p - sum[N](p)
}
gemel.check @f {
  case N = 6
    given p = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    expect p = [0x410CEE82, 0x404499AE, 0x400F2C3A, 0x401EA27C, 0x403551C2, 0xC0CB33B6]
  must repeat batch tile vendor
}
