// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// functions' names are free for values: a word before ( or [ is a function, otherwise a
// value.
gemel.op @f[N, M](max: f32[N, M], size: f32[N]) -> (sum: f32[N], index: f32[N]) {
  exp = max * size
  sum = sum[M](exp)
  index = size * size[N] + max(size, 0.0)
}
gemel.check @f {
  case N = 2, M = 4
    given max = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    given size = [0xC13E9C9D, 0xBE41AB37]
    expect sum = [0x4369A560, 0x3F2181C4]
    expect index = [0xC1BE9C9D, 0xBEC1AB37]
  must repeat batch tile vendor
}
