// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// exp and quick(exp) are two functions: each keeps its own bits side by side.
gemel.op @f[N](x: f32[N]) -> (y: f32[N], z: f32[N], d: f32[N]) {
  y = exp(x)
  z = quick(exp)(x)
  d = exp(x) - quick(exp)(x)
}
gemel.check @f {
  case N = 8
    given x = [0xC0B7B22A, 0x3FD5495F, 0xC0FC70A9, 0x3FA13428, 0x3FB91F75, 0x4005AF5B, 0x3F93D568, 0xC0EB6C0B]
    expect y = [0x3B5293FB, 0x40A95CA2, 0x39C49332, 0x40617E1A, 0x4087E980, 0x41013505, 0x404B209C, 0x3A274974]
    expect z = [0x3B529446, 0x40A95C89, 0x39C49360, 0x40617E57, 0x4087E970, 0x41013524, 0x404B20E7, 0x3A274974]
    expect d = [0xB2960000, 0x37480000, 0xB0B80000, 0xB7740000, 0x37000000, 0xB7F80000, 0xB7960000, 0x00000000]
  must repeat batch tile vendor
}
