// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a reduction over some of the axes, not adjacent, leaves the others.
gemel.op @f[A, B, C](x: f32[A, B, C]) -> (y: f32[B], z: f32[A, C], m: f32[B]) {
  y = sum[A, C](x)
  z = sum[B](x)
  m = mean[C, A](x)
}
gemel.check @f {
  case A = 2, B = 3, C = 5
    given x = [
      0x3ECDAD99, 0xBFECCCD4, 0xBF3B1DBB, 0x411EB2FD, 0x3E90AA67, 0x4179A479, 0xBF5EAC00, 0x410E98FA,
      0x3FA8998A, 0x41799856, 0xBEE5E8B0, 0x3F39DDFD, 0xBF40CB91, 0xBE1B6BAD, 0xBE8BC9E6, 0xC081E4C5,
      0xBE0BDD2A, 0x3EFEC138, 0xBE4E9FE6, 0xBF715563, 0x3F00D8B0, 0xBF184C2B, 0xBE2D2F6F, 0xC10AF34D,
      0xBF4EF87D, 0x3EB1AD37, 0x4178BE7F, 0x3F4212DC, 0xC167BE60, 0xC05634F0]
    expect y = [0x404B7A8D, 0x41F677B8, 0xC005228C]
    expect z = [
      0x4178E2A0, 0xBFFF33D6, 0x40EDB4CA, 0x4131587F, 0x4179BF5A, 0xC04D5DB7, 0x416D0A48, 0x3F8B13CE,
      0xC1BAF616, 0xC0A32434]
    expect m = [0x3EA2C870, 0x40452C92, 0xBE550415]
  must repeat batch tile vendor
}
