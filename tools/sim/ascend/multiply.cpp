// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The matrix unit: mad.

#include "access.h"
#include "families.h"
#include "launch.h"
#include "numeric.h"
#include "switches.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace ascendsim {

namespace {

uint64_t up(uint64_t x, uint64_t unit) { return (x + unit - 1) / unit; }

/// Sizes, and where the operands lie.
struct Shape {
  uint64_t m, k, n, k0, k1, m1, n1;
  uint32_t bytes; // of an element of A and B
  bool rowOfA;    // m = 1: A is one row, unblocked
  uint64_t aBytes() const {
    return rowOfA ? up(k * bytes, kFractalBytes) * kFractalBytes
                  : m1 * k1 * kFractalBytes;
  }
  uint64_t bBytes() const { return k1 * n1 * kFractalBytes; }
  uint64_t cBytes() const { return m1 * n1 * 1024; }
  uint64_t a(uint64_t r, uint64_t c) const {
    return rowOfA ? c * bytes
                  : (r / 16 * k1 + c / k0) * kFractalBytes +
                        (r % 16 * k0 + c % k0) * bytes;
  }
  uint64_t b(uint64_t r, uint64_t c) const {
    return (r / k0 * n1 + c / 16) * kFractalBytes +
           (c % 16 * k0 + r % k0) * bytes;
  }
  uint64_t c(uint64_t r, uint64_t c) const {
    return (c / 16 * m1 * 256 + r * 16 + c % 16) * 4;
  }
};

/// HF32: eleven bits of an f32's fraction count.
float shortened(float x, bool nearest) {
  return static_cast<float>(
      roundFloat(x, 12, -126, 3.5e38, nearest ? cce_r : cce_z));
}

float load(const uint8_t *p, int type) {
  switch (type) {
  case cce_f16: {
    f16 x;
    memcpy(&x, p, 2);
    return static_cast<float>(x);
  }
  case cce_bf16: {
    bf16 x;
    memcpy(&x, p, 2);
    return widen(x);
  }
  case cce_s8:
    return static_cast<float>(static_cast<int8_t>(*p));
  default: {
    float x;
    memcpy(&x, p, 4);
    return x;
  }
  }
}

/// The order in which products are added: by blocks of 16, permuted by the
/// seed, for the chip's own order is not known.
std::vector<uint32_t> orderOf(const Instruction &in, uint64_t k) {
  std::vector<uint32_t> order(k);
  std::iota(order.begin(), order.end(), 0);
  uint64_t seed = in.core->launch->seed;
  if (!seed)
    return order;
  std::mt19937_64 random(seed * 0x9e3779b97f4a7c15ull + k);
  std::vector<uint32_t> blocks(up(k, 16));
  std::iota(blocks.begin(), blocks.end(), 0);
  std::shuffle(blocks.begin(), blocks.end(), random);
  size_t at = 0;
  for (uint32_t block : blocks) {
    size_t begin = at;
    for (uint64_t i = block * 16; i < std::min<uint64_t>(k, block * 16 + 16);
         ++i)
      order[at++] = static_cast<uint32_t>(i);
    std::shuffle(order.begin() + static_cast<long>(begin),
                 order.begin() + static_cast<long>(at), random);
  }
  return order;
}

struct Matrices {
  std::vector<float> a, b; // [m][k], [k][n]
  std::vector<uint8_t> rowDefined, columnDefined;
};

Matrices unpack(Instruction &in, const Shape &s, bool defined) {
  Matrices x;
  int type = in.type(1);
  const uint8_t *a = locate(in, 1, cce_l0a, in[1], s.aBytes(), false);
  const uint8_t *b = locate(in, 2, cce_l0b, in[2], s.bBytes(), false);
  x.a.resize(s.m * s.k);
  x.b.resize(s.k * s.n);
  x.rowDefined.assign(s.m, 1);
  x.columnDefined.assign(s.n, 1);
  uint64_t ctrl = in.registers->ctrl;
  bool hf32 = type == cce_f32 && (ctrl >> (reading(kHf32Bit) ? 49 : 46) & 1);
  bool nearest = !(ctrl >> 47 & 1);
  for (uint64_t r = 0; r < s.m; ++r)
    for (uint64_t c = 0; c < s.k; ++c) {
      float v = load(a + s.a(r, c), type);
      x.a[r * s.k + c] = hf32 ? shortened(v, nearest) : v;
      if (!defined)
        x.rowDefined[r] &= isDefined(in, cce_l0a, in[1] + s.a(r, c), s.bytes);
    }
  for (uint64_t r = 0; r < s.k; ++r)
    for (uint64_t c = 0; c < s.n; ++c) {
      float v = load(b + s.b(r, c), type);
      x.b[r * s.n + c] = hf32 ? shortened(v, nearest) : v;
      if (!defined)
        x.columnDefined[c] &=
            isDefined(in, cce_l0b, in[2] + s.b(r, c), s.bytes);
    }
  return x;
}

template <class T>
void accumulate(const Shape &s, const Matrices &x,
                const std::vector<uint32_t> &order, T *sums, uint64_t row) {
  const float *a = x.a.data() + row * s.k;
  for (uint32_t k : order) {
    const float *b = x.b.data() + uint64_t(k) * s.n;
    if constexpr (std::is_same_v<T, float>) {
      float f = a[k];
      // The product is exact, the sum rounds once.
      for (uint64_t n = 0; n < s.n; ++n)
        sums[n] = __builtin_fmaf(f, b[n], sums[n]);
    } else {
      int32_t f = static_cast<int32_t>(a[k]);
      for (uint64_t n = 0; n < s.n; ++n)
        if (__builtin_add_overflow(sums[n], f * static_cast<int32_t>(b[n]),
                                   &sums[n]))
          sums[n] = f * b[n] > 0 ? INT32_MAX : INT32_MIN;
    }
  }
}

template <class T>
void products(Instruction &in, const Shape &s, const Matrices &x,
              const uint8_t *bias) {
  uint8_t *c = locate(in, 0, cce_l0c, in[0], s.cBytes(), true);
  std::vector<uint32_t> order = orderOf(in, s.k);
  std::vector<T> sums(s.n);
  for (uint64_t r = 0; r < s.m; ++r) {
    for (uint64_t n = 0; n < s.n; ++n)
      if (in[9])
        sums[n] = 0;
      else
        memcpy(&sums[n], bias ? bias + n * 4 : c + s.c(r, n), 4);
    accumulate(s, x, order, sums.data(), r);
    for (uint64_t n = 0; n < s.n; ++n)
      memcpy(c + s.c(r, n), &sums[n], 4);
  }
}

Shape shapeOf(Instruction &in) {
  Shape s{};
  s.m = in[3];
  s.k = in[4];
  s.n = in[5];
  s.bytes = typeBytes(in.type(1));
  s.k0 = 32 / s.bytes;
  s.k1 = in[7] && s.bytes == 4 ? up(s.k, 16) * 2 : up(s.k, s.k0);
  s.m1 = up(s.m, 16);
  s.n1 = up(s.n, 16);
  if (in[7] && s.bytes != 4)
    fail(in, kIllegal, "kDirectionAlign is for f32 only");
  s.rowOfA = s.m == 1;
  if (s.rowOfA && reading(kGemv))
    fail(in, kIllegal,
         "m = 1 reads A row by row, not by fractals: pass m = "
         "16");
  return s;
}

void takeUnitFlag(Instruction &in) {
  Core &core = *in.core;
  if (!in[6])
    return;
  // The unit itself holds mad until fixpipe has read the tile.
  core.pipes[kM].clock.join(core.unitRead);
  if (in[6] == 3) {
    Clock clock = core.pipes[kM].clock;
    clock.own[kM] = core.pipes[kM].count;
    core.unitWritten.push_back(clock);
  }
}

} // namespace

