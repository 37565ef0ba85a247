// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// stop(...) and save around the maximum change no bits.
gemel.op @f[L](s: f32[L]) -> (z: f32[]) {
  save m = stop(max[L: blocks 4](s))
  z = sum[L: blocks 4](exp(s - m))
}
gemel.check @f {
  case L = 9
    given s = [
      0xC06452F4, 0xC0CAF842, 0xC062B579, 0xBEF47AA3, 0xC0E1BCE2, 0xBF393FAA, 0xBF3B0696, 0xC0C3E1F7,
      0xBEC58B07]
    expect z = 0x405B386E
  must repeat batch tile vendor
}
