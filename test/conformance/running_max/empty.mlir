// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an empty axis: m = -inf and z = 0.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 4](s)
  z = sum[L: blocks 4](exp(s - m))
}
gemel.check @f {
  case L = 0
    given s = []
    expect m = -inf
    expect z = 0x00000000
  must repeat batch tile vendor
}
