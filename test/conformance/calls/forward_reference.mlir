// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a call names an op of the same file that comes later.
gemel.op @outer[N](x: f32[N]) -> (y: f32[N]) {
  y = inner(x) + 1.0
}
gemel.op @inner[N](x: f32[N]) -> (y: f32[N]) {
  y = x * x
}
gemel.check @outer {
  case N = 6
    given x = [0x3EE8E19A, 0x4042F04A, 0xBF57F6D7, 0x40E390FC, 0xC0B9EED1, 0x3F1EBC9D]
    expect y = [0x3F9A7B36, 0x41247112, 0x3FDB1846, 0x424E4A71, 0x420B0B09, 0x3FB136AE]
  must repeat batch tile vendor
}
