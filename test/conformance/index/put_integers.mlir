// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// integers are added wrapping; a histogram counts ones.
gemel.op @f[T, A](x: i32[T], i: i32[T]) -> (y: i32[A], n: i32[A]) {
  y = put[T](x, A = i)
  n = put[T](where(x > 0, 1, 0), A = i)
}
gemel.check @f {
  case T = 6, A = 2
    given x = [2147483647, 1, 2, 3, -4, 2147483647]
    given i = [0, 0, 1, 2, 1, 0]
    expect y = [-1, -2]
    expect n = [3, 1]
  must repeat batch tile vendor
}
