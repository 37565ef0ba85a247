// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the argument is rounded as it stands, the result enters what follows unfused.
gemel.op @f[N](x: f32[N]) -> (y: f32[N], z: f32[N]) {
  y = exp(x * 3.0) + x * x
  z = tanh(x + 0.1) * sigmoid(-x)
}
gemel.check @f {
  case N = 8
    given x = [0xC0B7B22A, 0x3FD5495F, 0xC0FC70A9, 0x3FA13428, 0x3FB91F75, 0x4005AF5B, 0x3F93D568, 0xC0EB6C0B]
    expect y = [0x4203D034, 0x431706FA, 0x4278EDFE, 0x42354BAA, 0x429D6ACE, 0x4404BF10, 0x420538EC, 0x42587F8A]
    expect z = [0xBF7F2C74, 0x3E197D3B, 0xBF7FE76A, 0x3E465E5C, 0x3E32345D, 0x3DDC115D, 0x3E507429, 0xBF7FD624]
  must repeat batch tile vendor
}
