// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// or is lowest, then and, then not.
gemel.op @f[N](p: i1[N], q: i1[N], r: i1[N]) -> (y: i1[N], z: i1[N], u: i1[N], v: i1[N], w: i1[N], s: i1[N], t: i1[N]) {
  y = p or q and r
  z = p and q or r
  u = not p and q
  v = not p or not q
  w = not (p or q) and r
  s = not not p
  t = (p or q) and r
}
gemel.check @f {
  case N = 8
    given p = [false, false, false, false, true, true, true, true]
    given q = [false, false, true, true, false, false, true, true]
    given r = [false, true, false, true, false, true, false, true]
    expect y = [false, false, false, true, true, true, true, true]
    expect z = [false, true, false, true, false, true, true, true]
    expect u = [false, false, true, true, false, false, false, false]
    expect v = [true, true, true, true, true, true, false, false]
    expect w = [false, true, false, false, false, false, false, false]
    expect s = [false, false, false, false, true, true, true, true]
    expect t = [false, false, false, true, false, true, false, true]
  must repeat batch tile vendor
}
