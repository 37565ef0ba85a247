// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Element types and the rounding of the chip.

#ifndef GEMEL_SIM_ASCEND_NUMERIC_H
#define GEMEL_SIM_ASCEND_NUMERIC_H

#include "include/cce_codes.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace ascendsim {

using f16 = _Float16;
struct bf16 {
  uint16_t bits;
};

inline uint16_t bitsOf(f16 x) { return std::bit_cast<uint16_t>(x); }
inline uint32_t bitsOf(float x) { return std::bit_cast<uint32_t>(x); }
inline float widen(bf16 x) {
  return std::bit_cast<float>(static_cast<uint32_t>(x.bits) << 16);
}
bf16 narrow(float x); // to nearest even

/// A number rounded to a whole one as cce_round says.
double roundWhole(double x, int mode);
/// A number rounded to \p precision bits with least exponent \p least, as
/// cce_round says; beyond \p largest it is infinite.
double roundFloat(double x, int precision, int least, double largest, int mode);

/// f16 results in saturation mode: no infinities, no NaN.
inline f16 saturate(f16 x) {
  uint16_t b = bitsOf(x) & 0x7fff;
  if (b < 0x7c00)
    return x;
  return b > 0x7c00 ? f16(0) : x > 0 ? f16(65504) : f16(-65504);
}

/// -1, 0 or 1 by a hash of the operands' bits, or as the switch says.
enum class Ulp { hash, exact, up, down };
inline int32_t moveOf(uint32_t a, uint32_t b, Ulp how) {
  if (how != Ulp::hash)
    return how == Ulp::exact ? 0 : how == Ulp::up ? 1 : -1;
  uint32_t h = (a * 0x9e3779b1u) ^ (b * 0x85ebca77u + 0x165667b1u);
  h ^= h >> 15;
  h *= 0x2c1b3c6du;
  h ^= h >> 13;
  return static_cast<int32_t>((h >> 16) * 3 >> 16) - 1;
}
/// A result moved by some units in the last place; specials, zero and what
/// would leave the normal numbers stay.
inline float moved(float x, int32_t by) {
  uint32_t b = bitsOf(x), m = b & 0x7fffffff;
  uint32_t to = m + static_cast<uint32_t>(by);
  bool stays =
      m < 0x00800000 || m >= 0x7f800000 || to < 0x00800000 || to >= 0x7f800000;
  return stays ? x : std::bit_cast<float>((b & 0x80000000) | to);
}
inline f16 moved(f16 x, int32_t by) {
  uint16_t b = bitsOf(x), m = b & 0x7fff;
  uint32_t to = m + static_cast<uint32_t>(by);
  bool stays = m < 0x0400 || m >= 0x7c00 || to < 0x0400 || to >= 0x7c00;
  return stays ? x
               : std::bit_cast<f16>(static_cast<uint16_t>((b & 0x8000) | to));
}

template <class T>
T saturateTo(double x) {
  if (x != x)
    return 0;
  constexpr double low = static_cast<double>(std::numeric_limits<T>::min());
  constexpr double high = static_cast<double>(std::numeric_limits<T>::max());
  if (x <= low)
    return std::numeric_limits<T>::min();
  if (x >= high)
    return std::numeric_limits<T>::max();
  return static_cast<T>(x);
}

} // namespace ascendsim

#endif
