// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a sum of -0 terms is -0, of no terms +0.
gemel.op @f[T, A](x: f32[T], i: i32[T]) -> (y: f32[A]) {
  y = put[T](x, A = i)
}
gemel.check @f {
  case T = 5, A = 3
    given x = [0x80000000, 0x80000000, 0x00000000, 0x80000000, 0x80000000]
    given i = [0, 0, 1, 1, 0]
    expect y = [0x80000000, 0x00000000, 0x00000000]
  must repeat batch tile vendor
}
