// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conversions between element types.

#include "families.h"
#include "launch.h"
#include "vector.h"

namespace ascendsim {

namespace {

template <class D, class S, class F>
uint64_t run(Instruction &in, F f) {
  Plan plan = planOf(in, 2, std::max(sizeof(D), sizeof(S)));
  auto u32 = [&](int i) { return static_cast<uint32_t>(in[i]); };
  Operand d{0, in[0], sizeof(D), u32(3), u32(5)};
  Operand s[1] = {{1, in[1], sizeof(S), u32(4), u32(6)}};
  elementwise<D, S>(in, plan, d, s, false, f);
  return 0;
}

double number(f16 x) { return static_cast<double>(x); }
double number(bf16 x) { return widen(x); }
double number(float x) { return x; }

/// Floating to whole: rounded, then saturated; NaN is 0.
template <class D, class S>
uint64_t toWhole(Instruction &in) {
  int mode = static_cast<int>(in[7]);
  return run<D, S>(
      in, [mode](S x) { return saturateTo<D>(roundWhole(number(x), mode)); });
}

/// Whole to whole: saturated, or cut off as CTRL bit 59 says.
template <class D, class S>
uint64_t wholes(Instruction &in) {
  bool cut = in.registers->ctrl >> 59 & 1;
  return run<D, S>(in, [cut](S x) {
    int64_t wide = x;
    if (cut)
      return static_cast<D>(wide);
    return static_cast<D>(std::clamp<int64_t>(
        wide, std::numeric_limits<D>::min(), std::numeric_limits<D>::max()));
  });
}

/// To f16; beyond its range infinite, or the largest in saturation mode.
template <class S>
uint64_t toHalf(Instruction &in) {
  int mode = static_cast<int>(in[7]);
  bool infinities = in.infinities();
  if (infinities && mode == cce_r && sizeof(S) <= 4)
    return run<f16, S>(
        in, [](S x) { return static_cast<f16>(static_cast<float>(x)); });
  return run<f16, S>(in, [mode, infinities](S x) {
    f16 y = static_cast<f16>(
        roundFloat(static_cast<double>(x), 11, -14, 65504, mode));
    return infinities ? y : saturate(y);
  });
}

uint64_t toBrain(Instruction &in) {
  int mode = static_cast<int>(in[7]);
  bool infinities = in.infinities();
  if (infinities && mode == cce_r)
    return run<bf16, float>(in, [](float x) { return narrow(x); });
  return run<bf16, float>(in, [mode, infinities](float x) {
    constexpr double largest = 0x1.fep127;
    double y = roundFloat(x, 8, -126, largest, mode);
    if (!infinities)
      y = y != y ? 0 : std::clamp(y, -largest, largest);
    return narrow(static_cast<float>(y));
  });
}

template <class S>
uint64_t toSingle(Instruction &in) {
  int mode = static_cast<int>(in[7]);
  return run<float, S>(in, [mode](S x) {
    if constexpr (sizeof(S) <= 2)
      return static_cast<float>(x);
    // A double holds 2^53 whole; beyond that two steps could round twice.
    int64_t whole = x;
    if (mode == cce_r)
      return static_cast<float>(whole);
    float y = static_cast<float>(whole);
    if (std::llabs(whole) < int64_t(1) << 53)
      return static_cast<float>(
          roundFloat(static_cast<double>(whole), 24, -126, 3.4e38, mode));
    return y;
  });
}

uint64_t rounded(Instruction &in) {
  int mode = static_cast<int>(in[7]);
  // -0 becomes +0: boundary-value appendix of asc-devkit.
  return run<float, float>(in, [mode](float x) {
    float y = static_cast<float>(roundWhole(x, mode));
    return y == 0 ? 0.0f : y;
  });
}

constexpr int pair(int dst, int src) { return dst << 8 | src; }

} // namespace

uint64_t convert(Instruction &in) {
  switch (pair(in.type(0), in.type(1))) {
  case pair(cce_f16, cce_f32):
    return toHalf<float>(in);
  case pair(cce_bf16, cce_f32):
    return toBrain(in);
  case pair(cce_f32, cce_f32):
    return rounded(in);
  case pair(cce_s16, cce_f32):
    return toWhole<int16_t, float>(in);
  case pair(cce_s32, cce_f32):
    return toWhole<int32_t, float>(in);
  case pair(cce_s64, cce_f32):
    return toWhole<int64_t, float>(in);
  case pair(cce_f32, cce_f16):
    return run<float, f16>(in, [](f16 x) { return static_cast<float>(x); });
  case pair(cce_s32, cce_f16):
    return toWhole<int32_t, f16>(in);
  case pair(cce_s16, cce_f16):
    return toWhole<int16_t, f16>(in);
  case pair(cce_s8, cce_f16):
    return toWhole<int8_t, f16>(in);
  case pair(cce_u8, cce_f16):
    return toWhole<uint8_t, f16>(in);
  case pair(cce_f32, cce_bf16):
    return run<float, bf16>(in, [](bf16 x) { return widen(x); });
  case pair(cce_s32, cce_bf16):
    return toWhole<int32_t, bf16>(in);
  case pair(cce_f16, cce_s16):
    return toHalf<int16_t>(in);
  case pair(cce_f32, cce_s16):
    return toSingle<int16_t>(in);
  case pair(cce_s8, cce_s16):
    return wholes<int8_t, int16_t>(in);
  case pair(cce_u8, cce_s16):
    return wholes<uint8_t, int16_t>(in);
  case pair(cce_f32, cce_s32):
    return toSingle<int32_t>(in);
  case pair(cce_s16, cce_s32):
    return wholes<int16_t, int32_t>(in);
  case pair(cce_s64, cce_s32):
    return wholes<int64_t, int32_t>(in);
  case pair(cce_s32, cce_s64):
    return wholes<int32_t, int64_t>(in);
  case pair(cce_f32, cce_s64):
    return toSingle<int64_t>(in);
  case pair(cce_f16, cce_s8):
    return run<f16, int8_t>(in, [](int8_t x) { return static_cast<f16>(x); });
  case pair(cce_f16, cce_u8):
    return run<f16, uint8_t>(in, [](uint8_t x) { return static_cast<f16>(x); });
  default:
    fail(in, kIllegal, "converts between types it cannot");
  }
}

uint64_t convertDequant(Instruction &in) {
  uint16_t bits = static_cast<uint16_t>(in.registers->deqScale);
  float scale = static_cast<float>(std::bit_cast<f16>(bits));
  bool infinities = in.infinities();
  return run<f16, int32_t>(in, [scale, infinities](int32_t x) {
    f16 y = static_cast<f16>(static_cast<float>(x) * scale);
    return infinities ? y : saturate(y);
  });
}

} // namespace ascendsim
