// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an operand may be any expression, rounded as it stands before the chain.
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[], z: f32[]) {
  y = dot[K](a * 3.0, b + 1.0) + 1.0
  z = dot[K](a, a)
}
gemel.check @f {
  case K = 5
    given a = [0xC0FBC3C2, 0xBE3904E6, 0x416F35AA, 0xC053A82E, 0xC10531B9]
    given b = [0x3F677E58, 0xBED19784, 0x3EE1CB2B, 0x4143DB64, 0xC11E9AAB]
    expect y = 0x42DF29B6
    expect z = 0x43B6D84B
  must repeat batch tile
}
