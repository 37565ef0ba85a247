// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// inf, NaN, cancellation to +0 and subnormal sums.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {
  y = dot[K](a, b)
}
gemel.check @f {
  case K = 2
    given a = [0x3F800000, inf]
    given b = [0x40000000, 0x40400000]
    expect y = inf
  case K = 2
    given a = [0x00000000, 0x3F800000]
    given b = [inf, 0x3F800000]
    expect y = nan
  case K = 2
    given a = [inf, inf]
    given b = [0x3F800000, 0xBF800000]
    expect y = nan
  case K = 2
    given a = [nan, 0x3F800000]
    given b = [0x3F800000, 0x3F800000]
    expect y = nan
  case K = 2
    given a = [0x3F800000, 0xBF800000]
    given b = [0x3F800000, 0x3F800000]
    expect y = 0x00000000
  case K = 3
    given a = [0x3F800000, 0x3F800000, 0xBF800000]
    given b = [0x40400000, 0xC0000000, 0x3F800000]
    expect y = 0x00000000
  case K = 2
    given a = [0x1A000000, 0x00000001]
    given b = [0x1A800000, 0x3F800000]
    expect y = 0x00000002
  case K = 2
    given a = [0x0D800000, 0x0D800000]
    given b = [0x27000000, 0x27000000]
    expect y = 0x00000002
  case K = 2
    given a = [0x71800000, 0x3F800000]
    given b = [0x71800000, 0x3F800000]
    expect y = inf
  must repeat batch tile
}
