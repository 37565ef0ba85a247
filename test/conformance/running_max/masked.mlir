// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// masking with -inf through where: masked positions add 0.
gemel.op @f[L](x: f32[L], c: i1[L]) -> (m: f32[], z: f32[]) {
  s = where(c, x, -inf)
  m = max[L: blocks 2](s)
  z = sum[L: blocks 2](exp(s - m))
}
gemel.check @f {
  case L = 8
    given x = [0xC0E380FF, 0x3F89DE23, 0x40D8F00A, 0x4064E4FA, 0x40D7DF06, 0xBF4AA4A0, 0x3F3FBBCE, 0x3FC927C9]
    given c = [false, false, false, false, true, false, true, true]
    expect m = 0x40D7DF06
    expect z = 0x3F810AE9
  case L = 8
    given x = [0xC0E380FF, 0x3F89DE23, 0x40D8F00A, 0x4064E4FA, 0x40D7DF06, 0xBF4AA4A0, 0x3F3FBBCE, 0x3FC927C9]
    given c = [true, true, true, true, false, true, false, false]
    expect m = 0x40D8F00A
    expect z = 0x3F85B23D
  case L = 8
    given x = [0xC0E380FF, 0x3F89DE23, 0x40D8F00A, 0x4064E4FA, 0x40D7DF06, 0xBF4AA4A0, 0x3F3FBBCE, 0x3FC927C9]
    given c = [false, false, false, false, false, false, false, false]
    expect m = -inf
    expect z = 0x00000000
  must repeat batch tile vendor
}
