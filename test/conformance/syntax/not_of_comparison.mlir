// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// not a < b is true where either is NaN: it is not a >= b.
gemel.op @f[N](a: f32[N], b: f32[N]) -> (y: i1[N], z: i1[N]) {
  y = not a < b
  z = a >= b
}
gemel.check @f {
  case N = 4
    given a = [0x3F800000, nan, 0x40000000, nan]
    given b = [0x3F800000, 0x3F800000, nan, 0x40400000]
    expect y = [true, true, true, true]
    expect z = [true, false, false, false]
  must repeat batch tile vendor
}
