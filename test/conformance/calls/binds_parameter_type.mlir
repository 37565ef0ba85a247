// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a bf16 parameter as argument binds the variable to bf16: the call's result is rounded to
// bf16; x + 0.0 is a body value, and is not.
gemel.op @twice_and_third<E: bf16|f32>[N](x: E[N]) -> (y: E[N]) {
  y = (x + x) / 3.0
}
gemel.op @f[N](x: bf16[N]) -> (y: f32[N], z: f32[N]) {
  y = twice_and_third(x)
  z = twice_and_third(x + 0.0)
}
gemel.check @f {
  case N = 6
    given x = [0x3EE9, 0x4043, 0xBF58, 0x40E4, 0xC0BA, 0x3F1F]
    expect y = [0x3E9B0000, 0x40020000, 0xBF100000, 0x40980000, 0xC0780000, 0x3ED40000]
    expect z = [0x3E9B5555, 0x40020000, 0xBF100000, 0x40980000, 0xC0780000, 0x3ED40000]
  must repeat batch tile vendor
}
