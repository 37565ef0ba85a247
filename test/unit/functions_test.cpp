// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The defined f32 functions: edges, measured error, operation counts.
//
// The errors are measured over a strided sample and around the edges of the
// definitions, or over all 2^32 arguments when GEMEL_EXHAUSTIVE=1 is set (every
// n-th when it is n). Build without contraction (-ffp-contract=off), as the
// definitions demand.
#include "dialect/Functions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace functions = gemel::functions;

namespace {

constexpr float inf = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float tiniest = 0x1p-149f;
constexpr float largest = std::numeric_limits<float>::max();

int32_t toBits(float f) {
  int32_t i;
  std::memcpy(&i, &f, sizeof i);
  return i;
}

float toFloat(int32_t i) {
  float f;
  std::memcpy(&f, &i, sizeof f);
  return f;
}

int32_t wrap(uint32_t u) { return static_cast<int32_t>(u); }
uint32_t plain(int32_t i) { return static_cast<uint32_t>(i); }

/// Computes.
struct Interpreter {
  using F32 = float;
  using I32 = int32_t;
  using Pred = bool;
  F32 f32(float v) { return v; }
  I32 i32(int32_t v) { return v; }
  F32 add(F32 a, F32 b) { return a + b; }
  F32 sub(F32 a, F32 b) { return a - b; }
  F32 mul(F32 a, F32 b) { return a * b; }
  // Written without branches, so that the loops below vectorise.
  F32 max(F32 a, F32 b) {
    F32 m = a > b ? a : b;
    m = a == b ? toFloat(toBits(a) & toBits(b)) : m; // +0 over -0
    m = b != b ? b : m;
    return a != a ? a : m;
  }
  F32 min(F32 a, F32 b) {
    F32 m = a < b ? a : b;
    m = a == b ? toFloat(toBits(a) | toBits(b)) : m;
    m = b != b ? b : m;
    return a != a ? a : m;
  }
  I32 add(I32 a, I32 b) { return wrap(plain(a) + plain(b)); }
  I32 sub(I32 a, I32 b) { return wrap(plain(a) - plain(b)); }
  I32 shl(I32 a, int n) { return wrap(plain(a) << n); }
  I32 shrl(I32 a, int n) { return wrap(plain(a) >> n); }
  I32 shra(I32 a, int n) { return a >> n; }
  Pred lt(F32 a, F32 b) { return a < b; }
  Pred le(F32 a, F32 b) { return a <= b; }
  Pred eq(F32 a, F32 b) { return a == b; }
  Pred lt(I32 a, I32 b) { return a < b; }
  Pred eq(I32 a, I32 b) { return a == b; }
  F32 select(Pred p, F32 a, F32 b) { return p ? a : b; }
  I32 select(Pred p, I32 a, I32 b) { return p ? a : b; }
  I32 bits(F32 f) { return toBits(f); }
  F32 fromBits(I32 i) { return toFloat(i); }
};

/// Counts the operations.
struct Counter {
  struct F32 {};
  struct I32 {};
  struct Pred {};
  int count = 0;
  template <typename T>
  T one() {
    return ++count, T{};
  }
  F32 f32(float) { return {}; }
  I32 i32(int32_t) { return {}; }
  F32 add(F32, F32) { return one<F32>(); }
  F32 sub(F32, F32) { return one<F32>(); }
  F32 mul(F32, F32) { return one<F32>(); }
  F32 max(F32, F32) { return one<F32>(); }
  F32 min(F32, F32) { return one<F32>(); }
  I32 add(I32, I32) { return one<I32>(); }
  I32 sub(I32, I32) { return one<I32>(); }
  I32 shl(I32, int) { return one<I32>(); }
  I32 shrl(I32, int) { return one<I32>(); }
  I32 shra(I32, int) { return one<I32>(); }
  Pred lt(F32, F32) { return one<Pred>(); }
  Pred le(F32, F32) { return one<Pred>(); }
  Pred eq(F32, F32) { return one<Pred>(); }
  Pred lt(I32, I32) { return one<Pred>(); }
  Pred eq(I32, I32) { return one<Pred>(); }
  F32 select(Pred, F32, F32) { return one<F32>(); }
  I32 select(Pred, I32, I32) { return one<I32>(); }
  I32 bits(F32) { return {}; }
  F32 fromBits(I32) { return {}; }
};

/// One function of the table: its definition, its exact value in double (whose
/// own error is below 2^-28 ulp of f32), and what the sample must show.
struct Exp {
  static constexpr const char *name = "exp";
  static constexpr bool quick = false;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::exp(b, x);
  }
  static double exact(double x) { return std::exp(x); }
};
struct QuickExp : Exp {
  static constexpr bool quick = true;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::quickExp(b, x);
  }
};
struct Log {
  static constexpr const char *name = "log";
  static constexpr bool quick = false;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::log(b, x);
  }
  static double exact(double x) { return std::log(x); }
};
struct Rsqrt {
  static constexpr const char *name = "rsqrt";
  static constexpr bool quick = false;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::rsqrt(b, x);
  }
  static double exact(double x) { return 1 / std::sqrt(x); }
};
struct Recip {
  static constexpr const char *name = "recip";
  static constexpr bool quick = false;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::recip(b, x);
  }
  static double exact(double x) { return 1 / x; }
};
struct Tanh {
  static constexpr const char *name = "tanh";
  static constexpr bool quick = false;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::tanh(b, x);
  }
  static double exact(double x) { return std::tanh(x); }
};
struct QuickTanh : Tanh {
  static constexpr bool quick = true;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::quickTanh(b, x);
  }
};
struct Erf {
  static constexpr const char *name = "erf";
  static constexpr bool quick = false;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::erf(b, x);
  }
  static double exact(double x) { return std::erf(x); }
};
struct QuickErf : Erf {
  static constexpr bool quick = true;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::quickErf(b, x);
  }
};
struct Sigmoid {
  static constexpr const char *name = "sigmoid";
  static constexpr bool quick = false;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::sigmoid(b, x);
  }
  static double exact(double x) { return 1 / (1 + std::exp(-x)); }
};
struct QuickSigmoid : Sigmoid {
  static constexpr bool quick = true;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::quickSigmoid(b, x);
  }
};
struct Sin {
  static constexpr const char *name = "sin";
  static constexpr bool quick = false;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::sin(b, x);
  }
  static double exact(double x) { return std::sin(x); }
};
struct Cos {
  static constexpr const char *name = "cos";
  static constexpr bool quick = false;
  template <typename B>
  static auto define(B &b, typename B::F32 x) {
    return functions::cos(b, x);
  }
  static double exact(double x) { return std::cos(x); }
};

