// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// several listed axes are one axis, row-major as written: [S, T] and [T, S] order the terms
// differently.
gemel.op @f[S, T, A](x: f32[S, T], i: i32[S, T]) -> (y: f32[A], z: f32[A]) {
  y = put[S, T](x, A = i)
  z = put[T, S](x, A = i)
}
gemel.check @f {
  case S = 6, T = 3, A = 3
    given x = [
      0x3F4342A2, 0x3E489332, 0xBFB2D446, 0x409B85C0, 0xBE2A4F42, 0x3F971224, 0x40C082FD, 0x40778B88,
      0x41649C86, 0x4086033B, 0xC00B4BD8, 0x3FEDB992, 0x3EF4369D, 0x3ED76793, 0xC15A2F1F, 0x40BEBCFD,
      0xBE314EFB, 0xBEE20EE6]
    given i = [
      1, 0, 1, 1, 0, 1, 0, 1,
      0, 0, 1, 1, 0, 1, 1, 0,
      2, 1]
    expect y = [0x41F7AC72, 0xC0967CEA, 0xBE314EFB]
    expect z = [0x41F7AC73, 0xC0967CEC, 0xBE314EFB]
  must repeat batch tile vendor
}
