// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// shared axes that are not contracted are batch axes.
gemel.op @f[B, M, K](p: f32[B, M, K], q: f32[B, K]) -> (y: f32[B, M], z: f32[M, B]) {
  y = dot[K](p, q)
  z = dot[K](q, p)
}
gemel.check @f {
  case B = 2, M = 3, K = 4
    given p = [
      0xBFDE9882, 0x402046F3, 0x3EC04A31, 0xC0A1A658, 0xC097657C, 0x3F3C3EA5, 0xC05BE282, 0x3FB43F03,
      0x3EC0DAAA, 0x3F4F9BF8, 0x3F4B3DD7, 0x3E846A1D, 0xC0362B6D, 0x3F9E6F38, 0x41258BC8, 0x40964255,
      0xBE28F563, 0xC155BDF7, 0xC0DEA8D1, 0xBEAFBBC7, 0xBE16F407, 0xBECA5D18, 0x404AC572, 0xBE91347E]
    given q = [0x409EE30E, 0x3EDECEA9, 0x407C7323, 0x3F9F4EED, 0xC0369777, 0x3EDFED97, 0xBFFDCD69, 0xC035E6AA]
    expect y = [0xC1459BE7, 0xC20BE20A, 0x40B5A70A, 0xC1C9983F, 0x411667FC, 0xC0A74F56]
    expect z = [0xC1459BE7, 0xC1C9983F, 0xC20BE20A, 0x411667FC, 0x40B5A70A, 0xC0A74F56]
  must repeat batch tile
}
