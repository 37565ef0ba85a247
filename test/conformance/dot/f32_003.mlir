// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 operands, 3 terms: one ascending chain of fused multiply-adds.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {
  y = dot[K](a, b)
}
gemel.check @f {
  case K = 3
    given a = [0xBEFEF93C, 0x3EC2148B, 0xBEEDAEAE]
    given b = [0x3F3B24C9, 0xBEC55111, 0xBFAB74F5]
    expect y = 0x3DE4C0D7
  must repeat batch tile
}
