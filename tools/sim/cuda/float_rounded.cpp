// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 and f64 arithmetic with directed rounding. Compiled with -frounding-math.

#include "float_ops.h"
#include "ops.h"

#include <cfenv>

namespace cudasim {

namespace {
enum class Op : uint8_t { Add, Sub, Mul, Fma, Div, Rcp, Sqrt };
} // namespace

/// A product with the sign of zero that the mode gives needs no care: the
/// host's unit follows the same rules under the same mode.
template <class T, Op O>
static void execRounded(Warp &w, const Instr &i, uint32_t m) {
  const T *a = lanes<T>(w, i.a);
  const T *b = i.b.valid() ? lanes<T>(w, i.b) : a;
  const T *c = i.c.valid() ? lanes<T>(w, i.c) : a;
  bool ftz = i.sub & 1, sat = i.sub & 2;
  static const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD,
                              FE_UPWARD};
  volatile T t[kWarpSize];
  std::fesetround(modes[i.sub >> 2]);
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    volatile T x = a[l], y = b[l], z = c[l];
    if (ftz) {
      x = flush(T(x));
      y = flush(T(y));
      z = flush(T(z));
    }
    if constexpr (O == Op::Add)
      t[l] = x + y;
    else if constexpr (O == Op::Sub)
      t[l] = x - y;
    else if constexpr (O == Op::Mul)
      t[l] = x * y;
    else if constexpr (O == Op::Fma)
      t[l] = std::fma(T(x), T(y), T(z));
    else if constexpr (O == Op::Div)
      t[l] = x / y;
    else if constexpr (O == Op::Rcp)
      t[l] = T(1) / x;
    else
      t[l] = std::sqrt(T(x));
  }
  std::fesetround(FE_TONEAREST);
  T out[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    T r = t[l];
    if (ftz)
      r = flush(r);
    out[l] = sat ? saturate(r) : canonical(r);
  }
  blend(lanes<T>(w, i.d), out, m);
}

Execute roundedArithmetic(std::string_view op, bool wide) {
#define GEMEL_OP(NAME, O)                                                      \
  if (op == NAME)                                                              \
    return wide ? &execRounded<double, Op::O> : &execRounded<float, Op::O>;
  GEMEL_OP("add", Add)
  GEMEL_OP("sub", Sub)
  GEMEL_OP("mul", Mul)
  GEMEL_OP("fma", Fma)
  GEMEL_OP("mad", Fma)
  GEMEL_OP("div", Div)
  GEMEL_OP("rcp", Rcp)
  GEMEL_OP("sqrt", Sqrt)
#undef GEMEL_OP
  return nullptr;
}

} // namespace cudasim
