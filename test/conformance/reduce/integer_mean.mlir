// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mean of integers is their sum / f32(size).
gemel.op @f[N](x: i32[N]) -> (y: f32[]) {
  y = mean[N](x)
}
gemel.check @f {
  case N = 2
    given x = [1, 2]
    expect y = 0x3FC00000
  case N = 3
    given x = [16777216, 1, 2]
    expect y = 0x4AAAAAAD
  case N = 3
    given x = [-7, 0, 3]
    expect y = 0xBFAAAAAB
  must repeat batch tile vendor
}
