// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a body value is f32: it binds a dtype variable to f32, and nothing is rounded.
gemel.op @twice_and_third<E: bf16|f32>[N](x: E[N]) -> (y: E[N]) {
  y = (x + x) / 3.0
}
gemel.op @f[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
  y = twice_and_third(x + z)
}
gemel.check @f {
  case N = 6
    given x = [0x3EE8E19A, 0x4042F04A, 0xBF57F6D7, 0x40E390FC, 0xC0B9EED1, 0x3F1EBC9D]
    given z = [0x402D33B2, 0x411FD323, 0xC0F3A766, 0xBEB6A1AF, 0x3F2A8DB6, 0xBFA7D7AB]
    expect y = [0x4006DFEE, 0x410B0A24, 0xC0B46ED5, 0x409019EB, 0xC05B7C23, 0xBEEBEE4C]
  must repeat batch tile vendor
}
