// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a call names an op that comes earlier; two arguments go by position.
gemel.op @inner[N](a: f32[N], b: f32[N]) -> (y: f32[N]) {
  y = a - b
}
gemel.op @outer[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
  y = inner(z, x)
}
gemel.check @outer {
  case N = 6
    given x = [0x3EE8E19A, 0x4042F04A, 0xBF57F6D7, 0x40E390FC, 0xC0B9EED1, 0x3F1EBC9D]
    given z = [0x402D33B2, 0x411FD323, 0xC0F3A766, 0xBEB6A1AF, 0x3F2A8DB6, 0xBFA7D7AB]
    expect y = [0x4010177F, 0x40DE2E21, 0xC0D8A88B, 0xC0EEFB17, 0x40CF4088, 0xBFF735FA]
  must repeat batch tile vendor
}
