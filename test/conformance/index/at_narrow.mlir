// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// of a bf16 array an index outside gives NaN, in f32 and stored as bf16.
gemel.op @f[A, T](x: bf16[A], i: i32[T]) -> (y: f32[T], z: bf16[T]) {
  y = at(x, A = i)
  z = at(x, A = i)
}
gemel.check @f {
  case A = 5, T = 8
    given x = [0xBF63, 0x3E61, 0x3E8E, 0xBE5D, 0x4001]
    given i = [0, 4, 5, -1, 2, 2147483647, -2147483648, 2]
    expect y = [0xBF630000, 0x40010000, nan, nan, 0x3E8E0000, nan, nan, 0x3E8E0000]
    expect z = [0xBF63, 0x4001, nan, nan, 0x3E8E, nan, nan, 0x3E8E]
  must repeat batch tile vendor
}
