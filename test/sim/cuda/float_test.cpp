// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 and f64 arithmetic against the host, with every rounding mode.

#include "sim.h"

#include <cfenv>
#include <cmath>
#include <functional>

using namespace simtest;

namespace {

constexpr size_t kCount = 4000;
using F32 = std::function<float(float, float, float)>;
using F64 = std::function<double(double, double, double)>;

float f32(uint32_t bits) {
  float f;
  memcpy(&f, &bits, 4);
  return f;
}
uint32_t bits(float f) {
  uint32_t b;
  memcpy(&b, &f, 4);
  return f == f ? b : 0x7fffffff;
}
float flushed(float f) {
  return std::fabs(f) < 0x1p-126f ? std::copysign(0.0f, f) : f;
}

class Float : public Sim {
protected:
  void check(const std::string &op, F32 expected) {
    auto a = floats32(kCount, 1), b = floats32(kCount, 2),
         c = floats32(kCount, 3);
    auto d = map<uint32_t>(op, a, b, c);
    for (size_t i = 0; i < kCount; ++i)
      ASSERT_EQ(d[i], bits(expected(f32(a[i]), f32(b[i]), f32(c[i]))))
          << op << " of " << std::hex << a[i] << ", " << b[i] << ", " << c[i];
  }
  void check64(const std::string &op, F64 expected) {
    auto a = floats64(kCount, 1), b = floats64(kCount, 2),
         c = floats64(kCount, 3);
    auto d = map<uint64_t>(op, a, b, c);
    for (size_t i = 0; i < kCount; ++i) {
      double x, y, z, got;
      memcpy(&x, &a[i], 8);
      memcpy(&y, &b[i], 8);
      memcpy(&z, &c[i], 8);
      memcpy(&got, &d[i], 8);
      double want = expected(x, y, z);
      if (want != want)
        ASSERT_NE(got, got) << op;
      else
        ASSERT_EQ(memcmp(&want, &got, 8), 0)
            << op << " of " << x << ", " << y << ", " << z << " gives " << got;
    }
  }
  /// A host function under a rounding mode; volatile keeps it there.
  template <class F>
  static F32 rounded(int mode, F f) {
    return [mode, f](float a, float b, float c) {
      volatile float x = a, y = b, z = c, r;
      std::fesetround(mode);
      r = f(x, y, z);
      std::fesetround(FE_TONEAREST);
      return float(r);
    };
  }
};

TEST_F(Float, EveryRoundingMode) {
  const std::pair<const char *, int> modes[] = {{".rn", FE_TONEAREST},
                                                {".rz", FE_TOWARDZERO},
                                                {".rm", FE_DOWNWARD},
                                                {".rp", FE_UPWARD}};
  for (auto [name, mode] : modes) {
    std::string m = name;
    check("add" + m + ".f32 %d, %a, %b;",
          rounded(mode, [](volatile float &a, volatile float &b,
                           volatile float &) { return a + b; }));
    check("sub" + m + ".f32 %d, %a, %b;",
          rounded(mode, [](volatile float &a, volatile float &b,
                           volatile float &) { return a - b; }));
    check("mul" + m + ".f32 %d, %a, %b;",
          rounded(mode, [](volatile float &a, volatile float &b,
                           volatile float &) { return a * b; }));
    check("fma" + m + ".f32 %d, %a, %b, %c;",
          rounded(mode, [](volatile float &a, volatile float &b,
                           volatile float &c) { return fmaf(a, b, c); }));
    check("div" + m + ".f32 %d, %a, %b;",
          rounded(mode, [](volatile float &a, volatile float &b,
                           volatile float &) { return a / b; }));
    check("rcp" + m + ".f32 %d, %a;",
          rounded(mode, [](volatile float &a, volatile float &,
                           volatile float &) { return 1.0f / a; }));
    check("sqrt" + m + ".f32 %d, %a;",
          rounded(mode, [](volatile float &a, volatile float &,
                           volatile float &) { return sqrtf(a); }));
  }
}

TEST_F(Float, FlushAndSaturate) {
  check("add.ftz.f32 %d, %a, %b;", [](float a, float b, float) {
    return flushed(flushed(a) + flushed(b));
  });
  check("fma.rn.ftz.sat.f32 %d, %a, %b, %c;", [](float a, float b, float c) {
    float r = flushed(fmaf(flushed(a), flushed(b), flushed(c)));
    return r > 0 ? std::min(r, 1.0f) : 0.0f;
  });
  check("mul.sat.f32 %d, %a, %b;", [](float a, float b, float) {
    return a * b > 0 ? std::min(a * b, 1.0f) : 0.0f;
  });
}

TEST_F(Float, MinMaxSign) {
  auto least = [](float a, float b) {
    if (a != a)
      return b;
    if (b != b)
      return a;
    if (a == b)
      return std::signbit(a) ? a : b;
    return a < b ? a : b;
  };
  check("min.f32 %d, %a, %b;",
        [&](float a, float b, float) { return least(a, b); });
  check("max.f32 %d, %a, %b;",
        [&](float a, float b, float) { return -least(-a, -b); });
  check("max.NaN.f32 %d, %a, %b;", [&](float a, float b, float) {
    return a != a || b != b ? NAN : -least(-a, -b);
  });
  // These touch the sign bit only; a NaN is made canonical to be comparable.
  const std::string one = " setp.nan.f32 %p1, %d, %d;"
                          "@%p1 mov.b32 %d, 0x7fffffff;";
  check("copysign.f32 %d, %a, %b;" + one,
        [](float a, float b, float) { return copysignf(b, a); });
  check("neg.f32 %d, %a;" + one, [](float a, float, float) { return -a; });
  check("abs.f32 %d, %a;" + one,
        [](float a, float, float) { return fabsf(a); });
  check("testp.subnormal.f32 %p1, %a; selp.f32 %d, 0f3f800000, 0f00000000, "
        "%p1;",
        [](float a, float, float) {
          return std::fpclassify(a) == FP_SUBNORMAL ? 1.0f : 0.0f;
        });
}

TEST_F(Float, Comparisons) {
  auto one = [](bool b) { return b ? 1.0f : 0.0f; };
  const std::string select = " selp.f32 %d, 0f3f800000, 0f00000000, %p1;";
  check("setp.lt.f32 %p1, %a, %b;" + select,
        [&](float a, float b, float) { return one(a < b); });
  check("setp.neu.f32 %p1, %a, %b;" + select,
        [&](float a, float b, float) { return one(!(a == b)); });
  check("setp.geu.f32 %p1, %a, %b;" + select,
        [&](float a, float b, float) { return one(!(a < b)); });
  check("setp.num.f32 %p1, %a, %b;" + select,
        [&](float a, float b, float) { return one(a == a && b == b); });
  check("setp.eq.ftz.f32 %p1, %a, %b;" + select,
        [&](float a, float b, float) { return one(flushed(a) == flushed(b)); });
}

TEST_F(Float, Doubles) {
  check64("add.rn.f64 %d, %a, %b;",
          [](double a, double b, double) { return a + b; });
  check64("fma.rn.f64 %d, %a, %b, %c;",
          [](double a, double b, double c) { return fma(a, b, c); });
  check64("div.rn.f64 %d, %a, %b;",
          [](double a, double b, double) { return a / b; });
  check64("sqrt.rn.f64 %d, %a;",
          [](double a, double, double) { return sqrt(a); });
}

TEST_F(Float, FunctionsAreCorrectlyRounded) {
  // The chips approximate these; the simulator rounds the exact value.
  check("ex2.approx.f32 %d, %a;",
        [](float a, float, float) { return float(exp2(double(a))); });
  check("lg2.approx.f32 %d, %a;",
        [](float a, float, float) { return float(log2(double(a))); });
  check("rsqrt.approx.ftz.f32 %d, %a;", [](float a, float, float) {
    return flushed(float(1.0 / sqrt(double(flushed(a)))));
  });
  check("tanh.approx.f32 %d, %a;",
        [](float a, float, float) { return float(tanh(double(a))); });
  check("sin.approx.f32 %d, %a;",
        [](float a, float, float) { return float(sin(double(a))); });
  check("rcp.approx.ftz.f32 %d, %a;",
        [](float a, float, float) { return flushed(1.0f / flushed(a)); });
  check("div.full.f32 %d, %a, %b;",
        [](float a, float b, float) { return a / b; });
}

} // namespace
