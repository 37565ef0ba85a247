// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Floating-point formats: exact conversion with every rounding mode.

#ifndef GEMEL_SIM_CUDA_NUMERIC_H
#define GEMEL_SIM_CUDA_NUMERIC_H

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <immintrin.h>

namespace cudasim {

enum class Round : uint8_t {
  Nearest,     // .rn: ties to even
  Zero,        // .rz
  Down,        // .rm
  Up,          // .rp
  NearestAway, // .rna
};

struct Format {
  unsigned mantissa, exponent; // stored bits
};
inline constexpr Format kF16{10, 5}, kBF16{7, 8}, kTF32{10, 8}, kF32{23, 8},
    kF64{52, 11};

/// What the chips give for a NaN result in the 16- and 32-bit formats (PTX
/// ISA, "Floating Point Instructions": canonical NaN).
inline constexpr uint32_t kNaN32 = 0x7fffffff;
inline constexpr uint16_t kNaN16 = 0x7fff;

/// Bits of (-1)^sign * m * 2^e rounded once to \p format.
uint64_t encodeParts(bool sign, uint64_t m, int e, Format format, Round round);
/// Bits of \p x rounded once to \p format; NaN becomes all ones but the sign.
uint64_t encodeFloat(double x, Format format, Round round);

inline float bitsToF32(uint32_t bits) { return std::bit_cast<float>(bits); }
inline uint32_t f32ToBits(float f) { return std::bit_cast<uint32_t>(f); }

inline float canonical(float f) { return f == f ? f : bitsToF32(kNaN32); }
inline double canonical(double d) { return d; }

inline float flush(float f) {
  return std::fabs(f) < 0x1p-126f ? std::copysign(0.0f, f) : f;
}
inline double flush(double d) { return d; }
/// .sat: to [0, 1]; NaN to +0.
template <class T>
inline T saturate(T v) {
  return v > T(0) ? (v < T(1) ? v : T(1)) : T(0);
}

inline float f16ToF32(uint16_t h) { return _cvtsh_ss(h); }
inline uint16_t f32ToF16(float f) {
  return f == f ? _cvtss_sh(f, _MM_FROUND_TO_NEAREST_INT) : kNaN16;
}
inline float bf16ToF32(uint16_t h) { return bitsToF32(uint32_t(h) << 16); }
inline uint16_t f32ToBF16(float f) {
  uint32_t bits = f32ToBits(f);
  uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  return f == f ? static_cast<uint16_t>(rounded) : kNaN16;
}
inline uint32_t f32ToTF32(float f, Round round) {
  // A tf32 lies in the upper 19 bits of a 32-bit register.
  return f == f ? uint32_t(encodeFloat(f, kTF32, round) << 13) : kNaN32;
}

/// a*b+c rounded to odd: exact where it fits a double, otherwise with the last
/// bit set, so that one more rounding to 24 bits or fewer is correct.
/// Operands are of 16-bit formats or f32: the product is exact.
inline double fmaToOdd(double a, double b, double c) {
  double p = a * b, s = p + c;
  if (!std::isfinite(s))
    return s;
  double t = s - p, error = (p - (s - t)) + (c - t);
  uint64_t bits = std::bit_cast<uint64_t>(s);
  if (error != 0 && !(bits & 1)) {
    // The neighbour on the error's side is odd.
    bool away = (error > 0) == (s > 0);
    bits += away ? 1 : -1;
  }
  return std::bit_cast<double>(bits);
}

/// One rounding from double to a 16-bit format.
inline uint16_t f64ToF16(double d) {
  return static_cast<uint16_t>(encodeFloat(d, kF16, Round::Nearest));
}
inline uint16_t f64ToBF16(double d) {
  return static_cast<uint16_t>(encodeFloat(d, kBF16, Round::Nearest));
}

} // namespace cudasim

#endif
