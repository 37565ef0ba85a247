// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What vector instructions compute, against one line of C++ each.

#include "sim.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

using namespace simtest;

namespace {

constexpr size_t kCount = 512;
constexpr float kInfinity = std::numeric_limits<float>::infinity();
const float kNan = std::nanf("");

template <class T>
std::vector<T> zeros() {
  return std::vector<T>(kCount);
}
uint32_t bitsOf(float x) { return std::bit_cast<uint32_t>(x); }

/// Numbers with special ones among them.
std::vector<float> numbers(unsigned seed) {
  auto v = floats(kCount, seed, -100, 100);
  const float special[] = {0.0f,       -0.0f, 1.0f,   kInfinity,
                           -kInfinity, kNan,  1e-40f, 3e38f};
  for (size_t i = 0; i < 8; ++i)
    v[37 * i + seed % 5] = special[i];
  return v;
}

class Instructions : public Sim {
protected:
  template <class D, class A, class B>
  std::vector<D> run(const std::string &name, const std::vector<A> &a,
                     const std::vector<B> &b,
                     const std::vector<D> &before = zeros<D>()) {
    Buffer da(a), db(b), dd(before);
    EXPECT_EQ(launch(kernel("instructions.cce", "vec", name), 1, da, db, dd),
              ACL_SUCCESS)
        << name << ": " << report();
    return dd.read<D>();
  }
  template <class D, class A>
  std::vector<D> run(const std::string &name, const std::vector<A> &a) {
    return run<D>(name, a, zeros<float>());
  }

