// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// after the last block m and z are the final values: what reads them outside the reductions
// sees those.
gemel.op @f[L](s: f32[L]) -> (lse: f32[], y: f32[L]) {
  m = max[L: blocks 4](s)
  z = sum[L: blocks 4](exp(s - m))
  lse = m + log(z)
  y = exp(s - m) / z
}
gemel.check @f {
  case L = 10
    given s = [
      0x3EBBDF37, 0xBE8C39A3, 0xBFF640CC, 0xC0021BD0, 0x403FDB94, 0x3FC7BB17, 0xC0082E7C, 0x3EA45BE3,
      0xBFE4E69C, 0xBEABB8C9]
    expect lse = 0x4058F3BD
    expect y = [
      0x3D474D99, 0x3CD202CB, 0x3BA15594, 0x3B90A8DD, 0x3F2CF688, 0x3E245958, 0x3B839066, 0x3D3E5B79,
      0x3BB8C1E2, 0x3CC57B25]
  must repeat batch tile vendor
}
