// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elementwise vector instructions: two sources, one source, a scalar.

#include "families.h"
#include "launch.h"
#include "switches.h"
#include "vector.h"

namespace ascendsim {

namespace {

// Where the families' fields stand.
struct Position {
  int field, blk, rep;
};
constexpr Position kBinaryDst = {0, 4, 7}, kSrc0 = {1, 5, 8}, kSrc1 = {2, 6, 9};
constexpr Position kUnaryDst = {0, 3, 5}, kUnarySrc = {1, 4, 6};
constexpr Position kScalarDst = {0, 4, 6}, kScalarSrc = {1, 5, 7};
constexpr Position kDuplicateDst = {0, 3, 5};

Operand operandOf(const Instruction &in, Position p, uint32_t bytes) {
  return {p.field, in[p.field], bytes, static_cast<uint32_t>(in[p.blk]),
          static_cast<uint32_t>(in[p.rep])};
}

template <class T>
T scalarOf(uint64_t bits) {
  T x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/// NaN wins, as the boundary-value appendix of asc-devkit has it.
template <class T>
T larger(T a, T b) {
  if constexpr (!std::is_integral_v<T>)
    return a != a ? a : b != b ? b : a > b ? a : b;
  else
    return a > b ? a : b;
}
template <class T>
T smaller(T a, T b) {
  if constexpr (!std::is_integral_v<T>)
    return a != a ? a : b != b ? b : a < b ? a : b;
  else
    return a < b ? a : b;
}

/// Integer arithmetic wraps, or saturates as CTRL bit 53 says.
template <class T>
T fit(int64_t x, bool saturates) {
  if (saturates)
    return x < std::numeric_limits<T>::min()   ? std::numeric_limits<T>::min()
           : x > std::numeric_limits<T>::max() ? std::numeric_limits<T>::max()
                                               : static_cast<T>(x);
  return static_cast<T>(static_cast<std::make_unsigned_t<T>>(x));
}

/// Wraps f so that f16 results obey the saturation mode.
template <class T, class F>
auto withMode(const Instruction &in, F f) {
  bool saturates = sizeof(T) == 2 && !in.infinities();
  return [f, saturates](auto... x) -> T {
    T y = f(x...);
    (void)saturates;
    if constexpr (std::is_same_v<T, f16>)
      if (saturates)
        return saturate(y);
    return y;
  };
}

template <class T, class F>
uint64_t two(Instruction &in, F f, bool mayAccumulate = false) {
  Plan plan = planOf(in, 3, sizeof(T));
  Operand d = operandOf(in, kBinaryDst, sizeof(T));
  Operand s[2] = {operandOf(in, kSrc0, sizeof(T)),
                  operandOf(in, kSrc1, sizeof(T))};
  if (std::is_same_v<T, f16> && !in.infinities())
    elementwise<T, T, T>(in, plan, d, s, mayAccumulate, withMode<T>(in, f));
  else
    elementwise<T, T, T>(in, plan, d, s, mayAccumulate, f);
  return 0;
}

/// The destination is a source, too.
template <class T, class S, class F>
uint64_t three(Instruction &in, F f) {
  Plan plan = planOf(in, 3, sizeof(T));
  Operand d = operandOf(in, kBinaryDst, sizeof(T));
  Operand s[3] = {operandOf(in, kSrc0, sizeof(S)),
                  operandOf(in, kSrc1, sizeof(S)), d};
  if (!d.rep) {
    Operand last = s[2];
    std::swap(s[1], s[2]);
    elementwise<T, S, T, S>(
        in, plan, d, s, true,
        withMode<T>(in, [f](S a, T c, S b) { return f(a, b, c); }));
    (void)last;
    return 0;
  }
  elementwise<T, S, S, T>(in, plan, d, s, false, withMode<T>(in, f));
  return 0;
}

template <class T>
uint64_t arithmetic(Instruction &in) {
  bool sat = in.registers->ctrl >> 53 & 1;
  switch (in.op) {
  case cce_op_vadd:
    if constexpr (std::is_integral_v<T>)
      return two<T>(
          in, [sat](T a, T b) { return fit<T>(int64_t(a) + b, sat); }, true);
    else
      return two<T>(in, [](T a, T b) { return T(a + b); }, true);
  case cce_op_vsub:
    if constexpr (std::is_integral_v<T>)
      return two<T>(
          in, [sat](T a, T b) { return fit<T>(int64_t(a) - b, sat); }, true);
    else
      return two<T>(in, [](T a, T b) { return T(a - b); }, true);
  case cce_op_vmul:
    if constexpr (std::is_integral_v<T>)
      return two<T>(
          in, [sat](T a, T b) { return fit<T>(int64_t(a) * b, sat); }, true);
    else
      return two<T>(in, [](T a, T b) { return T(a * b); }, true);
  case cce_op_vmax:
    return two<T>(in, [](T a, T b) { return larger(a, b); }, true);
  case cce_op_vmin:
    return two<T>(in, [](T a, T b) { return smaller(a, b); }, true);
  case cce_op_vaddrelu:
    return two<T>(
        in,
        [sat](T a, T b) {
          (void)sat;
          if constexpr (std::is_integral_v<T>)
            return larger(fit<T>(int64_t(a) + b, sat), T(0));
          else
            return larger(T(a + b), T(0));
        },
        true);
  case cce_op_vsubrelu:
    return two<T>(
        in,
        [sat](T a, T b) {
          (void)sat;
          if constexpr (std::is_integral_v<T>)
            return larger(fit<T>(int64_t(a) - b, sat), T(0));
          else
            return larger(T(a - b), T(0));
        },
        true);
  default:
    fail(in, kIllegal, "has no meaning for %s", typeName(in.type(0)));
  }
}

/// a * b + c, of f32 as the chip is read.
template <class T>
T productAndSum(T a, T b, T c, bool fused) {
  if constexpr (std::is_same_v<T, float>)
    if (fused)
      return std::fma(a, b, c);
  return T(T(a * b) + c);
}

template <class T>
uint64_t floating(Instruction &in) {
  bool fused = reading(kProducts) == 1;
  Ulp ulp = static_cast<Ulp>(reading(kUlp));
  switch (in.op) {
  case cce_op_vdiv:
    return two<T>(in, [ulp](T a, T b) {
      T q = static_cast<T>(static_cast<float>(a) / static_cast<float>(b));
      return moved(q, moveOf(bitsOf(a), bitsOf(b), ulp));
    });
  case cce_op_vmadd:
    return three<T, T>(
        in, [fused](T a, T b, T d) { return productAndSum(a, d, b, fused); });
  case cce_op_vmaddrelu:
    return three<T, T>(in, [fused](T a, T b, T d) {
      return larger(productAndSum(a, d, b, fused), T(0));
    });
  case cce_op_vmla:
    return three<T, T>(
        in, [fused](T a, T b, T d) { return productAndSum(a, b, d, fused); });
  default:
    return arithmetic<T>(in);
  }
}

Ulp ulpReading() { return static_cast<Ulp>(reading(kUlp)); }

/// The table approximations: off by up to what their pages admit.
template <class T>
T approximate(T x, uint32_t bits) {
  if (reading(kUlp) == 1)
    return x;
  if (reading(kReciprocal) == 1)
    return moved(x, moveOf(bits, 77, ulpReading()));
  // f32: within 1e-4, 2^-14 and more; f16: one in the last place.
  int32_t far = static_cast<int32_t>((bits * 0x9e3779b1u) >> 21) - 1024;
  return moved(x, sizeof(T) == 2 ? moveOf(bits, 77, Ulp::hash) : far * 3 / 4);
}

template <class T, class F>
uint64_t one(Instruction &in, F f) {
  Plan plan = planOf(in, 2, sizeof(T));
  Operand d = operandOf(in, kUnaryDst, sizeof(T));
  Operand s[1] = {operandOf(in, kUnarySrc, sizeof(T))};
  elementwise<T, T>(in, plan, d, s, false, withMode<T>(in, f));
  return 0;
}

template <class T>
uint64_t functions(Instruction &in) {
  Ulp ulp = ulpReading();
  switch (in.op) {
  case cce_op_vabs:
    return one<T>(in, [](T x) {
      return static_cast<T>(std::fabs(static_cast<float>(x)));
    });
  case cce_op_vrelu:
    return one<T>(in, [](T x) { return x != x ? x : x > 0 ? x : T(0); });
  case cce_op_vexp:
    return one<T>(in, [ulp](T x) {
      return moved(static_cast<T>(std::exp(static_cast<double>(x))),
                   moveOf(bitsOf(x), 1, ulp));
    });
  case cce_op_vln:
    return one<T>(in, [ulp](T x) {
      return moved(static_cast<T>(std::log(static_cast<double>(x))),
                   moveOf(bitsOf(x), 2, ulp));
    });
  case cce_op_vsqrt:
    return one<T>(in, [ulp](T x) {
      return moved(static_cast<T>(std::sqrt(static_cast<float>(x))),
                   moveOf(bitsOf(x), 3, ulp));
    });
  case cce_op_vrec:
    return one<T>(in, [](T x) {
      return approximate(static_cast<T>(1.0f / static_cast<float>(x)),
                         bitsOf(x));
    });
  case cce_op_vrsqrt:
    return one<T>(in, [](T x) {
      // The zero's sign stays, as the appendix has it.
      T y = x == 0 ? static_cast<T>(1.0f / static_cast<float>(x))
                   : static_cast<T>(1.0 / std::sqrt(static_cast<double>(x)));
      return approximate(y, bitsOf(x));
    });
  default:
    fail(in, kIllegal, "has no meaning for %s", typeName(in.type(0)));
  }
}

template <class D, class S, class F>
uint64_t withScalar(Instruction &in, F f, bool destinationToo = false) {
  Plan plan = planOf(in, 3, sizeof(D));
  Operand d = operandOf(in, kScalarDst, sizeof(D));
  Operand src = operandOf(in, kScalarSrc, sizeof(S));
  if (destinationToo) {
    Operand s[2] = {src, d};
    elementwise<D, S, D>(in, plan, d, s, true, withMode<D>(in, f));
  } else {
    Operand s[1] = {src};
    elementwise<D, S>(in, plan, d, s, false,
                      withMode<D>(in, [f](S x) { return f(x, D(0)); }));
  }
  return 0;
}

template <class T>
uint64_t shift(Instruction &in) {
  using U = std::make_unsigned_t<T>;
  uint64_t n = in[2];
  if (n > 8 * sizeof(T))
    fail(in, kIllegal, "shifts %zu bits by %llu", 8 * sizeof(T),
         static_cast<unsigned long long>(n));
  if (in.op == cce_op_vshl)
    return withScalar<T, T>(in, [n](T x, T) {
      return n >= 8 * sizeof(T) ? T(0) : static_cast<T>(static_cast<U>(x) << n);
    });
  bool round = in[8] && std::is_signed_v<T> && n;
  return withScalar<T, T>(in, [n, round](T x, T) {
    int64_t wide = x;
    if (round)
      wide += int64_t(1) << (n - 1);
    return static_cast<T>(wide >> n);
  });
}

template <class T>
uint64_t scalars(Instruction &in) {
  T s = scalarOf<T>(in[2]);
  bool sat = in.registers->ctrl >> 53 & 1;
  switch (in.op) {
  case cce_op_vadds:
    return withScalar<T, T>(in, [=](T x, T) {
      (void)sat;
      if constexpr (std::is_integral_v<T>)
        return fit<T>(int64_t(x) + s, sat);
      else
        return T(x + s);
    });
  case cce_op_vmuls:
    return withScalar<T, T>(in, [=](T x, T) {
      (void)sat;
      if constexpr (std::is_integral_v<T>)
        return fit<T>(int64_t(x) * s, sat);
      else
        return T(x * s);
    });
  case cce_op_vmaxs:
    return withScalar<T, T>(in, [=](T x, T) { return larger(x, s); });
  case cce_op_vmins:
    return withScalar<T, T>(in, [=](T x, T) { return smaller(x, s); });
  case cce_op_vlrelu:
    return withScalar<T, T>(in, [=](T x, T) { return x > 0 ? x : T(x * s); });
  default: { // vaxpy
    bool fused = reading(kProducts) == 1;
    return withScalar<T, T>(
        in, [=](T x, T d) { return productAndSum(x, s, d, fused); }, true);
  }
  }
}

} // namespace

uint64_t binary(Instruction &in) {
  if (in.op == cce_op_vand)
    return two<uint16_t>(in, [](uint16_t a, uint16_t b) {
      return static_cast<uint16_t>(a & b);
    });
  if (in.op == cce_op_vor)
    return two<uint16_t>(in, [](uint16_t a, uint16_t b) {
      return static_cast<uint16_t>(a | b);
    });
  if (in.op == cce_op_vmla && in.type(0) == cce_f32 && in.type(1) == cce_f16)
    return three<float, f16>(in, [](f16 a, f16 b, float d) {
      return static_cast<float>(a) * static_cast<float>(b) + d;
    });
  switch (in.type(0)) {
  case cce_f16:
    return floating<f16>(in);
  case cce_f32:
    return floating<float>(in);
  case cce_s16:
    return arithmetic<int16_t>(in);
  default:
    return arithmetic<int32_t>(in);
  }
}

uint64_t binaryConvert(Instruction &in) {
  auto runAs = [&]<class D, class S>(D, S) {
    Plan plan = planOf(in, 3, sizeof(S));
    Operand d = operandOf(in, kBinaryDst, sizeof(D));
    Operand s[2] = {operandOf(in, kSrc0, sizeof(S)),
                    operandOf(in, kSrc1, sizeof(S))};
    int op = in.op;
    elementwise<D, S, S>(in, plan, d, s, false, [op](S a, S b) -> D {
      // The operation rounds to its type first.
      double exact = op == cce_op_vmulconv       ? double(S(a * b))
                     : op == cce_op_vaddreluconv ? double(S(a + b))
                                                 : double(S(a - b));
      if (op != cce_op_vmulconv && exact < 0)
        exact = 0;
      if constexpr (std::is_same_v<D, f16>)
        return static_cast<f16>(static_cast<float>(exact));
      else
        return saturateTo<D>(roundWhole(exact, cce_r));
    });
    return uint64_t(0);
  };
  if (in.type(0) == cce_f16)
    return runAs(f16(), float());
  if (in.type(0) == cce_u8)
    return runAs(uint8_t(), f16());
  return in.type(1) == cce_s16 ? runAs(int8_t(), int16_t())
                               : runAs(int8_t(), f16());
}

uint64_t unary(Instruction &in) {
  if (in.op == cce_op_vnot)
    return one<uint16_t>(in,
                         [](uint16_t x) { return static_cast<uint16_t>(~x); });
  if (in.op == cce_op_vcopy)
    return typeBytes(in.type(0)) == 2
               ? one<uint16_t>(in, [](uint16_t x) { return x; })
               : one<uint32_t>(in, [](uint32_t x) { return x; });
  if (in.type(0) == cce_s32) // vrelu
    return one<int32_t>(in, [](int32_t x) { return std::max(x, 0); });
  return in.type(0) == cce_f16 ? functions<f16>(in) : functions<float>(in);
}

uint64_t scalarOp(Instruction &in) {
  if (in.op == cce_op_vshl || in.op == cce_op_vshr)
    switch (in.type(0)) {
    case cce_s16:
      return shift<int16_t>(in);
    case cce_u16:
      return shift<uint16_t>(in);
    case cce_s32:
      return shift<int32_t>(in);
    default:
      return shift<uint32_t>(in);
    }
  if (in.type(0) == cce_f32 && in.type(1) == cce_f16) {
    float s = static_cast<float>(scalarOf<f16>(in[2]));
    return withScalar<float, f16>(
        in, [s](f16 x, float d) { return static_cast<float>(x) * s + d; },
        true);
  }
  switch (in.type(0)) {
  case cce_f16:
    return scalars<f16>(in);
  case cce_f32:
    return scalars<float>(in);
  case cce_s16:
    return scalars<int16_t>(in);
  default:
    return scalars<int32_t>(in);
  }
}

uint64_t duplicate(Instruction &in) {
  auto runAs = [&]<class T>(T) {
    T x = scalarOf<T>(in[1]);
    Plan plan = planOf(in, 2, sizeof(T));
    Operand d = operandOf(in, kDuplicateDst, sizeof(T));
    enterTarget(in, plan, d, kDefine);
    in.repeats = plan.repeats;
    forPieces<T>(in, plan, d, [x] { return x; }, nullptr);
    return uint64_t(0);
  };
  return typeBytes(in.type(0)) == 2 ? runAs(uint16_t()) : runAs(uint32_t());
}

} // namespace ascendsim
