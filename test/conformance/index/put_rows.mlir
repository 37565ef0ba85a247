// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the axes that put does not list stay: a scatter of rows.
gemel.op @f[T, D, A](x: f32[T, D], i: i32[T]) -> (y: f32[A, D]) {
  y = put[T](x, A = i)
}
gemel.check @f {
  case T = 6, D = 3, A = 2
    given x = [
      0x3F4342A2, 0x3E489332, 0xBFB2D446, 0x409B85C0, 0xBE2A4F42, 0x3F971224, 0x40C082FD, 0x40778B88,
      0x41649C86, 0x4086033B, 0xC00B4BD8, 0x3FEDB992, 0x3EF4369D, 0x3ED76793, 0xC15A2F1F, 0x40BEBCFD,
      0xBE314EFB, 0xBEE20EE6]
    given i = [1, 1, 0, 1, 5, 1]
    expect y = [0x40C082FD, 0x40778B88, 0x41649C86, 0x417C5726, 0xC0147C89, 0x3F9973B6]
  must repeat batch tile vendor
}
