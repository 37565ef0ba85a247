// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cvt between integers and floats.

#include "sim.h"

#include <cfenv>
#include <cmath>

using namespace simtest;

namespace {

constexpr size_t kCount = 3000;

class Convert : public Sim {};

float f32(uint32_t bits) {
  float f;
  memcpy(&f, &bits, 4);
  return f;
}
uint32_t bits(float f) {
  uint32_t b;
  memcpy(&b, &f, 4);
  return b;
}

TEST_F(Convert, FloatToInteger) {
  auto a = floats32(kCount, 1);
  const std::pair<const char *, double (*)(double)> modes[] = {
      {".rzi", std::trunc},
      {".rmi", std::floor},
      {".rpi", std::ceil},
      {".rni", std::nearbyint}};
  for (auto [mode, f] : modes) {
    auto s = map<uint32_t>(std::string("cvt") + mode + ".s32.f32 %d, %a;", a);
    auto u = map<uint64_t>(std::string("cvt") + mode + ".u64.f32 %d, %a;", a);
    auto b = map<uint32_t>(std::string("cvt") + mode + ".s8.f32 %d, %a;", a);
    for (size_t i = 0; i < kCount; ++i) {
      double v = f32(a[i]);
      double w = v != v ? 0 : f(v);
      ASSERT_EQ(int32_t(s[i]),
                int64_t(std::min(std::max(w, -0x1p31), 0x1p31 - 1)));
      ASSERT_EQ(int32_t(b[i]), int64_t(std::min(std::max(w, -128.0), 127.0)));
      uint64_t wide = w <= 0 ? 0 : w >= 0x1p64 ? ~0ull : uint64_t(w);
      ASSERT_EQ(u[i], wide) << v;
    }
  }
}

TEST_F(Convert, IntegerToFloat) {
  auto a = integers<uint64_t>(kCount, 2);
  const std::pair<const char *, int> modes[] = {{".rn", FE_TONEAREST},
                                                {".rz", FE_TOWARDZERO},
                                                {".rm", FE_DOWNWARD},
                                                {".rp", FE_UPWARD}};
  for (auto [mode, host] : modes) {
    auto s = map<uint32_t>(std::string("cvt") + mode + ".f32.s64 %d, %a;", a);
    auto d = map<uint64_t>(std::string("cvt") + mode + ".f64.u64 %d, %a;", a);
    for (size_t i = 0; i < kCount; ++i) {
      std::fesetround(host);
      volatile int64_t x = int64_t(a[i]);
      volatile float f = static_cast<float>(x);
      volatile long double exact = a[i];
      volatile double g = static_cast<double>(exact);
      std::fesetround(FE_TONEAREST);
      ASSERT_EQ(s[i], bits(f)) << x << mode;
      double got;
      memcpy(&got, &d[i], 8);
      ASSERT_EQ(got, g) << a[i] << mode;
    }
  }
}

TEST_F(Convert, IntegerToInteger) {
  auto a = integers<uint32_t>(kCount, 3);
  auto wide = map<uint64_t>("cvt.s64.s32 %d, %a;", a);
  auto byte = map<uint32_t>("cvt.s32.s8 %d, %a;", a);
  auto saturated = map<uint16_t>("cvt.sat.u8.s32 %d, %a;", a);
  auto narrow = map<uint16_t>("cvt.u16.u32 %d, %a;", a);
  for (size_t i = 0; i < kCount; ++i) {
    ASSERT_EQ(wide[i], uint64_t(int64_t(int32_t(a[i]))));
    ASSERT_EQ(byte[i], uint32_t(int8_t(a[i])));
    int32_t v = int32_t(a[i]);
    ASSERT_EQ(saturated[i], v < 0 ? 0 : v > 255 ? 255 : v);
    ASSERT_EQ(narrow[i], uint16_t(a[i]));
  }
}

TEST_F(Convert, BetweenFloats) {
  auto a = floats32(kCount, 4);
  auto wide = map<uint64_t>("cvt.f64.f32 %d, %a;", a);
  auto whole = map<uint32_t>("cvt.rmi.f32.f32 %d, %a;", a);
  auto ftz = map<uint32_t>("cvt.ftz.sat.f32.f32 %d, %a;", a);
  auto tf32 = map<uint32_t>("cvt.rna.tf32.f32 %d, %a;", a);
  for (size_t i = 0; i < kCount; ++i) {
    float f = f32(a[i]);
    if (f != f) {
      ASSERT_EQ(ftz[i], 0u);
      continue;
    }
    double d = f, got;
    memcpy(&got, &wide[i], 8);
    ASSERT_EQ(memcmp(&d, &got, 8), 0);
    ASSERT_EQ(whole[i], bits(std::floor(f))) << f;
    float flushed = std::fabs(f) < 0x1p-126f ? 0 : f;
    ASSERT_EQ(ftz[i], bits(flushed > 0 ? std::min(flushed, 1.0f) : 0.0f)) << f;
    if (std::isfinite(f) && std::fabs(f) < 0x1.8p127f) {
      // Half of what is dropped, added to the magnitude.
      ASSERT_EQ(tf32[i], (a[i] + 0x1000) & ~0x1fffu) << std::hex << a[i];
    }
  }
  auto d = floats64(kCount, 5);
  auto narrow = map<uint32_t>("cvt.rn.f32.f64 %d, %a;", d);
  auto down = map<uint32_t>("cvt.rz.f32.f64 %d, %a;", d);
  for (size_t i = 0; i < kCount; ++i) {
    double v;
    memcpy(&v, &d[i], 8);
    ASSERT_EQ(narrow[i], bits(float(v)));
    if (std::isfinite(v)) {
      std::fesetround(FE_TOWARDZERO);
      volatile double x = v;
      volatile float f = float(x);
      std::fesetround(FE_TONEAREST);
      ASSERT_EQ(down[i], bits(f)) << v;
    }
  }
}

TEST_F(Convert, PackAndUnpack) {
  auto a = integers<uint32_t>(kCount, 6), b = integers<uint32_t>(kCount, 7);
  auto d = map<uint64_t>("mov.b32 {%h0, %h1}, %a; mov.b32 %r4, {%h1, %h0};"
                         "mov.b64 %d, {%r4, %b};",
                         a, b);
  for (size_t i = 0; i < kCount; ++i)
    ASSERT_EQ(d[i], uint64_t(b[i]) << 32 | (a[i] >> 16 | a[i] << 16));
}

} // namespace
