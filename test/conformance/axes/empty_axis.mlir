// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a launch with an empty axis is legal: it writes what the text gives, also where only the
// reduced axis is empty.
gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[A, B], s: f32[A], t: f32[B], n: i32[]) {
  y = x + 1.0
  s = sum[B](x) + 1.0
  t = max[A](x)
  n = size[A] - size[B]
}
gemel.check @f {
  case A = 0, B = 0
    given x = []
    expect y = []
    expect s = []
    expect t = []
    expect n = 0
  case A = 0, B = 2
    given x = []
    expect y = []
    expect s = []
    expect t = [-inf, -inf]
    expect n = -2
  case A = 2, B = 0
    given x = []
    expect y = []
    expect s = [0x3F800000, 0x3F800000]
    expect t = []
    expect n = 2
  case A = 1, B = 1
    given x = [0x3F800000]
    expect y = [0x40000000]
    expect s = [0x40000000]
    expect t = [0x3F800000]
    expect n = 0
  must repeat batch tile vendor
}
