// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// true and false are i1 values.
gemel.op @f[N](p: i1[N]) -> (y: i1[N], z: i32[N], t: i1[N]) {
  y = p and true or false
  z = where(true, 1, 2) + where(p, 0, 10)
  t = not false
}
gemel.check @f {
  case N = 2
    given p = [true, false]
    expect y = [true, false]
    expect z = [1, 11]
    expect t = [true, true]
  must repeat batch tile vendor
}
