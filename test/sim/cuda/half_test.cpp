// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f16 and bf16 arithmetic against arithmetic in wider formats.

#include "sim.h"

#include <cmath>
#include <functional>

using namespace simtest;

namespace {

constexpr size_t kCount = 4000;

/// A value of the format, and the nearest of the format to a value: searched,
/// not computed, so that the test shares nothing with the simulator.
struct Reference {
  bool brain;
  double decode(uint16_t h) const {
    int mantissa = brain ? 7 : 10, exponents = brain ? 255 : 31,
        bias = brain ? 127 : 15;
    int field = h >> mantissa & exponents, fraction = h & ((1 << mantissa) - 1);
    double v =
        field == exponents ? (fraction ? NAN : INFINITY)
        : field ? std::ldexp(1 + std::ldexp(fraction, -mantissa), field - bias)
                : std::ldexp(fraction, 1 - bias - mantissa);
    return h >> 15 ? -v : v;
  }
  /// \p v as high + low: exact sums that a double cannot hold.
  uint16_t encode(double high, double low = 0) const {
    if (high != high)
      return 0x7fff;
    uint16_t sign = std::signbit(high) ? 0x8000 : 0;
    double v = std::fabs(high), rest = sign ? -low : low;
    uint16_t infinity = brain ? 0x7f80 : 0x7c00, below = 0, above = infinity;
    while (above - below > 1) { // decode(below) <= v
      uint16_t middle = static_cast<uint16_t>((below + above) / 2);
      double m = decode(middle);
      (m < v || (m == v && rest >= 0) ? below : above) = middle;
    }
    // Infinity stands where the next value of the format would.
    double a = decode(below);
    double b = above == infinity
                   ? 2 * decode(infinity - 1) - decode(infinity - 2)
                   : decode(above);
    double half = (a + b) / 2; // exact
    bool up = v > half || (v == half && (rest > 0 || (rest == 0 && below & 1)));
    return sign | (up ? above : below);
  }
};

class Half : public Sim {
protected:
  using F =
      std::function<uint16_t(const Reference &, uint16_t, uint16_t, uint16_t)>;
  void check(const std::string &op, F f) {
    for (bool brain : {false, true}) {
      std::string type = brain ? "bf16" : "f16", text = op;
      for (size_t at; (at = text.find("TYPE")) != text.npos;)
        text.replace(at, 4, type);
      auto a = floats16(kCount, 1, brain), b = floats16(kCount, 2, brain),
           c = floats16(kCount, 3, brain);
      auto d = map<uint16_t>(text, a, b, c);
      Reference r{brain};
      for (size_t i = 0; i < kCount; ++i)
        ASSERT_EQ(d[i], f(r, a[i], b[i], c[i]))
            << text << " of " << std::hex << a[i] << ", " << b[i] << ", "
            << c[i];
    }
  }
};

uint16_t sum(const Reference &r, double x, double y) {
  double s = x + y, t = s - x;
  return r.encode(s, std::isfinite(s) ? (x - (s - t)) + (y - t) : 0);
}

TEST_F(Half, Arithmetic) {
  check("add.rn.TYPE %d, %a, %b;", [](auto &r, auto a, auto b, auto) {
    return sum(r, r.decode(a), r.decode(b));
  });
  check("sub.rn.TYPE %d, %a, %b;", [](auto &r, auto a, auto b, auto) {
    return sum(r, r.decode(a), -r.decode(b));
  });
  check("mul.rn.TYPE %d, %a, %b;", [](auto &r, auto a, auto b, auto) {
    return r.encode(r.decode(a) * r.decode(b));
  });
  check("fma.rn.TYPE %d, %a, %b, %c;", [](auto &r, auto a, auto b, auto c) {
    return sum(r, r.decode(a) * r.decode(b), r.decode(c));
  });
  check("fma.rn.relu.TYPE %d, %a, %b, %c;",
        [](auto &r, auto a, auto b, auto c) {
          uint16_t v = sum(r, r.decode(a) * r.decode(b), r.decode(c));
          return v != 0x7fff && v >> 15 ? uint16_t(0) : v;
        });
}

TEST_F(Half, MinMaxSign) {
  check("max.NaN.TYPE %d, %a, %b;", [](auto &r, auto a, auto b, auto) {
    double x = r.decode(a), y = r.decode(b);
    if (x != x || y != y)
      return uint16_t(0x7fff);
    if (x == y)
      return a >> 15 ? b : a;
    return x > y ? a : b;
  });
  check("min.TYPE %d, %a, %b;", [](auto &r, auto a, auto b, auto) {
    double x = r.decode(a), y = r.decode(b);
    if (x != x)
      return y != y ? uint16_t(0x7fff) : b;
    if (y != y)
      return a;
    if (x == y)
      return a >> 15 ? a : b;
    return x < y ? a : b;
  });
  check("neg.TYPE %d, %a;",
        [](auto &, auto a, auto, auto) { return uint16_t(a ^ 0x8000); });
  check("abs.TYPE %d, %a;",
        [](auto &, auto a, auto, auto) { return uint16_t(a & 0x7fff); });
}

TEST_F(Half, PairsAreTwoHalves) {
  for (bool brain : {false, true}) {
    std::string t = brain ? "bf16x2" : "f16x2";
    auto low = floats16(3 * kCount, 4, brain),
         high = floats16(3 * kCount, 5, brain);
    std::vector<uint32_t> v[3];
    for (size_t k = 0; k < 3; ++k)
      for (size_t i = 0; i < kCount; ++i)
        v[k].push_back(low[k * kCount + i] | uint32_t(high[k * kCount + i])
                                                 << 16);
    auto d =
        map<uint32_t>("fma.rn." + t + " %d, %a, %b, %c;", v[0], v[1], v[2]);
    Reference r{brain};
    for (size_t i = 0; i < kCount; ++i) {
      uint32_t want = 0;
      for (int half = 0; half < 2; ++half) {
        auto x = [&](int k) {
          return r.decode(uint16_t(v[k][i] >> 16 * half));
        };
        want |= uint32_t(sum(r, x(0) * x(1), x(2))) << 16 * half;
      }
      ASSERT_EQ(d[i], want);
    }
  }
}

TEST_F(Half, FromF32) {
  auto a = floats32(kCount, 6), b = floats32(kCount, 7);
  auto value = [](uint32_t bits) {
    float f;
    memcpy(&f, &bits, 4);
    return double(f);
  };
  for (bool brain : {false, true}) {
    Reference r{brain};
    std::string t = brain ? "bf16" : "f16";
    auto one = map<uint16_t>("cvt.rn." + t + ".f32 %d, %a;", a);
    auto two = map<uint32_t>("cvt.rn." + t + "x2.f32 %d, %a, %b;", a, b);
    for (size_t i = 0; i < kCount; ++i) {
      uint16_t x = r.encode(value(a[i])), y = r.encode(value(b[i]));
      ASSERT_EQ(one[i], x) << std::hex << a[i];
      ASSERT_EQ(two[i], uint32_t(x) << 16 | y) << std::hex << a[i];
    }
  }
}

} // namespace
