// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cvt: between integers and all floating-point formats.

#include "float_ops.h"
#include "ops.h"

#include <algorithm>
#include <limits>

namespace cudasim {

namespace {

enum : uint8_t { kFtz = 1, kSat = 2, kRelu = 4, kSatFinite = 8 };
/// Instr::order: integer rounding, 0 for none.
enum : uint8_t { kNoInteger, kNearest, kToZero, kDown, kUp };

/// What the lane's value is, by the type Instr::bytes names.
double floatValue(Warp &w, const Ref &r, Type t, uint32_t l) {
  switch (t) {
  case Type::F16:
    return f16ToF32(lanes<uint16_t>(w, r)[l]);
  case Type::BF16:
    return bf16ToF32(lanes<uint16_t>(w, r)[l]);
  case Type::F32:
    return lanes<float>(w, r)[l];
  default:
    return lanes<double>(w, r)[l];
  }
}

uint64_t registerBits(Warp &w, const Ref &r, uint32_t l) {
  switch (r.bytes) {
  case 2:
    return lanes<uint16_t>(w, r)[l];
  case 4:
    return lanes<uint32_t>(w, r)[l];
  default:
    return lanes<uint64_t>(w, r)[l];
  }
}

void setRegister(Warp &w, const Ref &r, uint32_t l, uint64_t bits) {
  switch (r.bytes) {
  case 2:
    lanes<uint16_t>(w, r)[l] = uint16_t(bits);
    break;
  case 4:
    lanes<uint32_t>(w, r)[l] = uint32_t(bits);
    break;
  default:
    lanes<uint64_t>(w, r)[l] = bits;
  }
}

/// The integer in the low bytes of a register, extended to 64 bits.
uint64_t integerValue(uint64_t bits, Type t) {
  unsigned size = 8 * bytesOf(t);
  if (size == 64)
    return bits;
  uint64_t mask = (1ull << size) - 1;
  bits &= mask;
  if (isSigned(t) && bits >> (size - 1))
    bits |= ~mask;
  return bits;
}

double roundToInteger(double v, uint8_t mode) {
  switch (mode) {
  case kNearest:
    return std::nearbyint(v);
  case kToZero:
    return std::trunc(v);
  case kDown:
    return std::floor(v);
  case kUp:
    return std::ceil(v);
  default:
    return v;
  }
}

/// Out of range saturates. NaN gives 0 from the narrow formats and the sign
/// bit alone from f64, as the chips do; PTX leaves it open.
uint64_t toInteger(double v, Type from, Type to) {
  unsigned size = 8 * bytesOf(to);
  if (v != v)
    return from == Type::F64 ? 1ull << (size - 1) : 0;
  if (isSigned(to)) {
    double top = std::ldexp(1.0, size - 1);
    if (v >= top)
      return (1ull << (size - 1)) - 1;
    if (v < -top)
      return uint64_t(-1) << (size - 1);
    return uint64_t(int64_t(v));
  }
  if (v <= 0)
    return 0;
  if (v >= std::ldexp(1.0, size))
    return size == 64 ? ~0ull : (1ull << size) - 1;
  return uint64_t(v);
}

Format formatOf(Type t) {
  switch (t) {
  case Type::F16:
    return kF16;
  case Type::BF16:
    return kBF16;
  case Type::TF32:
    return kTF32;
  case Type::F32:
    return kF32;
  default:
    return kF64;
  }
}

uint64_t flushBits(uint64_t bits, Format f) {
  uint64_t exponent = ((1ull << f.exponent) - 1) << f.mantissa;
  return bits & exponent ? bits : bits & 1ull << (f.mantissa + f.exponent);
}

uint64_t toFloat(double v, Type to, Round round, uint8_t flags) {
  Format f = formatOf(to);
  if (flags & kSat)
    v = saturate(v);
  if ((flags & kRelu) && v < 0)
    v = 0;
  uint64_t bits;
  if (to == Type::F64) {
    bits = std::bit_cast<uint64_t>(v);
  } else {
    bits = encodeFloat(v, f, round);
    uint64_t infinity = ((1ull << f.exponent) - 1) << f.mantissa;
    if ((flags & kSatFinite) && v == v &&
        (bits & ~(1ull << (f.mantissa + f.exponent))) == infinity)
      --bits;
  }
  if ((flags & kRelu) && v == 0)
    bits = 0;
  return to == Type::TF32 ? bits << 13 : bits;
}

// Types, rounding and flags of a conversion, packed into Instr fields.
Type fromOf(const Instr &i) { return static_cast<Type>(i.bytes); }
Type toOf(const Instr &i) { return static_cast<Type>(i.vector); }

/// Any conversion, a lane at a time.
void execConvert(Warp &w, const Instr &i, uint32_t m) {
  Type from = fromOf(i), to = toOf(i);
  Round round = static_cast<Round>(i.scope);
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    uint64_t bits;
    if (isFloat(from)) {
      double v = floatValue(w, i.a, from, l);
      if ((i.sub & kFtz) && from == Type::F32)
        v = flush(float(v));
      v = roundToInteger(v, i.order);
      bits =
          isFloat(to) ? toFloat(v, to, round, i.sub) : toInteger(v, from, to);
      if ((i.sub & kFtz) && to == Type::F32)
        bits = flushBits(bits, kF32);
    } else {
      uint64_t v = integerValue(registerBits(w, i.a, l), from);
      bool negative = isSigned(from) && int64_t(v) < 0;
      if (isFloat(to)) {
        bits =
            encodeParts(negative, negative ? 0 - v : v, 0, formatOf(to), round);
        if (i.sub & kSat)
          bits = toFloat(saturate(negative ? -1.0 : double(v)), to, round, 0);
      } else {
        bits = v;
        if (i.sub & kSat) {
          unsigned size = 8 * bytesOf(to);
          uint64_t top = size == 64 ? ~0ull : (1ull << size) - 1;
          if (isSigned(to)) {
            int64_t high = int64_t(top >> 1), low = -high - 1;
            bits = !negative && v > uint64_t(high) ? uint64_t(high)
                   : negative && int64_t(v) < low  ? uint64_t(low)
                                                   : v;
          } else {
            bits = negative ? 0 : std::min(v, top);
          }
        }
      }
    }
    if (!isFloat(to))
      bits = integerValue(bits, to);
    setRegister(w, i.d, l, bits);
  }
}

/// Two values into the halves of a register: the first is the upper one.
void execConvertPair(Warp &w, const Instr &i, uint32_t m) {
  Type from = fromOf(i);
  Type to = toOf(i) == Type::F16x2 ? Type::F16 : Type::BF16;
  Round round = static_cast<Round>(i.scope);
  uint32_t *d = lanes<uint32_t>(w, i.d);
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    double a = floatValue(w, i.a, from, l), b = floatValue(w, i.b, from, l);
    d[l] = uint32_t(toFloat(a, to, round, i.sub)) << 16 |
           uint32_t(toFloat(b, to, round, i.sub));
  }
}

