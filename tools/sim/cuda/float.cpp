// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 and f64 arithmetic, rounded to nearest.

#include "float_ops.h"

#include "numeric.h"
#include "ops.h"

namespace cudasim {

namespace {

enum class Op : uint8_t { Add, Sub, Mul, Fma, Div };

template <class T, Op O, bool Ftz, bool Sat>
void execFloat(Warp &w, const Instr &i, uint32_t m) {
  const T *a = lanes<T>(w, i.a), *b = lanes<T>(w, i.b);
  const T *c = O == Op::Fma ? lanes<T>(w, i.c) : b;
  alignas(64) T t[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    T x = Ftz ? flush(a[l]) : a[l], y = Ftz ? flush(b[l]) : b[l];
    T z = Ftz ? flush(c[l]) : c[l], r;
    if constexpr (O == Op::Add)
      r = x + y;
    else if constexpr (O == Op::Sub)
      r = x - y;
    else if constexpr (O == Op::Mul)
      r = x * y;
    else if constexpr (O == Op::Div)
      r = x / y;
    else
      r = std::fma(x, y, z);
    if (Ftz)
      r = flush(r);
    t[l] = Sat ? saturate(r) : canonical(r);
  }
  blend(lanes<T>(w, i.d), t, m);
}

template <class T, Op O>
Execute pickFloat(bool ftz, bool sat) {
  if (ftz)
    return sat ? &execFloat<T, O, true, true> : &execFloat<T, O, true, false>;
  return sat ? &execFloat<T, O, false, true> : &execFloat<T, O, false, false>;
}

/// -0 orders below +0; a NaN loses against a number, or wins with .NaN.
template <class T, bool Max, bool NaN>
T minMax(T a, T b) {
  if (a != a || b != b) {
    if (NaN || (a != a && b != b))
      return canonical(std::numeric_limits<T>::quiet_NaN());
    return a != a ? b : a;
  }
  if (a == b)
    return std::signbit(a) == Max ? b : a;
  return (a < b) == Max ? b : a;
}

template <class T, bool Max, bool NaN, bool Ftz>
void execMinMax(Warp &w, const Instr &i, uint32_t m) {
  const T *a = lanes<T>(w, i.a), *b = lanes<T>(w, i.b);
  alignas(64) T t[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l)
    t[l] =
        minMax<T, Max, NaN>(Ftz ? flush(a[l]) : a[l], Ftz ? flush(b[l]) : b[l]);
  blend(lanes<T>(w, i.d), t, m);
}

template <class T, class U, bool Negate, bool Ftz>
void execSign(Warp &w, const Instr &i, uint32_t m) {
  const T *a = lanes<T>(w, i.a);
  alignas(64) T t[kWarpSize];
  constexpr U sign = U(1) << (8 * sizeof(T) - 1);
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    U bits = std::bit_cast<U>(Ftz ? flush(a[l]) : a[l]);
    t[l] = std::bit_cast<T>(Negate ? U(bits ^ sign) : U(bits & ~sign));
  }
  blend(lanes<T>(w, i.d), t, m);
}

/// A function of one f32, computed in f64 and rounded once more.
template <auto F, bool Ftz>
void execFunction(Warp &w, const Instr &i, uint32_t m) {
  const float *a = lanes<float>(w, i.a);
  float *d = lanes<float>(w, i.d);
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    float r = canonical(static_cast<float>(F(Ftz ? flush(a[l]) : a[l])));
    d[l] = Ftz ? flush(r) : r;
  }
}

template <auto F>
bool function(Decoder &d) {
  if (!d.take(".approx"))
    return d.fail("'" + std::string(d.s.op) + "' without .approx");
  bool ftz = d.take(".ftz");
  if (d.type() != Type::F32)
    return d.fail("a type that '" + std::string(d.s.op) + "' does not have");
  return d1(d, Type::F32, Type::F32) &&
         use(d, ftz ? &execFunction<F, true> : &execFunction<F, false>);
}

double rsqrtOf(double x) { return 1.0 / std::sqrt(x); }
double exp2Of(double x) { return std::exp2(x); }
double log2Of(double x) { return std::log2(x); }
double sinOf(double x) { return std::sin(x); }
double cosOf(double x) { return std::cos(x); }
double tanhOf(double x) { return std::tanh(x); }

} // namespace

