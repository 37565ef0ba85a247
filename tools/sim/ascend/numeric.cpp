// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Element types and the rounding of the chip.

#include "numeric.h"

namespace ascendsim {

bf16 narrow(float x) {
  uint32_t b = bitsOf(x);
  if ((b & 0x7fffffff) > 0x7f800000)
    return {static_cast<uint16_t>(b >> 16 | 0x40)};
  return {static_cast<uint16_t>((b + 0x7fff + (b >> 16 & 1)) >> 16)};
}

double roundWhole(double x, int mode) {
  switch (mode) {
  case cce_r:
    return std::nearbyint(x);
  case cce_a:
    return std::round(x);
  case cce_f:
    return std::floor(x);
  case cce_c:
    return std::ceil(x);
  default:
    return std::trunc(x);
  }
}

double roundFloat(double x, int precision, int least, double largest,
                  int mode) {
  if (x == 0 || !std::isfinite(x))
    return x;
  int exponent = std::max(std::ilogb(x), least);
  double unit = std::ldexp(1.0, exponent - precision + 1);
  double steps = x / unit, whole = roundWhole(steps, mode);
  if (mode == cce_o && whole != steps && std::fmod(whole, 2.0) == 0)
    whole += x < 0 ? -1 : 1;
  double y = std::copysign(whole * unit, x);
  return std::fabs(y) > largest
             ? std::copysign(std::numeric_limits<double>::infinity(), x)
             : y;
}

} // namespace ascendsim
