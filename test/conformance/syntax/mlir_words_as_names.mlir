// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MLIR's own keywords are ordinary names.
gemel.op @f[N](loc: f32[N], type: f32[N], step: f32[]) -> (to: f32[N], module: f32[N]) {
  func = loc + type
  to = func * step
  module = loc - func
}
gemel.check @f {
  case N = 8
    given loc = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    given type = [0xC13E9C9D, 0xBE41AB37, 0xC0F1567D, 0x4029CEE7, 0xC0AFECD0, 0xC136EC9A, 0xC126716C, 0x3F988881]
    given step = 0x40400000
    expect to = [0xC20CF05C, 0xC1977D50, 0xC2801994, 0x4106944A, 0xC1CBAD8C, 0xC1E5A3BC, 0xC1D15ADE, 0xC1018F4C]
    expect module = [0x413E9C9D, 0x3E41AB40, 0x40F1567E, 0xC029CEE7, 0x40AFECD0, 0x4136EC9A, 0x4126716C, 0xBF988880]
  must repeat batch tile vendor
}