template <typename F>
float value(float x) {
  Interpreter b;
  return F::define(b, x);
}

/// The row of the table.
template <typename F>
const functions::FunctionInfo &info() {
  for (const functions::FunctionInfo &row : functions::functionTable)
    if (std::string(row.name) == F::name && row.quick == F::quick)
      return row;
  std::abort();
}

/// The same number, the sign of zero included; any two NaN are the same.
bool same(float a, float b) {
  return (a != a && b != b) || toBits(a) == toBits(b);
}

template <typename F>
void expectValue(float x, float y) {
  EXPECT_PRED2(same, value<F>(x), y) << "of " << x;
}

template <typename F>
class Functions : public testing::Test {};
using All = testing::Types<Exp, QuickExp, Log, Rsqrt, Recip, Tanh, QuickTanh,
                           Erf, QuickErf, Sigmoid, QuickSigmoid, Sin, Cos>;
TYPED_TEST_SUITE(Functions, All);

/// What a range of arguments showed.
struct Worst {
  double ulp = 0;      ///< of errors above the absolute bound
  double absolute = 0; ///< of errors above the bound in ulp
  double relative = 0; ///< of the exact value or 2^-126, the greater
  double magnitude = 0;
  float ulpAt = 0, relativeAt = 0;
  uint64_t wrongKind = 0, wrongSign = 0; ///< NaN or not; f(-x) = -f(x)
  float wrongAt = 0;