uint64_t multiply(Instruction &in) {
  static const uint32_t kAlignment[] = {64, 512, 1024};
  Core &core = *in.core;
  Shape s = shapeOf(in);
  takeUnitFlag(in);
  if (!s.m || !s.k || !s.n)
    return 0;
  needAligned(in, 0, kAlignment[reading(kL0cAlign)]);
  needAligned(in, 1, kFractalBytes);
  needAligned(in, 2, kFractalBytes);
  locate(in, 1, cce_l0a, in[1], s.aBytes(), false);
  locate(in, 2, cce_l0b, in[2], s.bBytes(), false);
  locate(in, 0, cce_l0c, in[0], s.cBytes(), true);
  bool fromBias = in[8], fromZero = in[9];
  if (fromBias && fromZero)
    fail(in, kIllegal, "cmatrixSource and cmatrixInitVal exclude each other");
  bool defined = enterRead(in, 1, cce_l0a, in[1], s.aBytes());
  defined &= enterRead(in, 2, cce_l0b, in[2], s.bBytes());
  Matrices x = unpack(in, s, defined);
  const uint8_t *bias = nullptr;
  std::vector<uint8_t> old;
  if (fromBias) {
    bias = locate(in, 10, cce_bt, in[10], s.n * 4, false);
    if (!enterRead(in, 10, cce_bt, in[10], s.n * 4))
      undefinedUse(in, 10, cce_bt, firstUndefined(in, cce_bt, in[10], s.n * 4),
                   "adds");
  } else if (!fromZero) {
    enterRead(in, 0, cce_l0c, in[0], s.cBytes());
    if (core.launch->checking) {
      old.resize(s.m * s.n);
      for (uint64_t r = 0; r < s.m; ++r)
        for (uint64_t n = 0; n < s.n; ++n)
          old[r * s.n + n] = isDefined(in, cce_l0c, in[0] + s.c(r, n), 4);
    }
  }
  if (in.type(0) == cce_s32)
    products<int32_t>(in, s, x, bias);
  else
    products<float>(in, s, x, bias);
  // What lies outside m and n in the last fractals is not known.
  enterWrite(in, 0, cce_l0c, in[0], s.cBytes(), s.m % 16 == 0 && s.n % 16 == 0);
  if (core.launch->checking)
    for (uint64_t r = 0; r < s.m; ++r)
      for (uint64_t n = 0; n < s.n; ++n) {
        bool ok = x.rowDefined[r] && x.columnDefined[n] &&
                  (old.empty() || old[r * s.n + n]);
        if (!ok || s.m % 16 || s.n % 16)
          define(in, cce_l0c, in[0] + s.c(r, n), 4, ok);
      }
  // Large tiles are over before the next mad reaches them
  // (AscendNPU-IR LocalMmad.cpp, catlass).
  if (s.m1 * s.n1 >= 10)
    core.pipes[kM].clock.own[kM] = in.number;
  in.repeats = static_cast<double>(s.m1 * s.n1 * s.k1);
  return 0;
}

} // namespace ascendsim