  void expectFloat(const std::string &name,
                   const std::function<float(float, float, float)> &f) {
    auto a = numbers(1), b = numbers(2), before = floats(kCount, 3);
    auto d = run<float>(name, a, b, before);
    for (size_t i = 0; i < kCount; ++i) {
      float want = f(a[i], b[i], before[i]);
      EXPECT_TRUE(d[i] == want || (d[i] != d[i] && want != want))
          << name << "(" << a[i] << ", " << b[i] << ") = " << d[i] << ", not "
          << want;
    }
  }
  /// Within \p ulps of the exact result, and not always equal to it.
  void expectNear(const std::string &name, double ulps,
                  const std::function<double(double, double)> &f) {
    auto a = floats(kCount, 1, 0.1f, 80), b = floats(kCount, 2, 0.5f, 3);
    auto d = run<float>(name, a, b);
    bool moved = false;
    for (size_t i = 0; i < kCount; ++i) {
      float want = static_cast<float>(f(a[i], b[i]));
      double far = std::fabs(double(bitsOf(d[i])) - double(bitsOf(want)));
      EXPECT_LE(far, ulps) << name << "(" << a[i] << ")";
      moved |= far != 0;
    }
    EXPECT_TRUE(moved) << name;
  }
};

TEST_F(Instructions, Arithmetic) {
  expectFloat("f32_add", [](float a, float b, float) { return a + b; });
  expectFloat("f32_sub", [](float a, float b, float) { return a - b; });
  expectFloat("f32_mul", [](float a, float b, float) { return a * b; });
  // Two roundings, as the boundary-value appendix has it.
  expectFloat("f32_mla", [](float a, float b, float d) {
    volatile float p = a * b;
    return p + d;
  });
  expectFloat("f32_madd", [](float a, float b, float d) {
    volatile float p = a * d;
    return p + b;
  });
  expectFloat("f32_axpy", [](float a, float, float d) {
    volatile float p = a * 3.0f;
    return p + d;
  });
  expectFloat("f32_abs", [](float a, float, float) { return std::fabs(a); });
  expectFloat("f32_lrelu",
              [](float a, float, float) { return a > 0 ? a : a * 0.25f; });
}

TEST_F(Instructions, NanWinsInMaximumAndRelu) {
  auto larger = [](float a, float b, float) {
    return a != a || b != b ? kNan : std::max(a, b);
  };
  auto smaller = [](float a, float b, float) {
    return a != a || b != b ? kNan : std::min(a, b);
  };
  expectFloat("f32_max", larger);
  expectFloat("f32_min", smaller);
  expectFloat("f32_relu", [](float a, float, float) {
    return a != a ? a : std::max(a, 0.0f);
  });
}

TEST_F(Instructions, FunctionsAreOffByAnUlp) {
  expectNear("f32_div", 1,
             [](double a, double b) { return float(a) / float(b); });
  expectNear("f32_exp", 1, [](double a, double) { return std::exp(a); });
  expectNear("f32_ln", 1, [](double a, double) { return std::log(a); });
  expectNear("f32_sqrt", 1, [](double a, double) { return std::sqrt(a); });
  // The table's: 1e-4 of the result, and not less than some of that.
  expectNear("f32_rec", 1 << 10, [](double a, double) { return 1 / a; });
  expectNear("f32_rsqrt", 1 << 10,
             [](double a, double) { return 1 / std::sqrt(a); });
}

TEST_F(Instructions, FunctionsAreExactUnderThatReading) {
  set("GEMEL_ASCEND_SIM_ULP", "exact");
  auto a = floats(kCount, 1, 0.1f, 80), b = floats(kCount, 2, 0.5f, 3);
  auto d = run<float>("f32_div", a, b);
  for (size_t i = 0; i < kCount; ++i)
    EXPECT_EQ(d[i], a[i] / b[i]);
  set("GEMEL_ASCEND_SIM_ULP", "up");
  d = run<float>("f32_div", a, b);
  for (size_t i = 0; i < kCount; ++i)
    EXPECT_EQ(bitsOf(d[i]), bitsOf(a[i] / b[i]) + 1);
}

TEST_F(Instructions, SpecialsOfFunctions) {
  std::vector<float> a(kCount, 1);
  a[0] = -kInfinity, a[1] = 0, a[2] = -1, a[3] = -0.0f, a[4] = kNan;
  auto e = run<float>("f32_exp", a), l = run<float>("f32_ln", a),
       s = run<float>("f32_sqrt", a), r = run<float>("f32_rec", a),
       q = run<float>("f32_rsqrt", a);
  EXPECT_EQ(e[0], 0.0f);
  EXPECT_EQ(l[1], -kInfinity);
  EXPECT_TRUE(l[2] != l[2] && s[2] != s[2] && e[4] != e[4]);
  EXPECT_EQ(bitsOf(s[3]), bitsOf(-0.0f));
  EXPECT_EQ(r[1], kInfinity);
  EXPECT_EQ(r[3], -kInfinity);
  EXPECT_EQ(q[1], kInfinity);
  EXPECT_EQ(q[3], -kInfinity);
}

TEST_F(Instructions, HalfRoundsOnce) {
  auto a = halves(kCount, 1), b = halves(kCount, 2);
  auto sum = run<f16>("f16_add", a, b, zeros<f16>());
  auto product = run<f16>("f16_mul", a, b, zeros<f16>());
  for (size_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(sum[i], static_cast<f16>(double(a[i]) + double(b[i])));
    EXPECT_EQ(product[i], static_cast<f16>(double(a[i]) * double(b[i])));
  }
}

TEST_F(Instructions, HalfSaturatesWhenTold) {
  std::vector<f16> a(kCount, f16(300)), b(kCount, f16(300));
  b[1] = f16(-300);
  a[2] = f16(kInfinity), b[2] = f16(0);
  auto free = run<f16>("f16_mul", a, b, zeros<f16>());
  auto held = run<f16>("f16_saturating_mul", a, b, zeros<f16>());
  EXPECT_EQ(float(free[0]), kInfinity);
  EXPECT_EQ(float(held[0]), 65504.0f);
  EXPECT_EQ(float(held[1]), -65504.0f);
  EXPECT_EQ(float(held[2]), 0.0f);
}

TEST_F(Instructions, IntegersWrap) {
  std::vector<int32_t> a(kCount, 1 << 20), b(kCount, 1 << 13);
  EXPECT_EQ((run<int32_t>("s32_mul", a, b, zeros<int32_t>())[0]), 0);
  std::vector<int16_t> c(kCount, 32767), e(kCount, 1);
  EXPECT_EQ((run<int16_t>("s16_add", c, e, zeros<int16_t>())[0]), -32768);
  std::vector<int32_t> f(kCount, 20);
  f[1] = -20;
  auto shifted = run<int32_t>("s32_shr", f, zeros<int32_t>(), zeros<int32_t>());
  EXPECT_EQ(shifted[0], 3); // 2.5, half added
  EXPECT_EQ(shifted[1], -2);
}

TEST_F(Instructions, XorOfAndOrNot) {
  std::vector<uint16_t> a(kCount, 0xf0f0), b(kCount, 0xff00);
  EXPECT_EQ((run<uint16_t>("u16_xor", a, b, zeros<uint16_t>())[5]), 0x0ff0);
}

TEST_F(Instructions, MasksKeepWhatWasThere) {
  auto a = floats(kCount, 1), before = floats(kCount, 2);
  auto d = run<float>("f32_adds_masked", a, zeros<float>(), before);
  auto c = run<float>("f32_adds_counted", a, zeros<float>(), before);
  for (size_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(d[i],
              i % 64 < 16 && (0xf0f0 >> (i % 64) & 1) ? a[i] + 1 : before[i])
        << i;
    EXPECT_EQ(c[i], i < 321 ? a[i] + 1 : before[i]) << i;
  }
}

TEST_F(Instructions, Strides) {
  auto a = floats(kCount, 1), before = floats(kCount, 2);
  auto d = run<float>("f32_muls_strided", a, zeros<float>(), before);
  for (size_t i = 0; i < kCount; ++i) {
    size_t block = i / 8;
    EXPECT_EQ(d[i], block % 2 ? before[i] : a[block / 2 * 8 + i % 8] * 2) << i;
  }
  auto b = floats(kCount, 3);
  auto rows = run<float>("f32_row_scale", a, b);
  for (size_t i = 0; i < kCount; ++i)
    EXPECT_EQ(rows[i], a[i] * b[i / 64 * 8 + i % 8]) << i;
}

TEST_F(Instructions, ConversionsRoundAsTheyAreNamed) {
  std::vector<float> a(kCount, 0.5f);
  const float x[] = {0.5f, 1.5f, -0.5f, -1.5f, 2.7f, -2.7f, 3e9f, -3e9f, kNan};
  std::copy(std::begin(x), std::end(x), a.begin());
  const int32_t top = INT32_MAX, bottom = INT32_MIN;
  auto expect = [&](const char *name, std::vector<int32_t> want) {
    auto d = run<int32_t>(name, a);
    for (size_t i = 0; i < want.size(); ++i)
      EXPECT_EQ(d[i], want[i]) << name << " of " << a[i];
  };
  expect("to_s32_r", {0, 2, 0, -2, 3, -3, top, bottom, 0});
  expect("to_s32_a", {1, 2, -1, -2, 3, -3, top, bottom, 0});
  expect("to_s32_f", {0, 1, -1, -2, 2, -3, top, bottom, 0});
  expect("to_s32_z", {0, 1, 0, -1, 2, -2, top, bottom, 0});
}

TEST_F(Instructions, ConversionsOfFloats) {
  auto a = floats(kCount, 7, -65000, 65000);
  a[0] = 1 + 0x1p-11f; // half way: to even
  a[1] = 65520.0f;     // rounds beyond the largest
  auto nearest = run<f16>("to_half", a), zero = run<f16>("to_half_z", a),
       odd = run<f16>("to_half_o", a);
  EXPECT_EQ(float(nearest[0]), 1.0f);
  EXPECT_EQ(float(nearest[1]), kInfinity);
  EXPECT_EQ(float(zero[1]), 65504.0f);
  for (size_t i = 2; i < kCount; ++i) {
    EXPECT_EQ(nearest[i], static_cast<f16>(a[i]));
    EXPECT_LE(std::fabs(float(zero[i])), std::fabs(a[i]));
    if (float(odd[i]) != a[i] && std::fabs(a[i]) < 65504) {
      EXPECT_EQ(std::bit_cast<uint16_t>(odd[i]) & 1, 1);
    }
  }
  auto brain = run<uint16_t>("to_brain", a);
  auto back = run<float>("from_brain", brain);
  for (size_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(bitsOf(back[i]) & 0xffff, 0u);
    EXPECT_LE(std::fabs(back[i] - a[i]), std::fabs(a[i]) * 0x1p-8f);
  }
  auto h = halves(kCount, 8);
  auto wide = run<float>("from_half", h);
  for (size_t i = 0; i < kCount; ++i)
    EXPECT_EQ(wide[i], float(h[i]));
}

TEST_F(Instructions, ConversionsOfBytesAndLongs) {
  std::vector<int8_t> a(kCount);
  std::vector<int32_t> b(kCount);
  std::vector<f16> c(kCount, f16(300));
  for (size_t i = 0; i < kCount; ++i)
    a[i] = static_cast<int8_t>(i), b[i] = -int32_t(i * 1000003);
  auto h = run<f16>("s8_to_half", a);
  auto l = run<int64_t>("s32_to_s64", b);
  for (size_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(float(h[i]), a[i]);
    EXPECT_EQ(l[i], b[i]);
  }
  c[1] = f16(-2.5f);
  auto s = run<int8_t>("half_to_s8", c);
  EXPECT_EQ(s[0], 127);
  EXPECT_EQ(s[1], -2);
}

TEST_F(Instructions, SumsGoByAdjacentPairs) {
  auto a = floats(kCount, 1);
  auto d = run<float>("row_sums", a);
  auto g = run<float>("block_sums", a), p = run<float>("pair_sums", a);
  auto tree = [](std::vector<float> x) {
    while (x.size() > 1) {
      std::vector<float> y;
      for (size_t i = 0; i < x.size(); i += 2)
        y.push_back(x[i] + x[i + 1]);
      x = y;
    }
    return x[0];
  };
  for (size_t r = 0; r < 8; ++r)
    EXPECT_EQ(d[r], tree({a.begin() + r * 64, a.begin() + r * 64 + 64}));
  for (size_t b = 0; b < 64; ++b)
    EXPECT_EQ(g[b], tree({a.begin() + b * 8, a.begin() + b * 8 + 8}));
  for (size_t i = 0; i < 256; ++i)
    EXPECT_EQ(p[i], a[2 * i] + a[2 * i + 1]);
  auto h = halves(kCount, 2);
  auto s = run<f16>("half_row_sums", h, zeros<f16>(), zeros<f16>());
  std::vector<f16> x(h.begin(), h.begin() + 128);
  for (; x.size() > 1; x.resize(x.size() / 2))
    for (size_t i = 0; i < x.size() / 2; ++i)
      x[i] = static_cast<f16>(float(x[2 * i]) + float(x[2 * i + 1]));
  EXPECT_EQ(s[0], x[0]);
}

TEST_F(Instructions, ExtremesComeWithTheFirstIndex) {
  auto a = floats(kCount, 1);
  a[10] = a[20] = 50;
  a[64 + 3] = kNan;
  auto d = run<float>("row_maxima", a), m = run<float>("row_minima", a),
       g = run<float>("block_maxima", a);
  EXPECT_EQ(d[0], 50.0f);
  EXPECT_EQ(bitsOf(d[1]), 10u);
  EXPECT_TRUE(d[2] != d[2]);
  EXPECT_EQ(bitsOf(d[3]), 3u);
  EXPECT_EQ(m[0], *std::min_element(a.begin(), a.begin() + 64));
  EXPECT_EQ(g[0], *std::max_element(a.begin(), a.begin() + 8));
}

TEST_F(Instructions, ComparesAndSelects) {
  auto a = numbers(1), b = numbers(2);
  b[3] = a[3] = 5;
  auto d = run<float>("select_larger", a, b);
  for (size_t i = 0; i < kCount; ++i) {
    float want = a[i] > b[i] ? a[i] : b[i];
    EXPECT_TRUE(d[i] == want || (want != want && d[i] != d[i])) << i;
  }
  auto r = run<float>("select_by_register", a, b);
  for (size_t i = 0; i < 64; ++i) {
    float want = a[i] < b[i] ? a[i] : b[i];
    EXPECT_TRUE(r[i] == want || (want != want && r[i] != r[i])) << i;
  }
  auto ne = run<uint8_t>("nan_bits", a, a);
  for (size_t i = 0; i < kCount / 8; ++i)
    EXPECT_EQ(ne[i], 0); // not even a NaN differs from itself
  auto less = run<uint8_t>("less_than_one", a);
  for (size_t i = 0; i < kCount; ++i)
    EXPECT_EQ(less[i / 8] >> (i % 8) & 1, a[i] < 1) << i;
}

TEST_F(Instructions, Rearranging) {
  std::vector<uint32_t> a(kCount), offsets(kCount), blocks(kCount);
  for (size_t i = 0; i < kCount; ++i) {
    a[i] = static_cast<uint32_t>(i * 17);
    offsets[i] = static_cast<uint32_t>((kCount - 1 - i) * 4);
    blocks[i] = static_cast<uint32_t>((i * 5 % 64) * 32);
  }
  auto none = zeros<uint32_t>();
  auto even = run<uint32_t>("squeeze_even", a, none, none);
  auto spread = run<uint32_t>("spread", a, none, none);
  auto gathered = run<uint32_t>("gather", a, offsets, none);
  auto byBlock = run<uint32_t>("gather_blocks", a, blocks, none);
  auto copies = run<uint32_t>("copies", a, none, none);
  for (size_t i = 0; i < kCount; ++i) {
    if (i < 256)
      EXPECT_EQ(even[i], a[2 * i]);
    EXPECT_EQ(spread[i], a[i / 8]);
    EXPECT_EQ(gathered[i], a[kCount - 1 - i]);
    EXPECT_EQ(byBlock[i], a[i / 8 * 5 % 64 * 8 + i % 8]);
  }
  for (size_t burst = 0; burst < 4; ++burst)
    for (size_t i = 0; i < 16; ++i)
      EXPECT_EQ(copies[burst * 40 + i], a[burst * 24 + i]);
  for (size_t i = 256; i < 512; ++i)
    EXPECT_EQ(copies[i], a[i % 64]);
}

TEST_F(Instructions, Transposes) {
  auto h = halves(kCount, 1);
  auto t = run<f16>("transpose16", h, zeros<f16>(), zeros<f16>());
  for (size_t r = 0; r < 16; ++r)
    for (size_t c = 0; c < 16; ++c)
      EXPECT_EQ(t[c * 16 + r], h[r * 16 + c]);
  auto a = floats(kCount, 2);
  auto u = run<float>("transpose_lists", a);
  for (size_t r = 0; r < 16; ++r)
    for (size_t c = 0; c < 8; ++c)
      EXPECT_EQ(u[c * 16 + r], a[r * 8 + c]);
}

TEST_F(Instructions, Sorts) {
  auto a = floats(kCount, 1);
  a[4] = a[9];
  std::vector<uint32_t> index(kCount);
  for (size_t i = 0; i < kCount; ++i)
    index[i] = static_cast<uint32_t>(i);
  auto d = run<float>("sort32", a, index);
  std::sort(index.begin(), index.begin() + 32, [&](uint32_t x, uint32_t y) {
    return a[x] != a[y] ? a[x] > a[y] : x < y;
  });
  for (size_t i = 0; i < 32; ++i) {
    EXPECT_EQ(d[2 * i], a[index[i]]);
    EXPECT_EQ(bitsOf(d[2 * i + 1]), index[i]);
  }
  // Four lists of 32 records, each descending.
  std::vector<float> lists(kCount);
  for (size_t i = 0; i < 128; ++i)
    lists[2 * i] = static_cast<float>(1000 - (i % 32) * 4 - i / 32);
  auto merged = run<float>("merge", lists);
  for (size_t i = 0; i < 128; ++i)
    EXPECT_EQ(merged[2 * i], static_cast<float>(1000 - i)) << i;
}

} // namespace