  void merge(const Worst &o) {
    if (o.ulp > ulp)
      ulp = o.ulp, ulpAt = o.ulpAt;
    if (o.relative > relative)
      relative = o.relative, relativeAt = o.relativeAt;
    absolute = std::max(absolute, o.absolute);
    magnitude = std::max(magnitude, o.magnitude);
    wrongKind += o.wrongKind;
    wrongSign += o.wrongSign;
    if (o.wrongKind || o.wrongSign)
      wrongAt = o.wrongAt;
  }
};

template <typename F>
constexpr bool isOdd() {
  return std::is_base_of_v<Tanh, F> || std::is_base_of_v<Erf, F> ||
         std::is_same_v<F, Recip> || std::is_same_v<F, Sin>;
}
template <typename F>
constexpr bool isEven() {
  return std::is_same_v<F, Cos>;
}
template <typename F>
constexpr bool isCircular() {
  return std::is_same_v<F, Sin> || std::is_same_v<F, Cos>;
}

template <typename F>
Worst measure(uint64_t begin, uint64_t end, uint64_t stride) {
  const functions::FunctionInfo &row = info<F>();
  constexpr int length = 1024;
  float x[length], y[length], mirrored[length];
  Worst worst;
  while (begin < end) {
    int n = 0;
    for (; n < length && begin < end; ++n, begin += stride)
      x[n] = toFloat(wrap(static_cast<uint32_t>(begin)));
    for (int i = 0; i < n; ++i)
      y[i] = value<F>(x[i]);
    if (isOdd<F>() || isEven<F>())
      for (int i = 0; i < n; ++i)
        mirrored[i] = value<F>(-x[i]);
    for (int i = 0; i < n; ++i) {
      bool beyond = isCircular<F>() && !(std::fabs(x[i]) <= 0x1p17f);
      if ((isOdd<F>() && !beyond && !same(mirrored[i], -y[i])) ||
          (isEven<F>() && !beyond && !same(mirrored[i], y[i])))
        ++worst.wrongSign, worst.wrongAt = x[i];
      double exact = F::exact(x[i]), got = y[i];
      if ((exact != exact) != (got != got)) {
        ++worst.wrongKind, worst.wrongAt = x[i];
        continue;
      }
      if (exact != exact)
        continue;
      worst.magnitude = std::max(worst.magnitude, std::fabs(got));
      if (beyond)
        continue;
      if (std::fabs(got) == inf) {
        if (std::fabs(exact) >= 0x1p128 && (got > 0) == (exact > 0))
          continue;
        got = std::copysign(0x1p128, got);
      }
      double size = std::fabs(exact);
      // Quick sigmoid has no subnormal results.
      if (std::is_same_v<F, QuickSigmoid> && size < 0x1p-126 && got == 0)
        continue;
      double error = std::fabs(got - exact);
      int exponent = 0;
      std::frexp(size, &exponent);
      double ulp = error / std::ldexp(1.0, std::max(exponent - 24, -149));
      double relative = error / std::max(size, 0x1p-126);
      if (error > row.absolute && ulp > worst.ulp)
        worst.ulp = ulp, worst.ulpAt = x[i];
      if (ulp > row.bound && error > worst.absolute)
        worst.absolute = error;
      if (relative > worst.relative)
        worst.relative = relative, worst.relativeAt = x[i];
    }
  }
  return worst;
}

constexpr uint64_t all = uint64_t(1) << 32;

/// Every n-th argument, by two threads.
template <typename F>
Worst measureInThreads(uint64_t stride) {
  Worst worst;
  std::mutex mutex;
  uint64_t next = 0;
  auto work = [&] {
    for (uint64_t step = stride * 65536;;) {
      uint64_t begin;
      {
        std::lock_guard lock(mutex);
        begin = next;
        next += step;
      }
      if (begin >= all)
        return;
      Worst part = measure<F>(begin, std::min(begin + step, all), stride);
      std::lock_guard lock(mutex);
      worst.merge(part);
    }
  };
  std::thread other(work);
  work();
  other.join();
  return worst;
}

