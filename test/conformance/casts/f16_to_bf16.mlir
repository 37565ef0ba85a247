// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an f16 parameter stored as bf16 is widened exactly and rounded once, and the reverse.
gemel.op @f[N](x: f16[N], w: bf16[N]) -> (y: bf16[N], z: f16[N]) {
  y = x
  z = w
}
gemel.check @f {
  case N = 11
    given x = [0x0001, 0x8001, 0x03FF, 0x0400, 0x3C00, 0xBC01, 0x7BFF, 0x8000, inf, -inf, nan]
    given w = [0x0001, 0x8001, 0x007F, 0x0080, 0x3F80, 0xBF81, 0x7F7F, 0x8000, inf, -inf, nan]
    expect y = [0x3380, 0xB380, 0x3880, 0x3880, 0x3F80, 0xBF80, 0x4780, 0x8000, inf, -inf, nan]
    expect z = [0x0000, 0x8000, 0x0000, 0x0000, 0x3C00, 0xBC08, inf, 0x8000, inf, -inf, nan]
  must repeat batch tile vendor
}
