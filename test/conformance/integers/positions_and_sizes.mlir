// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// pos and size are i32 and compute as such.
gemel.op @f[A, B](x: i32[A, B]) -> (y: i32[A, B], z: f32[A]) {
  y = x + pos[A] * size[B] + pos[B]
  z = pos[A] / size[A]
}
gemel.check @f {
  case A = 3, B = 2
    given x = [100, 100, 100, 100, 100, 100]
    expect y = [100, 101, 102, 103, 104, 105]
    expect z = [0x00000000, 0x3EAAAAAB, 0x3F2AAAAB]
  must repeat batch tile vendor
}
