// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// an inout that is only read keeps its value.
gemel.op @f[N](inout p: f32[N]) -> (y: f32[N]) {
  y = p + p
}
gemel.check @f {
  case N = 6
    given p = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    expect p = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    expect y = [0x4146288A, 0x3F6985CE, 0xBF41E5D3, 0xBE8C6779, 0x3EDE8CE1, 0xC18F7418]
  must repeat batch tile vendor
}
