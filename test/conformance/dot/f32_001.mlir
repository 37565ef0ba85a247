// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 operands, 1 terms: one ascending chain of fused multiply-adds.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {
  y = dot[K](a, b)
}
gemel.check @f {
  case K = 1
    given a = [0xC06E16CC]
    given b = [0x4054EDCF]
    expect y = 0xC146080D
  must repeat batch tile
}
