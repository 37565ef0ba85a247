// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a callee calls further ops, before and after it in the file.
gemel.op @first[N](x: f32[N]) -> (y: f32[N]) {
  y = second(x) * x
}
gemel.op @third[N](x: f32[N]) -> (y: f32[N]) {
  y = x / 3.0
}
gemel.op @second[N](x: f32[N]) -> (y: f32[N]) {
  y = third(x) + 1.0
}
gemel.check @first {
  case N = 6
    given x = [0x3EE8E19A, 0x4042F04A, 0xBF57F6D7, 0x40E390FC, 0xC0B9EED1, 0x3F1EBC9D]
    expect y = [0x3F061846, 0x40C46E32, 0xBF1B3BFE, 0x41BFC08A, 0x40AE2E9C, 0x3F3F8BBC]
  must repeat batch tile vendor
}
