// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Exact sums of products, rounded once.

#include "mma.h"

#include "numeric.h"

#include <algorithm>

namespace cudasim {

namespace {

/// A signed fixed-point number that holds every sum of products of f32-range
/// values: bit 0 has weight 2^kLow.
class Wide {
public:
  static constexpr int kWords = 11, kLow = -352;

  void add(double v) {
    if (v == 0)
      return;
    uint64_t bits = std::bit_cast<uint64_t>(v);
    int field = bits >> 52 & 0x7ff;
    uint64_t m = bits & ((1ull << 52) - 1);
    if (field)
      m |= 1ull << 52;
    else
      field = 1;
    int position = field - 1075 - kLow;
    // Terms are at least 2^-298: nothing lies below the lowest bit.
    int word = position / 64, shift = position % 64;
    uint64_t parts[2] = {m << shift, shift ? m >> (64 - shift) : 0};
    bool negative = bits >> 63;
    uint64_t carry = 0;
    for (int i = word; i < kWords; ++i) {
      uint64_t part = i - word < 2 ? parts[i - word] : 0;
      unsigned __int128 t;
      if (negative) {
        t = static_cast<unsigned __int128>(words[i]) - part - carry;
        carry = (t >> 64) ? 1 : 0;
      } else {
        t = static_cast<unsigned __int128>(words[i]) + part + carry;
        carry = uint64_t(t >> 64);
      }
      words[i] = uint64_t(t);
      if (i - word >= 1 && !carry)
        break;
    }
  }

  /// Sign, leading 64 bits (the last one sticky) and their exponent.
  bool parts(bool &sign, uint64_t &m, int &exponent) {
    sign = words[kWords - 1] >> 63;
    if (sign) {
      uint64_t carry = 1;
      for (uint64_t &w : words) {
        w = ~w + carry;
        carry = carry && w == 0;
      }
    }
    int top = kWords - 1;
    while (top >= 0 && !words[top])
      --top;
    if (top < 0)
      return false;
    int lead = std::countl_zero(words[top]);
    m = words[top] << lead;
    uint64_t rest = 0;
    if (lead && top) {
      m |= words[top - 1] >> (64 - lead);
      rest |= words[top - 1] << lead;
    } else if (top) {
      rest |= words[top - 1];
    }
    for (int i = 0; i < top - 1; ++i)
      rest |= words[i];
    m |= rest != 0;
    exponent = top * 64 - lead + kLow;
    return true;
  }

private:
  uint64_t words[kWords] = {};
};

struct Sum {
  bool nan = false, infinite = false, zero = false, sign = false;
  uint64_t m = 0;
  int exponent = 0;
};

Sum sumOf(double c, const float *a, const float *b, int k, int strideB) {
  Wide wide;
  Sum s;
  bool plus = false, minus = false, allNegative = true;
  auto term = [&](double v) {
    if (v != v)
      s.nan = true;
    else if (std::isinf(v))
      (v > 0 ? plus : minus) = true;
    else
      wide.add(v);
    allNegative &= std::signbit(v);
  };
  term(c);
  for (int i = 0; i < k; ++i)
    term(double(a[i]) * double(b[i * strideB]));
  s.nan |= plus && minus;
  s.infinite = plus || minus;
  s.sign = minus;
  if (s.nan || s.infinite)
    return s;
  if (!wide.parts(s.sign, s.m, s.exponent)) {
    s.zero = true;
    s.sign = allNegative;
  }
  return s;
}

} // namespace

uint32_t exactDotF32(double c, const float *a, const float *b, int k,
                     int strideB) {
  Sum s = sumOf(c, a, b, k, strideB);
  uint32_t sign = uint32_t(s.sign) << 31;
  if (s.nan)
    return kNaN32;
  if (s.infinite || (!s.zero && s.exponent + 63 >= 128))
    return sign | 0x7f800000u;
  if (s.zero)
    return sign;
  return uint32_t(encodeParts(s.sign, s.m, s.exponent, kF32, Round::Zero));
}

uint16_t exactDotF16(double c, const float *a, const float *b, int k,
                     int strideB) {
  Sum s = sumOf(c, a, b, k, strideB);
  uint16_t sign = static_cast<uint16_t>(s.sign << 15);
  if (s.nan)
    return kNaN16;
  if (s.infinite)
    return sign | 0x7c00;
  if (s.zero)
    return sign;
  return uint16_t(encodeParts(s.sign, s.m, s.exponent, kF16, Round::Nearest));
}

void multiplyF32(const float *a, const float *b, const float *c, uint32_t *d,
                 int k) {
  // f64 sums whose every rounding error is zero are the exact sums; the rest
  // take the slow way.
  for (int row = 0; row < 16; ++row) {
    double sum[8], error[8];
    for (int n = 0; n < 8; ++n) {
      sum[n] = c[row * 8 + n];
      error[n] = 0;
    }
    for (int i = 0; i < k; ++i) {
      double x = a[row * k + i];
      for (int n = 0; n < 8; ++n) {
        double p = x * b[i * 8 + n], s = sum[n] + p, t = s - sum[n];
        error[n] += std::fabs((sum[n] - (s - t)) + (p - t));
        sum[n] = s;
      }
    }
    for (int n = 0; n < 8; ++n) {
      double s = sum[n];
      if (!(error[n] == 0) || s == 0 || !(std::fabs(s) < 0x1p127) ||
          std::fabs(s) < 0x1p-126) {
        d[row * 8 + n] = exactDotF32(c[row * 8 + n], a + row * k, b + n, k, 8);
        continue;
      }
      float f = static_cast<float>(s);
      uint32_t bits = f32ToBits(f);
      if (std::fabs(double(f)) > std::fabs(s))
        --bits; // toward zero
      d[row * 8 + n] = bits;
    }
  }
}

} // namespace cudasim
