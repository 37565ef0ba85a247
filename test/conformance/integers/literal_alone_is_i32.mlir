// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// literals alone are i32: their product wraps before it meets an i64.
gemel.op @f[N](b: i64[N]) -> (y: i64[N], z: i64[N]) {
  y = (65536 * 65536) + b
  z = (2147483647 + 1) + b
}
gemel.check @f {
  case N = 4
    given b = [1, -1, 8589934592, -8589934592]
    expect y = [1, -1, 8589934592, -8589934592]
    expect z = [-2147483647, -2147483649, 6442450944, -10737418240]
  must repeat batch tile vendor
}
