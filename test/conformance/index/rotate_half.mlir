// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// at with constants under where: the half rotation of rope.
gemel.op @f[P = 2, R](x: f32[P, R]) -> (y: f32[P, R]) {
  y = where(pos[P] == 0, -at(x, P = 1), at(x, P = 0))
}
gemel.check @f {
  case R = 4
    given x = [0x412A161A, 0x400633DD, 0xBEE190A9, 0xBEB1303B, 0x3E0708A5, 0xBF1A36C3, 0xC1023FC8, 0x4163A2DA]
    expect y = [0xBE0708A5, 0x3F1A36C3, 0x41023FC8, 0xC163A2DA, 0x412A161A, 0x400633DD, 0xBEE190A9, 0xBEB1303B]
  must repeat batch tile vendor
}