bool takeRound(Decoder &d, Round &round) {
  switch (d.takeOne({".rn", ".rz", ".rm", ".rp"})) {
  case 0:
    round = Round::Nearest;
    return true;
  case 1:
    round = Round::Zero;
    return true;
  case 2:
    round = Round::Down;
    return true;
  case 3:
    round = Round::Up;
    return true;
  default:
    return false;
  }
}

template <class T>
static bool arithmetic(Decoder &d, Type t, bool ftz, bool sat, Round round) {
  std::string_view op = d.s.op;
  bool three = op == "fma" || op == "mad";
  if (three ? !d3(d, t, t, t, t) : !d2(d, t, t, t))
    return false;
  if (round != Round::Nearest) {
    d.instr.sub = (ftz ? 1 : 0) | (sat ? 2 : 0) | uint8_t(round) << 2;
    return use(d, roundedArithmetic(op, sizeof(T) == 8));
  }
  if (op == "add")
    return use(d, pickFloat<T, Op::Add>(ftz, sat));
  if (op == "sub")
    return use(d, pickFloat<T, Op::Sub>(ftz, sat));
  if (op == "mul")
    return use(d, pickFloat<T, Op::Mul>(ftz, sat));
  if (op == "div")
    return use(d, pickFloat<T, Op::Div>(ftz, sat));
  return use(d, pickFloat<T, Op::Fma>(ftz, sat));
}

bool decodeFloatArithmetic(Decoder &d) {
  std::string_view op = d.s.op;
  Type t = d.type();
  bool wide = t == Type::F64;
  if (t != Type::F32 && !wide)
    return d.fail("a type that '" + std::string(op) + "' does not have");
  bool ftz = d.take(".ftz");
  if (ftz && wide)
    return d.fail("'.ftz' of an f64");
  if (op == "min" || op == "max") {
    bool nan = d.take(".NaN"), max = op == "max";
    if (!d2(d, t, t, t))
      return false;
    if (wide)
      return use(d, max ? &execMinMax<double, true, false, false>
                        : &execMinMax<double, false, false, false>);
#define GEMEL_MM(M, N, F) &execMinMax<float, M, N, F>
    Execute table[8] = {
        GEMEL_MM(false, false, false), GEMEL_MM(false, false, true),
        GEMEL_MM(false, true, false),  GEMEL_MM(false, true, true),
        GEMEL_MM(true, false, false),  GEMEL_MM(true, false, true),
        GEMEL_MM(true, true, false),   GEMEL_MM(true, true, true)};
#undef GEMEL_MM
    return use(d, table[max * 4 + nan * 2 + ftz]);
  }
  if (op == "abs" || op == "neg") {
    if (!d1(d, t, t))
      return false;
    if (wide)
      return use(d, op == "neg" ? &execSign<double, uint64_t, true, false>
                                : &execSign<double, uint64_t, false, false>);
    if (op == "neg")
      return use(d, ftz ? &execSign<float, uint32_t, true, true>
                        : &execSign<float, uint32_t, true, false>);
    return use(d, ftz ? &execSign<float, uint32_t, false, true>
                      : &execSign<float, uint32_t, false, false>);
  }
  // Approximate divisions are computed correctly rounded.
  bool approx = op == "div" && (d.take(".approx") || d.take(".full"));
  bool sat = d.take(".sat");
  Round round = Round::Nearest;
  if (!takeRound(d, round) && !approx && op != "add" && op != "sub" &&
      op != "mul")
    return d.fail("'" + std::string(op) + "' without a rounding mode");
  return wide ? arithmetic<double>(d, t, ftz, sat, round)
              : arithmetic<float>(d, t, ftz, sat, round);
}

template <class T, class U, bool Sqrt, bool Ftz>
static void execRoot(Warp &w, const Instr &i, uint32_t m) {
  const T *a = lanes<T>(w, i.a);
  alignas(64) T t[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    T x = Ftz ? flush(a[l]) : a[l];
    T r = canonical(Sqrt ? std::sqrt(x) : T(1) / x);
    t[l] = Ftz ? flush(r) : r;
  }
  blend(lanes<T>(w, i.d), t, m);
}

