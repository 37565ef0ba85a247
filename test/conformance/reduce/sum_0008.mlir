// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the default order over 8 terms: neighbours are added, an odd last one passes up.
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {
  y = sum[N](x)
}
gemel.check @f {
  case N = 8
    given x = [0x3E2DA6A8, 0xC04C01E5, 0x3E8CC4C9, 0x404BBF17, 0x4008A0B4, 0xC004D996, 0xBECAD233, 0xBF12AFFD]
    expect y = 0xBEF0778C
  must repeat batch tile vendor
}
