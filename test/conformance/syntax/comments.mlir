// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// // starts a comment anywhere, to the line's end.
// Before the op: y = 0.0
gemel.op @f[N](a: f32[N]) // -> (z: f32[N])
    -> (y: f32[N]) { // y = a
  y = a // + a
    * a // }
  // y = 1.0
}
gemel.check @f {
  case N = 8
    given a = [0x3E2C5DEB, 0xC0C3EF10, 0xC15CEE4D, 0x3E1A17C3, 0xC03F4A81, 0x3FEEA635, 0x3FD6FC18, 0xC0790350]
    expect y = [0x3CE81CAC, 0x4215F612, 0x433EAA72, 0x3CB98132, 0x410EF042, 0x405E7976, 0x40348A70, 0x41723772]
  must repeat batch tile vendor
}
