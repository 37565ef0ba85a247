// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the six comparisons; <> is unequal; x<-1.0 needs no space.
gemel.op @f[N](a: f32[N], b: f32[N]) -> (p: i1[N], q: i1[N], r: i1[N], s: i1[N], t: i1[N], u: i1[N], v: i1[N], w: i1[N]) {
  p = a<b  q = a <= b  r = a > b  s = a >= b  t = a == b  u = a <> b  v = a<-1.0  w = a>-1.0
}
gemel.check @f {
  case N = 4
    given a = [0x3F800000, 0x40000000, 0xC0000000, nan]
    given b = [0x3F800000, 0x3F800000, 0x40400000, 0x3F800000]
    expect p = [false, false, true, false]
    expect q = [true, false, true, false]
    expect r = [false, true, false, false]
    expect s = [true, true, false, false]
    expect t = [true, false, false, false]
    expect u = [false, true, true, true]
    expect v = [false, false, true, false]
    expect w = [true, true, false, false]
  must repeat batch tile vendor
}