/// Where a definition changes its course: the ends of every binade and of the
/// ranges of mantissas that the seeds and log tell apart, the clamps, and the
/// worst arguments that the whole range showed.
std::vector<float> edges() {
  std::vector<float> found = {89.0f,
                              -104.0f,
                              0x1.62e42ep+6f,
                              -0x1.5d58ap+6f,
                              30.0f,
                              104.0f,
                              9.015625f,
                              0x1.879578p+2f,
                              0x1.dd2e28p+1f,
                              0x1.8f54f8p+1f,
                              0x1.921fb6p+1f,
                              0x1.921fb6p-1f,
                              0x1.62e43p-2f,
                              0x1.da5a18p+5f,
                              0x1.601e26p+6f,
                              0x1.55f168p+0f,
                              0x1.03dc76p-116f,
                              0x1.36bfb4p-122f,
                              0x1.ed9a3ep-5f,
                              0x1.335bf8p+2f,
                              0x1.c68e08p-4f,
                              0x1.6c3d38p+1f,
                              -0x1.f34f6p+0f,
                              -0x1.651402p+5f,
                              0x1.4958acp+8f,
                              0x1.4a5f0ap+7f};
  for (int exponent = -149; exponent < 128; ++exponent)
    for (float mantissa : {1.0f, 0x1.555556p+0f, 0x1.6a09e6p+0f})
      found.push_back(std::ldexp(mantissa, exponent));
  return found;
}

template <typename F>
Worst measureEdges() {
  Worst worst;
  for (float edge : edges())
    for (float x : {edge, -edge}) {
      uint64_t middle = plain(toBits(x));
      worst.merge(measure<F>(middle < 32 ? 0 : middle - 32,
                             std::min(middle + 32, all), 1));
    }
  return worst;
}

TYPED_TEST(Functions, ErrorIsWithinTheBound) {
  using F = TypeParam;
  Worst worst = measureEdges<F>();
  const char *wish = std::getenv("GEMEL_EXHAUSTIVE");
  if (wish)
    worst.merge(measureInThreads<F>(std::max(1, std::atoi(wish))));
  else
    worst.merge(measure<F>(0, all, 1021)); // 8216 of every binade
  const functions::FunctionInfo &row = info<F>();
  std::printf("%s%s: %.4f ulp at %a, relative 2^%.3f at %a, absolute 2^%.2f, "
              "greatest %.9g\n",
              F::quick ? "quick " : "", F::name, worst.ulp, worst.ulpAt,
              std::log2(worst.relative), worst.relativeAt,
              std::log2(worst.absolute), worst.magnitude);
  EXPECT_EQ(worst.wrongKind, 0u) << "NaN or not, at " << worst.wrongAt;
  EXPECT_EQ(worst.wrongSign, 0u) << "f(-x), at " << worst.wrongAt;
  if (row.kind == functions::Bound::relative) {
    EXPECT_LE(worst.relative, row.bound) << "at " << worst.relativeAt;
  } else {
    EXPECT_LE(worst.ulp, row.bound) << "at " << worst.ulpAt;
  }
  constexpr bool isBounded = isCircular<F>() || std::is_base_of_v<Tanh, F> ||
                             std::is_base_of_v<Erf, F> ||
                             std::is_base_of_v<Sigmoid, F>;
  if (isBounded) {
    EXPECT_LE(worst.magnitude, 1.0);
  }
}

TYPED_TEST(Functions, CountIsThatOfTheTable) {
  Counter counter;
  TypeParam::define(counter, Counter::F32{});
  EXPECT_EQ(counter.count, info<TypeParam>().operations);
}

TYPED_TEST(Functions, NanIsNan) {
  for (int32_t bits :
       {0x7FC00000, 0x7F800001, 0x7FFFFFFF, wrap(0xFFC00000u),
        wrap(0xFF800001u), wrap(0xFFFFFFFFu), 0x7FB504F3, 0x7F9ABCDE})
    expectValue<TypeParam>(toFloat(bits), nan);
}

template <typename F>
void expectExpEdges() {
  expectValue<F>(0.0f, 1.0f);
  expectValue<F>(-0.0f, 1.0f);
  expectValue<F>(tiniest, 1.0f);
  expectValue<F>(-inf, 0.0f);
  expectValue<F>(-largest, 0.0f);
  expectValue<F>(-104.0f, 0.0f);
  expectValue<F>(inf, inf);
  expectValue<F>(largest, inf);
  expectValue<F>(89.0f, inf);
}

