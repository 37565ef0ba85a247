// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// dot in blocks: each block is a chain from +0, the last may be short, and block results
// are one ascending chain of additions.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {
  y = dot[K: blocks 4](a, b)
}
gemel.check @f {
  case K = 8
    given a = [0x3F156300, 0x404CBAC5, 0x409328BE, 0x3EE85061, 0xC0FF953B, 0x3F6942F8, 0xC024D36B, 0x40D33765]
    given b = [0x40394436, 0x403F582F, 0x3F19786E, 0xBFDCB541, 0x3F765869, 0x3E8C8CF8, 0xC07685D9, 0xC02C9AC5]
    expect y = 0xC005B090
  must repeat batch tile
}
