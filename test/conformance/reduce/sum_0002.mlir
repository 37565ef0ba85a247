// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the default order over 2 terms: neighbours are added, an odd last one passes up.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.check @f {
  case N = 2
    given x = [0xBE381C67, 0x3E25046D]
    expect y = 0xBC98BFD0
  must repeat batch tile vendor
}
