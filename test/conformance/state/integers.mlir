// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// integer inouts wrap; i1 inouts hold true or false.
gemel.op @f[N](inout a: i32[N], inout b: i64[N], inout c: i1[N]) -> () {
  a = a + 1
  b = b - 1
  c = not c
}
gemel.check @f {
  case N = 3
    given a = [2147483647, -1, 5]
    given b = [-9223372036854775808, 0, 1099511627776]
    given c = [true, false, true]
    expect a = [-2147483648, 0, 6]
    expect b = [9223372036854775807, -1, 1099511627775]
    expect c = [false, true, false]
  must repeat batch tile vendor
}
