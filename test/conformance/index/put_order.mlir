// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// terms with equal index, ascending in position, are added in the default order of those
// terms alone; where there is none the sum is +0.
gemel.op @f[T, A](x: f32[T], i: i32[T]) -> (y: f32[A]) {
  y = put[T](x, A = i)
}
gemel.check @f {
  case T = 12, A = 4
    given x = [
      0x40CA56CE, 0x4059472C, 0xBF48F4AA, 0x3E7BE6B4, 0x3EE2F5C6, 0x3F1C0ED6, 0x40EB1474, 0x3EAD122E,
      0x4060B10A, 0x4017D650, 0x4015CBF6, 0x3F870442]
    given i = [
      1, 0, 1, 1, 2, 1, 1, 0,
      1, 0, 0, 1]
    expect y = [0x410722EE, 0x419271D4, 0x3EE2F5C6, 0x00000000]
  must repeat batch tile vendor
}