template <bool Brain>
uint16_t narrow(float f) {
  return Brain ? f32ToBF16(f) : f32ToF16(f);
}
template <bool Brain>
float widen(uint16_t h) {
  return canonical(Brain ? bf16ToF32(h) : f16ToF32(h));
}
template <bool Brain>
uint32_t narrowPair(float a, float b) {
  return uint32_t(narrow<Brain>(a)) << 16 | narrow<Brain>(b);
}

/// The conversions that kernels spend their time in; null for the others.
Execute fastConvert(Type to, Type from, const Instr &i, Round round) {
  if (i.sub || round != Round::Nearest)
    return nullptr;
  bool same = i.d.bytes == bytesOf(to) && i.a.bytes == bytesOf(from);
  if (!same)
    return nullptr;
  if (i.order == kNoInteger) {
    if (from == Type::F32 && to == Type::BF16)
      return &exec1<uint16_t, float, narrow<true>>;
    if (from == Type::F32 && to == Type::F16)
      return &exec1<uint16_t, float, narrow<false>>;
    if (to == Type::F32 && from == Type::BF16)
      return &exec1<float, uint16_t, widen<true>>;
    if (to == Type::F32 && from == Type::F16)
      return &exec1<float, uint16_t, widen<false>>;
    if (to == Type::F32 && from == Type::S32)
      return &exec1<float, int32_t, [](int32_t v) { return float(v); }>;
    if (to == Type::U64 && from == Type::U32)
      return &exec1<uint64_t, uint32_t, [](uint32_t v) { return uint64_t(v); }>;
    if (to == Type::S64 && from == Type::S32)
      return &exec1<int64_t, int32_t, [](int32_t v) { return int64_t(v); }>;
    if (bytesOf(to) == 4 && bytesOf(from) == 8 && !isFloat(to) &&
        !isFloat(from))
      return &exec1<uint32_t, uint64_t, [](uint64_t v) { return uint32_t(v); }>;
  }
  return nullptr;
}

} // namespace

