// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// stop keeps -0, inf, NaN and subnormals.
gemel.op @f[N](a: f32[N]) -> (y: f32[N]) {
  y = stop(a)
}
gemel.check @f {
  case N = 6
    given a = [0x80000000, inf, -inf, nan, 0x00000001, 0x80000001]
    expect y = [0x80000000, inf, -inf, nan, 0x00000001, 0x80000001]
  must repeat batch tile vendor
}
