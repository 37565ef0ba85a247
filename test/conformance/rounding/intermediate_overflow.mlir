// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an intermediate overflow is inf: no wider range is used inside.
gemel.op @f[N](x: f32[N]) -> (y: f32[N], z: f32[N]) {
  y = x * x / x
  z = x + x - x
}
gemel.check @f {
  case N = 2
    given x = [0x71800000, 0xFF000000]
    expect y = [inf, -inf]
    expect z = [0x71800000, -inf]
  must repeat batch tile vendor
}