static bool decodeConvert(Decoder &d) {
  Instr &i = d.instr;
  Round round = Round::Nearest;
  bool hasRound = takeRound(d, round);
  if (!hasRound && d.take(".rna")) {
    round = Round::NearestAway;
    hasRound = true;
  }
  int integer = d.takeOne({".rni", ".rzi", ".rmi", ".rpi"});
  i.order = static_cast<uint8_t>(integer + 1);
  if (d.take(".ftz"))
    i.sub |= kFtz;
  if (d.take(".sat"))
    i.sub |= kSat;
  if (d.take(".relu"))
    i.sub |= kRelu;
  if (d.take(".satfinite"))
    i.sub |= kSatFinite;
  Type to = d.type(), from = d.type();
  i.vector = static_cast<uint8_t>(to);
  i.bytes = static_cast<uint8_t>(from);
  i.scope = static_cast<uint8_t>(round);
  if (to == Type::F16x2 || to == Type::BF16x2) {
    if (from != Type::F32 || !hasRound)
      return d.fail("a packed conversion that is not simulated");
    if (!d2(d, to, from, from))
      return false;
    if (!i.sub && round == Round::Nearest)
      return use(d, to == Type::F16x2
                        ? &exec2<uint32_t, float, float, narrowPair<false>>
                        : &exec2<uint32_t, float, float, narrowPair<true>>);
    return use(d, &execConvertPair);
  }
  auto known = [](Type t) {
    return (t >= Type::U8 && t <= Type::F16) || t == Type::BF16 ||
           t == Type::F32 || t == Type::F64;
  };
  if ((!known(to) && to != Type::TF32) || !known(from))
    return d.fail("a conversion that is not simulated");
  bool narrows =
      isFloat(to) &&
      (!isFloat(from) || bytesOf(to) < bytesOf(from) || to == Type::TF32);
  if (narrows && !hasRound && integer < 0)
    return d.fail("a conversion that rounds needs a rounding mode");
  if (isFloat(from) && !isFloat(to) && integer < 0)
    return d.fail("a conversion to an integer needs .rni, .rzi, .rmi or .rpi");
  if (!d.count(2) || !d.looseDestination(d.s.operands[0], to, i.d) ||
      !d.looseSource(d.s.operands[1], from, i.a))
    return false;
  // Integers may live in wider registers; floats may not.
  auto fits = [](Type t, const Ref &r) {
    return isFloat(t) ? r.bytes == bytesOf(t)
                      : r.bytes >= std::max(bytesOf(t), 2u) || r.abs;
  };
  if (!fits(to, i.d) || !fits(from, i.a))
    return d.fail("a register narrower than its type");
  if (i.a.abs && bytesOf(from) == 1)
    return d.fail("a conversion of an 8-bit constant");
  if (Execute fast = fastConvert(to, from, i, round))
    return use(d, fast);
  return use(d, &execConvert);
}

void addConvertDecoders(DecodeTable &t) { t["cvt"] = decodeConvert; }

} // namespace cudasim
