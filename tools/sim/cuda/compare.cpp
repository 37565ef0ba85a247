// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Comparison and selection: setp, set, selp, slct.

#include "float_ops.h"
#include "ops.h"

namespace cudasim {

namespace {

enum class Cmp : uint8_t { Eq, Ne, Lt, Le, Gt, Ge, Num, Nan };

template <class T>
bool isNaN(T v) {
  return v != v;
}

/// The ordered comparison, and whether a NaN makes it true.
template <Cmp C, class T>
bool compare(T a, T b, bool unordered) {
  if constexpr (std::is_floating_point_v<T>) {
    bool nan = isNaN(a) || isNaN(b);
    if (C == Cmp::Num)
      return !nan;
    if (C == Cmp::Nan)
      return nan;
    if (nan)
      return unordered;
  }
  switch (C) {
  case Cmp::Eq:
    return a == b;
  case Cmp::Ne:
    return a != b;
  case Cmp::Lt:
    return a < b;
  case Cmp::Le:
    return a <= b;
  case Cmp::Gt:
    return a > b;
  default:
    return a >= b;
  }
}

/// How a register's bits become a comparable value.
template <class R>
struct AsIs {
  using Stored = R;
  static R value(R r, bool) { return r; }
};
struct AsF32 {
  using Stored = float;
  static float value(float f, bool ftz) { return ftz ? flush(f) : f; }
};
struct AsF16 {
  using Stored = uint16_t;
  static float value(uint16_t h, bool ftz) {
    return f16ToF32(ftz && !(h & 0x7c00) ? h & 0x8000 : h);
  }
};
struct AsBF16 {
  using Stored = uint16_t;
  static float value(uint16_t h, bool) { return bf16ToF32(h); }
};

enum : uint8_t { kUnordered = 1, kFtz = 2, kFloatResult = 4 };

template <class V, Cmp C>
uint32_t bitsOf(Warp &w, const Instr &i) {
  auto *a = lanes<typename V::Stored>(w, i.a);
  auto *b = lanes<typename V::Stored>(w, i.b);
  bool unordered = i.sub & kUnordered, ftz = i.sub & kFtz;
  alignas(64) uint32_t t[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l)
    t[l] = uint32_t(
               compare<C>(V::value(a[l], ftz), V::value(b[l], ftz), unordered))
           << l;
  uint32_t bits = 0;
  for (uint32_t l = 0; l < kWarpSize; ++l)
    bits |= t[l];
  return bits;
}

/// Instr::order: how the comparison combines with predicate c.
enum : uint8_t { kNone, kAnd, kOr, kXor };

uint32_t combine(Warp &w, const Instr &i, uint32_t bits) {
  if (i.order == kNone)
    return bits;
  uint32_t c = predicate(w, i.c);
  return i.order == kAnd ? bits & c : i.order == kOr ? bits | c : bits ^ c;
}

template <class V, Cmp C>
void execSetp(Warp &w, const Instr &i, uint32_t m) {
  uint32_t bits = bitsOf<V, C>(w, i);
  uint32_t q = combine(w, i, ~bits);
  setPredicate(w, i.d, m, combine(w, i, bits));
  if (i.e.valid())
    setPredicate(w, i.e, m, q);
}

template <class V, Cmp C>
void execSet(Warp &w, const Instr &i, uint32_t m) {
  uint32_t bits = combine(w, i, bitsOf<V, C>(w, i));
  uint32_t one = i.sub & kFloatResult ? 0x3f800000u : kFull;
  uint32_t *d = lanes<uint32_t>(w, i.d);
  for (uint32_t l = 0; l < kWarpSize; ++l)
    if (m >> l & 1)
      d[l] = bits >> l & 1 ? one : 0;
}

template <class V>
Execute pick(Cmp c, bool set) {
  switch (c) {
#define GEMEL_CASE(C)                                                          \
  case Cmp::C:                                                                 \
    return set ? &execSet<V, Cmp::C> : &execSetp<V, Cmp::C>;
    GEMEL_CASE(Eq)
    GEMEL_CASE(Ne)
    GEMEL_CASE(Lt)
    GEMEL_CASE(Le)
    GEMEL_CASE(Gt)
    GEMEL_CASE(Ge)
    GEMEL_CASE(Num)
    GEMEL_CASE(Nan)
#undef GEMEL_CASE
  }
  return nullptr;
}

Execute pickType(Type t, Cmp c, bool set) {
  switch (t) {
  case Type::B16:
  case Type::U16:
    return pick<AsIs<uint16_t>>(c, set);
  case Type::S16:
    return pick<AsIs<int16_t>>(c, set);
  case Type::B32:
  case Type::U32:
    return pick<AsIs<uint32_t>>(c, set);
  case Type::S32:
    return pick<AsIs<int32_t>>(c, set);
  case Type::B64:
  case Type::U64:
    return pick<AsIs<uint64_t>>(c, set);
  case Type::S64:
    return pick<AsIs<int64_t>>(c, set);
  case Type::F32:
    return pick<AsF32>(c, set);
  case Type::F64:
    return pick<AsIs<double>>(c, set);
  case Type::F16:
    return pick<AsF16>(c, set);
  case Type::BF16:
    return pick<AsBF16>(c, set);
  default:
    return nullptr;
  }
}

bool takeComparison(Decoder &d, Cmp &c) {
  int which =
      d.takeOne({".eq", ".ne", ".lt", ".le", ".gt", ".ge", ".num", ".nan"});
  if (which >= 0) {
    c = static_cast<Cmp>(which);
    return true;
  }
  which = d.takeOne({".lo", ".ls", ".hi", ".hs"});
  if (which >= 0) {
    const Cmp unsignedForms[] = {Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge};
    c = unsignedForms[which];
    return true;
  }
  which = d.takeOne({".equ", ".neu", ".ltu", ".leu", ".gtu", ".geu"});
  if (which < 0)
    return d.fail("a comparison that the simulator does not know");
  c = static_cast<Cmp>(which);
  d.instr.sub |= kUnordered;
  return true;
}

} // namespace

static bool takeCombination(Decoder &d) {
  int which = d.takeOne({".and", ".or", ".xor"});
  d.instr.order = static_cast<uint8_t>(which + 1);
  return which < 0 || d.source(3, Type::Pred, d.instr.c);
}

static bool decodeSetp(Decoder &d) {
  Cmp c;
  if (!takeComparison(d, c) || !takeCombination(d))
    return false;
  if (d.take(".ftz"))
    d.instr.sub |= kFtz;
  Type t = d.type();
  if (t == Type::F16x2 || t == Type::BF16x2)
    return d.fail("packed comparisons are not simulated");
  if (!d.count(d.instr.order ? 4 : 3))
    return false;
  const Operand &to = d.s.operands[0];
  bool pair = to.kind == Operand::Pair;
  if (!d.destination(pair ? to.elements[0] : to, Type::Pred, d.instr.d) ||
      (pair && !d.destination(to.elements[1], Type::Pred, d.instr.e)))
    return false;
  return d.source(1, t, d.instr.a) && d.source(2, t, d.instr.b) &&
         use(d, pickType(t, c, false));
}

static bool decodeSet(Decoder &d) {
  Cmp c;
  if (!takeComparison(d, c) || !takeCombination(d))
    return false;
  if (d.take(".ftz"))
    d.instr.sub |= kFtz;
  Type to = d.type(), t = d.type();
  if (bytesOf(to) != 4)
    return d.fail("a result type of set that is not simulated");
  if (to == Type::F32)
    d.instr.sub |= kFloatResult;
  return d.count(d.instr.order ? 4 : 3) && d.destination(0, to, d.instr.d) &&
         d.source(1, t, d.instr.a) && d.source(2, t, d.instr.b) &&
         use(d, pickType(t, c, true));
}

template <class T>
static void execSelp(Warp &w, const Instr &i, uint32_t m) {
  const T *a = lanes<T>(w, i.a), *b = lanes<T>(w, i.b);
  uint32_t c = predicate(w, i.c);
  alignas(64) T t[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l)
    t[l] = c >> l & 1 ? a[l] : b[l];
  blend(lanes<T>(w, i.d), t, m);
}

static bool decodeSelp(Decoder &d) {
  Type t = d.type();
  if (!d3(d, t, t, t, Type::Pred))
    return false;
  switch (bytesOf(t)) {
  case 2:
    return use(d, &execSelp<uint16_t>);
  case 4:
    return use(d, &execSelp<uint32_t>);
  case 8:
    return use(d, &execSelp<uint64_t>);
  default:
    return d.fail("a type that selp does not have");
  }
}

template <class T, class C>
static void execSlct(Warp &w, const Instr &i, uint32_t m) {
  const T *a = lanes<T>(w, i.a), *b = lanes<T>(w, i.b);
  const C *c = lanes<C>(w, i.c);
  alignas(64) T t[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l)
    t[l] = c[l] >= C(0) ? a[l] : b[l];
  blend(lanes<T>(w, i.d), t, m);
}

static bool decodeSlct(Decoder &d) {
  d.take(".ftz"); // flushing keeps the sign, and -0 is >= 0
  Type t = d.type(), c = d.type();
  if ((c != Type::S32 && c != Type::F32) || !d3(d, t, t, t, c))
    return false;
  bool f = c == Type::F32;
  switch (bytesOf(t)) {
  case 2:
    return use(d, f ? &execSlct<uint16_t, float> : &execSlct<uint16_t, int>);
  case 4:
    return use(d, f ? &execSlct<uint32_t, float> : &execSlct<uint32_t, int>);
  case 8:
    return use(d, f ? &execSlct<uint64_t, float> : &execSlct<uint64_t, int>);
  default:
    return false;
  }
}

void addCompareDecoders(DecodeTable &t) {
  t["setp"] = decodeSetp;
  t["set"] = decodeSet;
  t["selp"] = decodeSelp;
  t["slct"] = decodeSlct;
}

} // namespace cudasim
