// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// several contracted axes are one axis, row-major as written: [J, K] and [K, J] are
// different chains.
gemel.op @f[M, J, K](s: f32[M, J, K], t: f32[J, K]) -> (y: f32[M], z: f32[M], w: f32[M]) {
  y = dot[J, K](s, t)
  z = dot[K, J](s, t)
  w = dot[J, K: blocks 8](s, t)
}
gemel.check @f {
  case M = 2, J = 3, K = 4
    given s = [
      0x4068E331, 0x40FDEDD3, 0x3E39F22D, 0xBF82539D, 0x3FECE8A0, 0x3F1B79C3, 0x413CEAEA, 0x4019E41F,
      0xBF23CDC2, 0x41718B32, 0x3EDBD353, 0xBE7F4E86, 0x40270D2A, 0x3EA2E81E, 0x3E48D4E2, 0x416EA688,
      0x3FD8B04A, 0x407C0666, 0xBF38E83D, 0x4153A6F4, 0xC074B973, 0x3EE1C563, 0x410CEFA0, 0xC0121704]
    given t = [
      0x3F2A3D9E, 0xBFF90A42, 0xC1614884, 0x406732DB, 0x3F186C70, 0xBF3E9838, 0xC14787B2, 0x3F881BAC,
      0xBFA6A798, 0x3E5B5FD9, 0x40A6E956, 0xC0334EDD]
    expect y = [0xC31C498D, 0x4302CD06]
    expect z = [0xC31C498D, 0x4302CD07]
    expect w = [0xC31C498D, 0x4302CD06]
  must repeat batch tile
}
