// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32(i) of an i32 rounds to nearest even.
gemel.op @f[N](i: i32[N]) -> (y: f32[N], z: i32[N]) {
  y = f32(i)
  z = i
}
gemel.check @f {
  case N = 12
    given i = [
      0, 1, -1, 16777217, 16777218, 16777219, -16777219, 2147483647,
      -2147483648, 2147483583, 2147483584, 2147483585]
    expect y = [
      0x00000000, 0x3F800000, 0xBF800000, 0x4B800000, 0x4B800001, 0x4B800002, 0xCB800002, 0x4F000000,
      0xCF000000, 0x4EFFFFFF, 0x4F000000, 0x4F000000]
    expect z = [
      0, 1, -1, 16777217, 16777218, 16777219, -16777219, 2147483647,
      -2147483648, 2147483583, 2147483584, 2147483585]
  must repeat batch tile vendor
}
