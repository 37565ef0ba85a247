// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an index outside adds nothing, a NaN there neither; no terms, or an empty axis, give +0.
gemel.op @f[T, A](x: f32[T], i: i32[T]) -> (y: f32[A]) {
  y = put[T](x, A = i)
}
gemel.check @f {
  case T = 8, A = 3
    given x = [0xC13520F4, nan, 0x3E0EEB61, 0x3EE0B529, 0x3F95593C, 0xBFFB5001, 0xBFF6576F, 0xBE03045F]
    given i = [0, -1, 2, 3, -2147483648, 2147483647, 2, 0]
    expect y = [0xC1372D05, 0x00000000, 0xBFE47A03]
  case T = 0, A = 3
    given x = []
    given i = []
    expect y = [0x00000000, 0x00000000, 0x00000000]
  case T = 2, A = 0
    given x = [0x3F800000, 0x40000000]
    given i = [0, 1]
    expect y = []
  must repeat batch tile vendor
}
