// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the index may have the axis that it replaces: a shift, with NaN where it leaves the
// array.
gemel.op @f[A](x: f32[A]) -> (y: f32[A], z: f32[A]) {
  y = at(x, A = pos[A] - 1)
  z = at(x, A = mod(pos[A] + 2, size[A]))
}
gemel.check @f {
  case A = 5
    given x = [0xBF6328EA, 0x3E60CEF9, 0x3E8E3AE9, 0xBE5CBC14, 0x40013653]
    expect y = [nan, 0xBF6328EA, 0x3E60CEF9, 0x3E8E3AE9, 0xBE5CBC14]
    expect z = [0x3E8E3AE9, 0xBE5CBC14, 0x40013653, 0xBF6328EA, 0x3E60CEF9]
  must repeat batch tile vendor
}
