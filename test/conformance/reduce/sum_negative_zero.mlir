// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// positions outside the axis hold -0 in a sum, so a sum of -0 alone is -0, whatever the
// number of terms; the empty sum is +0.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.check @f {
  case N = 1
    given x = [0x80000000]
    expect y = 0x80000000
  case N = 2
    given x = [0x80000000, 0x80000000]
    expect y = 0x80000000
  case N = 3
    given x = [0x80000000, 0x80000000, 0x80000000]
    expect y = 0x80000000
  case N = 5
    given x = [0x80000000, 0x80000000, 0x80000000, 0x80000000, 0x80000000]
    expect y = 0x80000000
  case N = 9
    given x = [
      0x80000000, 0x80000000, 0x80000000, 0x80000000, 0x80000000, 0x80000000, 0x80000000, 0x80000000,
      0x80000000]
    expect y = 0x80000000
  case N = 3
    given x = [0x80000000, 0x80000000, 0x00000000]
    expect y = 0x00000000
  case N = 2
    given x = [0x00000000, 0x80000000]
    expect y = 0x00000000
  case N = 0
    given x = []
    expect y = 0x00000000
  must repeat batch tile vendor
}
