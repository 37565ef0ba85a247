// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// pos is the element's own position along its axis, wherever the axis stands in memory.
gemel.op @f[A, B]() -> (y: i32[A, B], z: i32[B, A], d: f32[A, B]) {
  y = pos[A] * 10 + pos[B]
  z = pos[A] * 10 + pos[B]
  d = where(pos[A] == pos[B], 1.0, 0.0)
}
gemel.check @f {
  case A = 2, B = 3
    expect y = [0, 1, 2, 10, 11, 12]
    expect z = [0, 10, 1, 11, 2, 12]
    expect d = [0x3F800000, 0x00000000, 0x00000000, 0x00000000, 0x3F800000, 0x00000000]
  must repeat batch tile vendor
}
