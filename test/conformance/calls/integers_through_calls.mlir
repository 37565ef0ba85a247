// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// integer arguments stay integers.
gemel.op @bucket(i: i32, n: i32 = 4) -> (y: i32) {
  y = mod(i, n) + div(i, n) * 100
}
gemel.op @f[N](i: i32[N]) -> (y: i32[N], z: i32[N]) {
  y = bucket(i)
  z = bucket(i, 3)
}
gemel.check @f {
  case N = 4
    given i = [-5, 0, 7, -2147483648]
    expect y = [-197, 0, 103, -2147483648]
    expect z = [-199, 0, 201, 1431655733]
  must repeat batch tile vendor
}
