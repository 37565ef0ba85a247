// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// the factor may be multiplied by anything that is free of m, on either side.
gemel.op @f[L](s: f32[L], w: f32[L]) -> (y: f32[], z: f32[]) {
  m = max[L: blocks 4](s)
  y = sum[L: blocks 4](exp(s - m) * w)
  z = sum[L: blocks 4](w * exp(s - m))
}
gemel.check @f {
  case L = 10
    given s = [
      0x3EBBDF37, 0xBE8C39A3, 0xBFF640CC, 0xC0021BD0, 0x403FDB94, 0x3FC7BB17, 0xC0082E7C, 0x3EA45BE3,
      0xBFE4E69C, 0xBEABB8C9]
    given w = [
      0x417661AB, 0x410961F6, 0x3F2C0A4E, 0xC12222F7, 0xC07651D2, 0x3F55173D, 0xC0B93FFB, 0xBF473B52,
      0xBFDB3D56, 0xC09F613D]
    expect y = 0xC023AD93
    expect z = 0xC023AD93
  must repeat batch tile vendor
}
