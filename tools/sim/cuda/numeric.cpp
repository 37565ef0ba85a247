// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rounds exact values to floating-point formats.

#include "numeric.h"

#include <algorithm>

namespace cudasim {

uint64_t encodeParts(bool sign, uint64_t m, int e, Format format, Round round) {
  const unsigned mantissa = format.mantissa;
  const uint64_t signBit = uint64_t(sign) << (mantissa + format.exponent);
  const uint64_t infinity = ((1ull << format.exponent) - 1) << mantissa;
  if (!m)
    return signBit;
  int least = 2 - (1 << (format.exponent - 1)); // exponent of the least normal
  int top = e + 63 - std::countl_zero(m);       // exponent of the leading bit
  int exponent = std::max(top, least);
  int lsb = exponent - static_cast<int>(mantissa);
  int shift = lsb - e;
  uint64_t n, rest = 0, half = 1; // rest in units where `half` is half an lsb
  if (shift <= 0) {
    n = m << -shift;
  } else if (shift < 64) {
    n = m >> shift;
    rest = m & ((1ull << shift) - 1);
    half = 1ull << (shift - 1);
  } else if (shift == 64) {
    n = 0;
    rest = m;
    half = 1ull << 63;
  } else {
    n = 0;
    rest = 1;
    half = 2;
  }
  bool up = false;
  switch (round) {
  case Round::Nearest:
    up = rest > half || (rest == half && (n & 1));
    break;
  case Round::NearestAway:
    up = rest >= half;
    break;
  case Round::Zero:
    break;
  case Round::Down:
    up = rest && sign;
    break;
  case Round::Up:
    up = rest && !sign;
    break;
  }
  if (exponent - least >= (1 << format.exponent))
    n = infinity; // far out of range: keep the shift below defined
  uint64_t bits = n >= infinity
                      ? infinity
                      : (uint64_t(exponent - least) << mantissa) + n + up;
  if (bits >= infinity) {
    bool toInfinity = round == Round::Nearest || round == Round::NearestAway ||
                      (round == Round::Up && !sign) ||
                      (round == Round::Down && sign);
    bits = toInfinity ? infinity : infinity - 1;
  }
  return signBit | bits;
}

uint64_t encodeFloat(double x, Format format, Round round) {
  uint64_t bits = std::bit_cast<uint64_t>(x);
  bool sign = bits >> 63;
  int field = bits >> 52 & 0x7ff;
  uint64_t fraction = bits & ((1ull << 52) - 1);
  if (field == 0x7ff) {
    uint64_t infinity = ((1ull << format.exponent) - 1) << format.mantissa;
    if (fraction)
      return (1ull << (format.mantissa + format.exponent)) - 1;
    return uint64_t(sign) << (format.mantissa + format.exponent) | infinity;
  }
  uint64_t m = field ? fraction | 1ull << 52 : fraction;
  return encodeParts(sign, m, (field ? field : 1) - 1075, format, round);
}

} // namespace cudasim
