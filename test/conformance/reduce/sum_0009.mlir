// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the default order over 9 terms: neighbours are added, an odd last one passes up.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.check @f {
  case N = 9
    given x = [
      0x415C5B6E, 0x404FEEF8, 0x3E35A3A3, 0xBF0F82F5, 0xBED78C2F, 0x3E64F523, 0xC17987BC, 0xBE134C7A,
      0xBEE1CF53]
    expect y = 0x3E8532CD
  must repeat batch tile vendor
}
