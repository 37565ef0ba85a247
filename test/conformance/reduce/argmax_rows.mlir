// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// argmax along each of two axes; ties go to the first position.
gemel.op @f[A, B](x: f32[A, B]) -> (y: i32[A], z: i32[B]) {
  y = argmax[B](x)
  z = argmax[A](x)
}
gemel.check @f {
  case A = 3, B = 4
    given x = [
      0x3F800000, 0x40800000, 0x40800000, 0x00000000, 0x40A00000, 0x40800000, 0x40A00000, 0xBF800000,
      0x40A00000, 0x40400000, 0x40C00000, 0x00000000]
    expect y = [1, 0, 2]
    expect z = [1, 0, 2, 0]
  must repeat batch tile vendor
}
