// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a bf16 parameter goes to an f32 parameter widened.
gemel.op @third[N](x: f32[N]) -> (y: f32[N]) {
  y = x / 3.0
}
gemel.op @f[N](x: bf16[N]) -> (y: f32[N]) {
  y = third(x)
}
gemel.check @f {
  case N = 6
    given x = [0x3EE9, 0x4043, 0xBF58, 0x40E4, 0xC0BA, 0x3F1F]
    expect y = [0x3E1B5555, 0x3F820000, 0xBE900000, 0x40180000, 0xBFF80000, 0x3E540000]
  must repeat batch tile vendor
}
