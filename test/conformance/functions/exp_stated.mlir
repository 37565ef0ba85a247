// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// exp is +0 far below, at -inf too, inf far above, NaN for NaN, and subnormal in between;
// quick(exp) agrees at the ends.
gemel.op @f[N](x: f32[N]) -> (y: f32[N], z: f32[N]) {
  y = exp(x)
  z = quick(exp)(x)
}
gemel.check @f {
  case N = 6
    given x = [-inf, 0xC47A0000, 0xC3480000, 0x447A0000, inf, nan]
    expect y = [0x00000000, 0x00000000, 0x00000000, inf, inf, nan]
    expect z = [0x00000000, 0x00000000, 0x00000000, inf, inf, nan]
  must repeat batch tile vendor
}
gemel.op @g[N](x: f32[N]) -> (y: i1[N]) {
  y = exp(x) > 0.0 and exp(x) < 1.1754943e-38
}
gemel.check @g {
  case N = 3
    given x = [0xC2B40000, 0xC2BE0000, 0xC2C80000]
    expect y = [true, true, true]
  must repeat batch tile vendor
}
