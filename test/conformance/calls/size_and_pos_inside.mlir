// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// pos and size in a callee are those of the caller's axis.
gemel.op @ramp[N](x: f32[N]) -> (y: f32[N]) {
  y = x * pos[N] / size[N]
}
gemel.op @f[K](x: f32[K]) -> (y: f32[K]) {
  y = ramp[N = K](x)
}
gemel.check @f {
  case K = 6
    given x = [0x3EE8E19A, 0x4042F04A, 0xBF57F6D7, 0x40E390FC, 0xC0B9EED1, 0x3F1EBC9D]
    expect y = [0x00000000, 0x3F01F587, 0xBE8FF9E5, 0x406390FC, 0xC077E917, 0x3F0447D8]
  must repeat batch tile vendor
}
