// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an empty sum is +0 in the order blocks 4 too; one term is itself.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N: blocks 4](x)
}
gemel.check @f {
  case N = 0
    given x = []
    expect y = 0x00000000
  case N = 1
    given x = [0x3FC00000]
    expect y = 0x3FC00000
  must repeat batch tile vendor
}
