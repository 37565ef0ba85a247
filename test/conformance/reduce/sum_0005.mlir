// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the default order over 5 terms: neighbours are added, an odd last one passes up.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.check @f {
  case N = 5
    given x = [0x3EE11089, 0xBF8C6E87, 0xC121902D, 0x40F1873B, 0x4012C468]
    expect y = 0xBF6A0C20
  must repeat batch tile vendor
}
