// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a call's result is rounded to its declared type before the caller goes on.
gemel.op @narrow[N](x: f32[N]) -> (y: bf16[N]) {
  y = x
}
gemel.op @f[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
  y = narrow(x + z) * 3.0
}
gemel.check @f {
  case N = 6
    given x = [0x3EE8E19A, 0x4042F04A, 0xBF57F6D7, 0x40E390FC, 0xC0B9EED1, 0x3F1EBC9D]
    given z = [0x402D33B2, 0x411FD323, 0xC0F3A766, 0xBEB6A1AF, 0x3F2A8DB6, 0xBFA7D7AB]
    expect y = [0x41178000, 0x421CC000, 0xC1CA8000, 0x41A20000, 0xC1778000, 0xC004C000]
  must repeat batch tile vendor
}
