// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 operands, 2 terms: one ascending chain of fused multiply-adds.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {
  y = dot[K](a, b)
}
gemel.check @f {
  case K = 2
    given a = [0xBF5A0531, 0x3FC70470]
    given b = [0xBF33B9ED, 0x40AE50A9]
    expect y = 0x411114B8
  must repeat batch tile
}
