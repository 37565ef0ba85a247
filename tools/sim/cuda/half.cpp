// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f16, bf16 and their packed pairs.

#include "float_ops.h"
#include "ops.h"

namespace cudasim {

namespace {

struct Half {
  static float decode(uint16_t h) { return f16ToF32(h); }
  static uint16_t encode(float f) { return f32ToF16(f); }
  static uint16_t encodeDouble(double d) { return f64ToF16(d); }
  static constexpr uint16_t infinity = 0x7c00, one = 0x3c00, least = 0x0400;
};
struct Brain {
  static float decode(uint16_t h) { return bf16ToF32(h); }
  static uint16_t encode(float f) { return f32ToBF16(f); }
  static uint16_t encodeDouble(double d) { return f64ToBF16(d); }
  static constexpr uint16_t infinity = 0x7f80, one = 0x3f80, least = 0x0080;
};

enum class Op : uint8_t {
  Add,
  Sub,
  Mul,
  Fma,
  Min,
  Max,
  MinNaN,
  MaxNaN,
  Neg,
  Abs,
  Ex2,
  Tanh
};
enum : uint8_t { kFtz = 1, kSat = 2, kRelu = 4 };

template <class F>
bool isNaN(uint16_t h) {
  return (h & 0x7fff) > F::infinity;
}
template <class F>
uint16_t flush16(uint16_t h) {
  return (h & 0x7fff) < F::least ? h & 0x8000 : h;
}

template <class F, Op O>
uint16_t apply(uint16_t a, uint16_t b, uint16_t c, uint8_t flags) {
  if (flags & kFtz) {
    a = flush16<F>(a);
    b = flush16<F>(b);
    c = flush16<F>(c);
  }
  uint16_t r;
  if constexpr (O == Op::Neg)
    r = a ^ 0x8000;
  else if constexpr (O == Op::Abs)
    r = a & 0x7fff;
  else if constexpr (O >= Op::Min && O <= Op::MaxNaN) {
    constexpr bool max = O == Op::Max || O == Op::MaxNaN;
    constexpr bool nan = O == Op::MinNaN || O == Op::MaxNaN;
    bool an = isNaN<F>(a), bn = isNaN<F>(b);
    float x = F::decode(a), y = F::decode(b);
    if (an || bn)
      r = nan || (an && bn) ? kNaN16 : an ? b : a;
    else if (x == y)
      r = bool(a >> 15) == max ? b : a;
    else
      r = (x < y) == max ? b : a;
  } else if constexpr (O == Op::Fma) {
    r = F::encodeDouble(fmaToOdd(F::decode(a), F::decode(b), F::decode(c)));
  } else if constexpr (O == Op::Ex2) {
    r = F::encodeDouble(std::exp2(double(F::decode(a))));
  } else if constexpr (O == Op::Tanh) {
    r = F::encodeDouble(std::tanh(double(F::decode(a))));
  } else {
    // The f64 sum or product is exact or far wider than twice the format.
    double x = F::decode(a), y = F::decode(b);
    if constexpr (O == Op::Mul)
      r = F::encodeDouble(x * y);
    else
      r = F::encodeDouble(fmaToOdd(x, 1.0, O == Op::Add ? y : -y));
  }
  if (flags & kFtz)
    r = flush16<F>(r);
  if (flags & kSat) {
    if (isNaN<F>(r) || r >> 15)
      r = 0;
    else if (r > F::one)
      r = F::one;
  }
  if ((flags & kRelu) && !isNaN<F>(r) && r >> 15)
    r = 0;
  return r;
}

template <class F, Op O, class T>
void exec(Warp &w, const Instr &i, uint32_t m) {
  const T *a = lanes<T>(w, i.a);
  const T *b = i.b.valid() ? lanes<T>(w, i.b) : a;
  const T *c = i.c.valid() ? lanes<T>(w, i.c) : a;
  T *d = lanes<T>(w, i.d);
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    T r = apply<F, O>(uint16_t(a[l]), uint16_t(b[l]), uint16_t(c[l]), i.sub);
    if constexpr (sizeof(T) == 4)
      r |= T(apply<F, O>(uint16_t(a[l] >> 16), uint16_t(b[l] >> 16),
                         uint16_t(c[l] >> 16), i.sub))
           << 16;
    d[l] = r;
  }
}

template <Op O>
Execute pick(Type t) {
  switch (t) {
  case Type::F16:
    return &exec<Half, O, uint16_t>;
  case Type::F16x2:
    return &exec<Half, O, uint32_t>;
  case Type::BF16:
    return &exec<Brain, O, uint16_t>;
  case Type::BF16x2:
    return &exec<Brain, O, uint32_t>;
  default:
    return nullptr;
  }
}

} // namespace

bool decodeHalfArithmetic(Decoder &d) {
  std::string_view op = d.s.op;
  Type t = d.type();
  uint8_t flags = (d.take(".ftz") ? kFtz : 0) | (d.take(".sat") ? kSat : 0) |
                  (d.take(".relu") ? kRelu : 0);
  bool brain = t == Type::BF16 || t == Type::BF16x2;
  if (brain && d.capability < 90 && (op == "add" || op == "sub" || op == "mul"))
    return d.fail("'" + std::string(op) + "' of bf16 needs sm_90");
  d.take(".rn");
  if (op == "ex2" || op == "tanh") {
    if (!d.take(".approx"))
      return d.fail("'" + std::string(op) + "' without .approx");
  }
  d.instr.sub = flags;
  bool nan = d.take(".NaN");
  if (op == "neg" || op == "abs" || op == "ex2" || op == "tanh") {
    if (!d1(d, t, t))
      return false;
    return use(d, op == "neg"   ? pick<Op::Neg>(t)
                  : op == "abs" ? pick<Op::Abs>(t)
                  : op == "ex2" ? pick<Op::Ex2>(t)
                                : pick<Op::Tanh>(t));
  }
  if (op == "fma")
    return d3(d, t, t, t, t) && use(d, pick<Op::Fma>(t));
  if (!d2(d, t, t, t))
    return false;
  if (op == "min")
    return use(d, nan ? pick<Op::MinNaN>(t) : pick<Op::Min>(t));
  if (op == "max")
    return use(d, nan ? pick<Op::MaxNaN>(t) : pick<Op::Max>(t));
  if (op == "add")
    return use(d, pick<Op::Add>(t));
  if (op == "sub")
    return use(d, pick<Op::Sub>(t));
  if (op == "mul")
    return use(d, pick<Op::Mul>(t));
  return d.fail("'" + std::string(op) + "' of a 16-bit float is not simulated");
}

} // namespace cudasim
