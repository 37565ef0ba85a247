// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// L0C to GM or L1, with conversion.

#include "access.h"
#include "families.h"
#include "launch.h"
#include "move.h"
#include "numeric.h"
#include "switches.h"

#include <cstring>

namespace ascendsim {

namespace {

enum Quant {
  kNone = 0,
  kF32ToF16 = 1,
  kVectorReq8 = 2,
  kReq8 = 3,
  kVectorDeqF16 = 4,
  kDeqF16 = 5,
  kVectorShift = 12,
  kShift = 13,
  kF32ToBf16 = 16,
  kVectorF32ToB8 = 23,
  kF32ToB8 = 24,
};

struct QuantFacts {
  int quant, from, to; // to: 0, an 8-bit type
  bool perColumn;
};
const QuantFacts kQuants[] = {
    {kNone, cce_f32, cce_f32, false},
    {kNone, cce_s32, cce_s32, false},
    {kF32ToF16, cce_f32, cce_f16, false},
    {kF32ToBf16, cce_f32, cce_bf16, false},
    {kVectorReq8, cce_s32, 0, true},
    {kReq8, cce_s32, 0, false},
    {kVectorDeqF16, cce_s32, cce_f16, true},
    {kDeqF16, cce_s32, cce_f16, false},
    {kVectorShift, cce_s32, cce_s16, true},
    {kShift, cce_s32, cce_s16, false},
    {kVectorF32ToB8, cce_f32, 0, true},
    {kF32ToB8, cce_f32, 0, false},
};

const QuantFacts &factsOf(Instruction &in) {
  int quant = static_cast<int>(in[8]), to = in.type(0), from = in.type(1);
  bool byte = to == cce_s8 || to == cce_u8;
  for (const QuantFacts &f : kQuants)
    if (f.quant == quant && f.from == from && (f.to ? f.to == to : byte))
      return f;
  fail(in, kIllegal,
       "quantisation mode %d from %s to %s is none the chip has: L0C in f32 "
       "goes to f32 (NoQuant), f16, bf16 and 8 bits, in s32 to s32, f16, s16 "
       "and 8 bits",
       quant, typeName(from), typeName(to));
}

struct Converter {
  Instruction &in;
  const QuantFacts &facts;
  const uint8_t *table = nullptr; // factors by column
  bool isInt;

