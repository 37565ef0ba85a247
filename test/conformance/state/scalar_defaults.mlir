// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a by-value scalar with a default has it where the caller gives none; a decimal one goes
// through f64 to f32.
gemel.op @f[N](x: f32[N], a: f32 = 0.1, n: i32 = -100, l: i64 = 3000000000) -> (y: f32[N], z: i64[N]) {
  y = x * a
  z = n + l + 0 * pos[N]
}
gemel.check @f {
  case N = 6
    given x = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    expect y = [0x3F1E86D5, 0x3D3AD172, 0xBD1B1E43, 0xBC60A58F, 0x3CB20A4E, 0xBF65868D]
    expect z = [
      2999999900, 2999999900, 2999999900, 2999999900,
      2999999900, 2999999900]
  case N = 6
    given x = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    given a = 0x40400000
    given n = 5
    given l = -7
    expect y = [0x41949E68, 0x3FAF245A, 0xBF916C5E, 0xBED29B36, 0x3F26E9A9, 0xC1D72E24]
    expect z = [
      -2, -2, -2, -2,
      -2, -2]
  case N = 6
    given x = [0x40C6288A, 0x3EE985CE, 0xBEC1E5D3, 0xBE0C6779, 0x3E5E8CE1, 0xC10F7418]
    given n = 0
    expect y = [0x3F1E86D5, 0x3D3AD172, 0xBD1B1E43, 0xBC60A58F, 0x3CB20A4E, 0xBF65868D]
    expect z = [
      3000000000, 3000000000, 3000000000, 3000000000,
      3000000000, 3000000000]
  must repeat batch tile vendor
}
