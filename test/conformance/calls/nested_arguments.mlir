// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a call's result is an argument of the next call.
gemel.op @half(x: f32) -> (y: f32) {
  y = x * 0.5
}
gemel.op @f[N](x: f32[N]) -> (y: f32[N]) {
  y = half(half(x) + half(x * x))
}
gemel.check @f {
  case N = 6
    given x = [0x3EE8E19A, 0x4042F04A, 0xBF57F6D7, 0x40E390FC, 0xC0B9EED1, 0x3F1EBC9D]
    expect y = [0x3E296738, 0x40452D24, 0xBD071930, 0x4166BC90, 0x40DF9A5E, 0x3E8094FD]
  must repeat batch tile vendor
}