TEST(FunctionEdges, Exp) {
  expectExpEdges<Exp>();
  expectExpEdges<QuickExp>();
  expectValue<Exp>(-102.5f, 2 * tiniest);
  expectValue<Exp>(-103.9f, tiniest);
  EXPECT_LT(value<Exp>(0x1.62e42ep+6f), inf); // below ln 2^128
  expectValue<Exp>(0x1.62e43p+6f, inf);       // above it
}

TEST(FunctionEdges, Log) {
  expectValue<Log>(1.0f, 0.0f);
  expectValue<Log>(0.0f, -inf);
  expectValue<Log>(-0.0f, -inf);
  expectValue<Log>(-1.0f, nan);
  expectValue<Log>(-tiniest, nan);
  expectValue<Log>(-inf, nan);
  expectValue<Log>(inf, inf);
}

TEST(FunctionEdges, Rsqrt) {
  expectValue<Rsqrt>(0.0f, inf);
  expectValue<Rsqrt>(-0.0f, -inf);
  expectValue<Rsqrt>(inf, 0.0f);
  expectValue<Rsqrt>(-inf, nan);
  expectValue<Rsqrt>(-1.0f, nan);
  expectValue<Rsqrt>(-tiniest, nan);
  for (int n = -74; n < 64; ++n)
    expectValue<Rsqrt>(std::ldexp(1.0f, 2 * n), std::ldexp(1.0f, -n));
}

TEST(FunctionEdges, Recip) {
  expectValue<Recip>(0.0f, inf);
  expectValue<Recip>(-0.0f, -inf);
  expectValue<Recip>(inf, 0.0f);
  expectValue<Recip>(-inf, -0.0f);
  expectValue<Recip>(tiniest, inf);
  for (int n = -149; n < 128; ++n)
    expectValue<Recip>(std::ldexp(1.0f, n), std::ldexp(1.0f, -n));
}

template <typename F>
void expectSaturating() {
  expectValue<F>(0.0f, 0.0f);
  expectValue<F>(-0.0f, -0.0f);
  for (float x : {10.0f, 1e4f, largest, inf}) {
    expectValue<F>(x, 1.0f);
    expectValue<F>(-x, -1.0f);
  }
}

TEST(FunctionEdges, TanhAndErf) {
  expectSaturating<Tanh>();
  expectSaturating<QuickTanh>();
  expectSaturating<Erf>();
  expectSaturating<QuickErf>();
  expectValue<Tanh>(tiniest, tiniest);
}

TEST(FunctionEdges, Sigmoid) {
  expectValue<Sigmoid>(0.0f, 0.5f);
  expectValue<Sigmoid>(-0.0f, 0.5f);
  expectValue<Sigmoid>(inf, 1.0f);
  expectValue<Sigmoid>(20.0f, 1.0f);
  expectValue<Sigmoid>(-inf, 0.0f);
  expectValue<Sigmoid>(-largest, 0.0f);
  expectValue<Sigmoid>(-103.9f, tiniest);
  expectValue<QuickSigmoid>(0.0f, 0.5f);
  expectValue<QuickSigmoid>(-0.0f, 0.5f);
  expectValue<QuickSigmoid>(inf, 1.0f);
  expectValue<QuickSigmoid>(-inf, 0.0f);
}

TEST(FunctionEdges, SinAndCos) {
  expectValue<Sin>(0.0f, 0.0f);
  expectValue<Sin>(-0.0f, -0.0f);
  expectValue<Sin>(tiniest, tiniest);
  expectValue<Cos>(0.0f, 1.0f);
  expectValue<Cos>(-0.0f, 1.0f);
  for (float x : {inf, -inf}) {
    expectValue<Sin>(x, nan);
    expectValue<Cos>(x, nan);
  }
  for (float x : {0x1.000002p+17f, 1e10f, 1e30f, largest}) {
    EXPECT_LE(std::fabs(value<Sin>(x)), 1.0f);
    EXPECT_LE(std::fabs(value<Cos>(x)), 1.0f);
  }
}

} // namespace
