// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// two blocks: r = r * c + t, two roundings, with c the exponential of the maxima's
// difference.
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {
  m = max[L: blocks 4](s)
  z = sum[L: blocks 4](exp(s - m))
}
gemel.check @f {
  case L = 8
    given s = [0xBEE8572B, 0xC0314DEA, 0xC0BD9DA4, 0x3EE74C78, 0xC07D1067, 0x3F90891C, 0x3F5BC522, 0x3F4E3A34]
    expect m = 0x3F90891C
    expect z = 0x404E86B1
  case L = 8
    given s = [0x407DAE05, 0x3FC36983, 0x3EE4CDF5, 0xBF38B422, 0xBF3F0C0C, 0xBF7E5095, 0xBFC0FA31, 0xC0C83BFA]
    expect m = 0x407DAE05
    expect z = 0x3F92C459
  case L = 8
    given s = [0xC045E349, 0xC00D226A, 0xBFCC72E6, 0xBF072EEA, 0xBED6BB41, 0x3EF1B067, 0x3FFBA244, 0x4069F2EB]
    expect m = 0x4069F2EB
    expect z = 0x3FA23EC8
  must repeat batch tile vendor
}
