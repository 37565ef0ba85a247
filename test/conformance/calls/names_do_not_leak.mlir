// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a callee's local names and the caller's are apart.
gemel.op @inner[N](y: f32[N]) -> (x: f32[N]) {
  t = y + 1.0
  x = t * t
}
gemel.op @f[N](x: f32[N]) -> (y: f32[N]) {
  t = x * 2.0
  y = inner(t) - t
}
gemel.check @f {
  case N = 6
    given x = [0x3EE8E19A, 0x4042F04A, 0xBF57F6D7, 0x40E390FC, 0xC0B9EED1, 0x3F1EBC9D]
    expect y = [0x402F2ED2, 0x4230CF1B, 0x400A3520, 0x43598381, 0x42F8D837, 0x4071CBAA]
  must repeat batch tile vendor
}