  uint64_t factor(uint64_t column) const {
    if (!facts.perColumn)
      return in.registers->quantPre;
    uint64_t f;
    memcpy(&f, table + 8 * column, 8);
    return f;
  }
  float relu(float x) const {
    switch (in[9]) {
    case 0:
      return x;
    case 1:
      return x > 0 ? x : x != x ? x : 0.0f;
    default: {
      float alpha =
          std::bit_cast<float>(static_cast<uint32_t>(in.registers->lreluAlpha));
      return x > 0 ? x : x * alpha;
    }
    }
  }
  f16 toHalf(float x) const {
    static const int kModes[] = {cce_r, cce_a, cce_z};
    int mode = kModes[reading(kFixRound)];
    f16 y = static_cast<f16>(x);
    if (mode != cce_r)
      y = static_cast<f16>(roundFloat(x, 11, -14, 65504, mode));
    return in.infinities() ? y : saturate(y);
  }
  bf16 toBrain(float x) const {
    static const int kModes[] = {cce_r, cce_a, cce_z};
    int mode = kModes[reading(kFixRound)];
    return narrow(mode == cce_r ? x
                                : static_cast<float>(roundFloat(
                                      x, 8, -126, 0x1.fep127, mode)));
  }
  /// One element; \p out has room for four bytes.
  void convert(const uint8_t *p, uint64_t column, uint8_t *out) const {
    int32_t whole;
    float x;
    memcpy(&whole, p, 4);
    memcpy(&x, p, 4);
    switch (facts.quant) {
    case kNone:
      if (isInt) {
        if (in[9] == 1)
          whole = std::max(whole, 0);
        memcpy(out, &whole, 4);
      } else {
        x = relu(x);
        memcpy(out, &x, 4);
      }
      return;
    case kF32ToF16: {
      f16 y = toHalf(relu(x));
      memcpy(out, &y, 2);
      return;
    }
    case kF32ToBf16: {
      bf16 y = toBrain(relu(x));
      memcpy(out, &y, 2);
      return;
    }
    case kVectorShift:
    case kShift: {
      uint64_t shift = factor(column) >> 32 & 15;
      int64_t y = (int64_t(whole) + (1ll << shift)) >> (shift + 1);
      int16_t z = saturateTo<int16_t>(relu(static_cast<float>(y)));
      memcpy(out, &z, 2);
      return;
    }
    default:
      break;
    }
    uint64_t f = factor(column);
    float scale = std::bit_cast<float>(static_cast<uint32_t>(f));
    float y = relu((isInt ? static_cast<float>(whole) : x) * scale);
    if (facts.to == cce_f16) {
      f16 h = toHalf(y);
      memcpy(out, &h, 2);
      return;
    }
    // Offset in bits 45:37, the sign of the result in bit 46.
    int32_t offset = static_cast<int32_t>(f >> 37 & 0x1ff);
    if (offset >= 256)
      offset -= 512;
    double r = roundWhole(y, cce_r) + offset;
    if (in.type(0) == cce_s8)
      *out = static_cast<uint8_t>(saturateTo<int8_t>(r));
    else
      *out = saturateTo<uint8_t>(r);
  }
};

void check(Instruction &in, cce_space dst) {
  static const uint32_t kAlignment[] = {64, 512, 1024};
  uint64_t n = in[3], m = in[4];
  bool rowMajor = in[11], split = in[10];
  needAligned(in, 1, kAlignment[reading(kL0cAlign)]);
  if (!rowMajor)
    needAligned(in, 0, 32);
  if (rowMajor && m > 8192)
    fail(in, kIllegal, "mSize is %llu, and at most 8192 when it writes rows",
         static_cast<unsigned long long>(m));
  if (!rowMajor && n % (split ? 8 : 16))
    fail(in, kIllegal, "nSize is %llu, and a multiple of %d when it writes NZ",
         static_cast<unsigned long long>(n), split ? 8 : 16);
  if (split && (in.type(0) != cce_f32 || rowMajor))
    fail(in, kIllegal, "channelSplit is for f32 in NZ");
  if (in[9] == 3)
    fail(in, kIllegal,
         "relu by a vector of slopes is not simulated: its table "
         "is not documented");
  if (in[9] == 2 && reading(kLeaky))
    fail(in, kIllegal, "relu 2 is not certain (GEMEL_ASCEND_SIM_LEAKY)");
  if (dst == cce_l1 && in.type(0) == cce_f32)
    fail(in, kIllegal,
         "L0C does not go to L1 as f32: convert to f16 or bf16, "
         "or go through GM");
  if (rowMajor && (in.registers->ndPara & 0xffff) != 1)
    fail(in, kIllegal,
         "set_nd_para says %llu matrices: one is simulated, "
         "set_nd_para(1 | 1 << 16 | 1ull << 32)",
         static_cast<unsigned long long>(in.registers->ndPara & 0xffff));
  if (in[6] < (m + 15) / 16 * 16 && n > 16)
    fail(in, kIllegal,
         "srcStride is %llu rows, less than mSize %llu rounded up "
         "to 16: blocks of columns would overlap",
         static_cast<unsigned long long>(in[6]),
         static_cast<unsigned long long>(m));
}

} // namespace

uint64_t fixpipe(Instruction &in) {
  cce_space dst = in.spec->fields[0].space;
  uint64_t n = in[3], m = in[4], srcStride = in[6];
  bool rowMajor = in[11], split = in[10];
  Core &core = *in.core;
  if (in[7] && !core.unitWritten.empty()) {
    core.pipes[kFix].clock.join(core.unitWritten.front());
    if (in[7] == 3)
      core.unitWritten.pop_front();
  }
  if (!m || !n)
    return 0;
  check(in, dst);
  const QuantFacts &facts = factsOf(in);
  Converter converter{in, facts, nullptr, in.type(1) == cce_s32};
  if (facts.perColumn) {
    uint64_t at = (in.registers->fpc >> 8 & 0xffff) << 7;
    converter.table = locate(in, -1, cce_fb, at, n * 8, false);
    if (!enterRead(in, -1, cce_fb, at, n * 8))
      undefinedUse(in, -1, cce_fb, firstUndefined(in, cce_fb, at, n * 8),
                   "scales by");
  }
  uint32_t bytes = typeBytes(in.type(0));
  uint64_t columns = rowMajor ? n : bytes == 1 ? 32 : split ? 8 : 16;
  std::vector<uint8_t> row(columns * 4);
  for (uint64_t first = 0; first < n; first += columns)
    for (uint64_t r = 0; r < m; ++r) {
      uint64_t count = std::min(columns, n - first);
      for (uint64_t c = 0; c < count; ++c) {
        uint64_t column = first + c;
        uint64_t from =
            in[1] + (column / 16 * srcStride * 16 + r * 16 + column % 16) * 4;
        if (c % 16 == 0 || column % 16 == 0) {
          uint64_t run = std::min(16 - column % 16, count - c) * 4;
          locate(in, 1, cce_l0c, from, run, false);
          if (!enterRead(in, 1, cce_l0c, from, run))
            undefinedUse(in, 1, cce_l0c, firstUndefined(in, cce_l0c, from, run),
                         "stores");
        }
        converter.convert(core.memory[cce_l0c].data.data() + from, column,
                          &row[c * bytes]);
      }
      uint64_t to = in[0];
      if (rowMajor)
        to += (r * in[5] + first) * bytes;
      else
        to += first / columns * in[5] * (reading(kNzStride) ? bytes : 32) +
              r * count * bytes;
      in.bytes += static_cast<double>(count * bytes);
      if (dst == cce_gm) {
        in.noteOutside(to, count * bytes);
        storeBytes(in, to, row.data(), count * bytes);
      } else {
        uint8_t *p = locate(in, 0, dst, to, count * bytes, true);
        enterWrite(in, 0, dst, to, count * bytes, true);
        memcpy(p, row.data(), count * bytes);
      }
    }
  if (in[7] == 3) {
    core.unitRead = core.pipes[kFix].clock;
    core.unitRead.own[kFix] = core.pipes[kFix].count;
  }
  return 0;
}

} // namespace ascendsim
