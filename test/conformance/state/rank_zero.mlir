// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an array of rank 0 is read and written like any other.
gemel.op @f[N](inout step: i32[], inout r: f32[], x: f32[N], lr: f32[]) -> (y: f32[N]) {
  y = x * lr + step
  step = step + 1
  r = sum[N](y) + step
}
gemel.check @f {
  case N = 6
    given step = 2147483647
    given r = 0x41100000
    given x = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    given lr = 0xBEC1ABBE
    expect step = -2147483648
    expect y = [0x4F000000, 0x4F000000, 0x4F000000, 0x4F000000, 0x4F000000, 0x4F000000]
    expect r = 0x50200000
  must repeat batch tile vendor
}
