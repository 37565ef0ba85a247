// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the NaN of an outside read is selected away by where.
gemel.op @f[A](x: f32[A]) -> (y: f32[A], s: f32[]) {
  y = where(pos[A] == 0, 0.0, at(x, A = pos[A] - 1))
  s = sum[A](where(pos[A] == 0, 0.0, at(x, A = pos[A] - 1)))
}
gemel.check @f {
  case A = 5
    given x = [0xBF6328EA, 0x3E60CEF9, 0x3E8E3AE9, 0xBE5CBC14, 0x40013653]
    expect y = [0x00000000, 0xBF6328EA, 0x3E60CEF9, 0x3E8E3AE9, 0xBE5CBC14]
    expect s = 0xBF1B06BC
  must repeat batch tile vendor
}
