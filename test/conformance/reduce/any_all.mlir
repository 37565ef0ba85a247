// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// any and all; empty: any false, all true.
gemel.op @f[N](x: i1[N]) -> (y: i1[], z: i1[]) {
  y = any[N](x)
  z = all[N](x)
}
gemel.check @f {
  case N = 0
    given x = []
    expect y = false
    expect z = true
  case N = 1
    given x = [true]
    expect y = true
    expect z = true
  case N = 1
    given x = [false]
    expect y = false
    expect z = false
  case N = 9
    given x = [true, true, true, true, true, true, true, true, true]
    expect y = true
    expect z = true
  case N = 9
    given x = [false, false, false, false, false, false, false, false, true]
    expect y = true
    expect z = false
  case N = 3
    given x = [false, false, false]
    expect y = false
    expect z = false
  case N = 7
    given x = [true, true, true, true, true, true, false]
    expect y = true
    expect z = false
  must repeat batch tile vendor
}
