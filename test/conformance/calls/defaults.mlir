// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a scalar with a default may be left out of a call.
gemel.op @norm[D](x: f32[D], eps: f32 = 0.5) -> (y: f32[D]) {
  y = x / sqrt(mean[D](sq(x)) + eps)
}
gemel.op @f[D](x: f32[D]) -> (y: f32[D], z: f32[D]) {
  y = norm(x)
  z = norm(x, 2.0)
}
gemel.check @f {
  case D = 6
    given x = [0x3EE8E19A, 0x4042F04A, 0xBF57F6D7, 0x40E390FC, 0xC0B9EED1, 0x3F1EBC9D]
    expect y = [0x3DE697FF, 0x3F410618, 0xBE55D7C6, 0x3FE154BF, 0xBFB81B45, 0x3E1D2D74]
    expect z = [0x3DDCACBB, 0x3F38B88B, 0xBE4CA4F8, 0x3FD7A36F, 0xBFB02FEA, 0x3E166AA3]
  must repeat batch tile vendor
}
