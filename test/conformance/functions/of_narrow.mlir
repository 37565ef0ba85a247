// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an argument is the parameter widened exactly; the result is rounded at the border only.
gemel.op @f[N](h: bf16[N]) -> (y: f32[N], z: f32[N]) {
  y = exp(h)
  z = sqrt(h)
}
gemel.check @f {
  case N = 4
    given h = [0x3F80, 0x4049, 0x3EAB, 0x4000]
    expect y = [0x402DF854, 0x41B8F24D, 0x3FB2C136, 0x40EC7326]
    expect z = [0x3F800000, 0x3FE2D6D3, 0x3F13F229, 0x3FB504F3]
  must repeat batch tile vendor
}
