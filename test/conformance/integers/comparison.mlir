// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// integers are compared signed, at full width.
gemel.op @f[N](a: i64[N], b: i64[N]) -> (lt: i1[N], eq: i1[N], ge: i1[N], ne: i1[N]) {
  lt = a < b
  eq = a == b
  ge = a >= b
  ne = a <> b
}
gemel.check @f {
  case N = 5
    given a = [
      9007199254740992, -1, -9223372036854775808, 5,
      -4294967296]
    given b = [
      9007199254740993, 1, 9223372036854775807, 5,
      0]
    expect lt = [true, true, true, false, true]
    expect eq = [false, false, false, true, false]
    expect ge = [false, false, false, true, false]
    expect ne = [true, true, true, false, true]
  must repeat batch tile vendor
}