/// rcp and sqrt: with a rounding mode, or .approx, which rounds to nearest.
static bool decodeRoot(Decoder &d) {
  bool sqrt = d.s.op == "sqrt";
  Round round = Round::Nearest;
  if (!d.take(".approx") && !takeRound(d, round))
    return d.fail("'" + std::string(d.s.op) + "' without a rounding mode");
  bool ftz = d.take(".ftz");
  Type t = d.type();
  bool wide = t == Type::F64;
  if ((t != Type::F32 && !wide) || !d1(d, t, t))
    return false;
  if (round != Round::Nearest) {
    d.instr.sub = (ftz ? 1 : 0) | uint8_t(round) << 2;
    return use(d, roundedArithmetic(d.s.op, wide));
  }
  if (wide)
    return use(d, sqrt ? &execRoot<double, uint64_t, true, false>
                       : &execRoot<double, uint64_t, false, false>);
  if (sqrt)
    return use(d, ftz ? &execRoot<float, uint32_t, true, true>
                      : &execRoot<float, uint32_t, true, false>);
  return use(d, ftz ? &execRoot<float, uint32_t, false, true>
                    : &execRoot<float, uint32_t, false, false>);
}

static bool decodeRsqrt(Decoder &d) {
  for (std::string_view mod : d.s.mods) {
    if (mod != ".f64")
      continue;
    if (!d.take(".approx") || d.type() != Type::F64)
      return d.fail("rsqrt without .approx");
    d.take(".ftz");
    return d1(d, Type::F64, Type::F64) &&
           use(d, &exec1<double, double, rsqrtOf>);
  }
  return function<rsqrtOf>(d);
}

static bool decodeCopysign(Decoder &d) {
  Type t = d.type();
  if (!d2(d, t, t, t))
    return false;
  return use(
      d, t == Type::F64
             ? &exec2<double, double, double,
                      [](double a, double b) { return std::copysign(b, a); }>
             : &exec2<float, float, float,
                      [](float a, float b) { return std::copysign(b, a); }>);
}

template <class T>
static void execTest(Warp &w, const Instr &i, uint32_t m) {
  const T *a = lanes<T>(w, i.a);
  uint32_t bits = 0;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    int kind = std::fpclassify(a[l]);
    bool yes = false;
    switch (i.sub) {
    case 0:
      yes = kind != FP_NAN && kind != FP_INFINITE;
      break;
    case 1:
      yes = kind == FP_INFINITE;
      break;
    case 2:
      yes = kind != FP_NAN;
      break;
    case 3:
      yes = kind == FP_NAN;
      break;
    case 4:
      yes = kind == FP_NORMAL;
      break;
    case 5:
      yes = kind == FP_SUBNORMAL;
    }
    bits |= uint32_t(yes) << l;
  }
  setPredicate(w, i.d, m, bits);
}

static bool decodeTest(Decoder &d) {
  int which = d.takeOne({".finite", ".infinite", ".number", ".notanumber",
                         ".normal", ".subnormal"});
  Type t = d.type();
  if (which < 0 || !d1(d, Type::Pred, t))
    return false;
  d.instr.sub = static_cast<uint8_t>(which);
  return use(d, t == Type::F64 ? &execTest<double> : &execTest<float>);
}

/// The 16-bit forms of ex2 and tanh.
template <auto F>
static bool functionOrHalf(Decoder &d) {
  for (std::string_view mod : d.s.mods)
    if (Type t = typeOf(mod); t != Type::F32 && isFloat(t))
      return decodeHalfArithmetic(d);
  return function<F>(d);
}

void addFloatDecoders(DecodeTable &t) {
  t["fma"] = [](Decoder &d) {
    for (std::string_view mod : d.s.mods)
      if (typeOf(mod) == Type::F32 || typeOf(mod) == Type::F64)
        return decodeFloatArithmetic(d);
    return decodeHalfArithmetic(d);
  };
  t["rcp"] = t["sqrt"] = decodeRoot;
  t["rsqrt"] = decodeRsqrt;
  t["ex2"] = functionOrHalf<exp2Of>;
  t["tanh"] = functionOrHalf<tanhOf>;
  t["lg2"] = function<log2Of>;
  t["sin"] = function<sinOf>;
  t["cos"] = function<cosOf>;
  t["copysign"] = decodeCopysign;
  t["testp"] = decodeTest;
}

} // namespace cudasim
