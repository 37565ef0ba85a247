// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bit operations.

#include "ops.h"

#include <bit>

namespace cudasim {

namespace {

struct And {
  template <class T>
  static T apply(T a, T b) {
    return T(a & b);
  }
};
struct Or {
  template <class T>
  static T apply(T a, T b) {
    return T(a | b);
  }
};
struct Xor {
  template <class T>
  static T apply(T a, T b) {
    return T(a ^ b);
  }
};
struct Not {
  template <class T>
  static T apply(T a) {
    return T(~a);
  }
};
struct CNot {
  template <class T>
  static T apply(T a) {
    return T(a == 0);
  }
};

} // namespace

template <int Op>
static void predicateOp(Warp &w, const Instr &i, uint32_t m) {
  uint32_t a = predicate(w, i.a), b = i.b.valid() ? predicate(w, i.b) : 0;
  setPredicate(w, i.d, m,
               Op == 0   ? a & b
               : Op == 1 ? a | b
               : Op == 2 ? a ^ b
                         : ~a);
}

template <class Op, int Which>
static bool logic(Decoder &d) {
  Type t = d.type();
  if (t == Type::Pred)
    return d2(d, t, t, t) && use(d, &predicateOp<Which>);
  return d2(d, t, t, t) && use(d, integer2<Op>(t));
}

static bool decodeNot(Decoder &d) {
  Type t = d.type();
  if (t == Type::Pred)
    return d1(d, t, t) && use(d, &predicateOp<3>);
  return d1(d, t, t) &&
         use(d, d.s.op == "cnot" ? integer1<CNot>(t) : integer1<Not>(t));
}

template <class T>
static T shiftLeft(T a, uint32_t n) {
  return n >= 8 * sizeof(T) ? T(0) : T(Wide<T>(a) << n);
}
template <class T>
static T shiftRight(T a, uint32_t n) {
  if (n >= 8 * sizeof(T))
    return std::is_signed_v<T> && a < T(0) ? T(-1) : T(0);
  return T(a >> n);
}

static bool decodeShift(Decoder &d) {
  Type t = d.type();
  bool left = d.s.op == "shl";
  if (!d2(d, t, t, Type::B32))
    return false;
#define GEMEL_CASE(NAME, T)                                                    \
  case Type::NAME:                                                             \
    return use(d, left ? &exec2<T, T, uint32_t, shiftLeft<T>>                  \
                       : &exec2<T, T, uint32_t, shiftRight<T>>);
  switch (t) {
    GEMEL_CASE(B16, uint16_t)
    GEMEL_CASE(B32, uint32_t)
    GEMEL_CASE(B64, uint64_t)
    GEMEL_CASE(U16, uint16_t)
    GEMEL_CASE(U32, uint32_t)
    GEMEL_CASE(U64, uint64_t)
    GEMEL_CASE(S16, int16_t)
    GEMEL_CASE(S32, int32_t)
    GEMEL_CASE(S64, int64_t)
  default:
    return d.fail("a type that shifts do not have");
  }
#undef GEMEL_CASE
}

template <bool Left, bool Wrap>
static uint32_t funnel(uint32_t a, uint32_t b, uint32_t c) {
  uint32_t n = Wrap ? c & 31 : std::min(c, 32u);
  uint64_t both = uint64_t(b) << 32 | a;
  return Left ? uint32_t((both << n) >> 32) : uint32_t(both >> n);
}

static bool decodeFunnel(Decoder &d) {
  bool left = d.take(".l");
  if (!left && !d.take(".r"))
    return d.fail("shf without .l or .r");
  bool wrap = d.take(".wrap");
  if (!wrap && !d.take(".clamp"))
    return d.fail("shf without .wrap or .clamp");
  Type t = d.type();
  if (t != Type::B32 || !d3(d, t, t, t, t))
    return false;
#define GEMEL_SHF(L, W)                                                        \
  &exec3<uint32_t, uint32_t, uint32_t, uint32_t, funnel<L, W>>
  return use(d,
             left ? (wrap ? GEMEL_SHF(true, true) : GEMEL_SHF(true, false))
                  : (wrap ? GEMEL_SHF(false, true) : GEMEL_SHF(false, false)));
#undef GEMEL_SHF
}

static void execLop3(Warp &w, const Instr &i, uint32_t m) {
  const uint32_t *a = lanes<uint32_t>(w, i.a), *b = lanes<uint32_t>(w, i.b),
                 *c = lanes<uint32_t>(w, i.c);
  alignas(64) uint32_t t[kWarpSize] = {};
  for (int row = 0; row < 8; ++row) {
    if (!(i.imm >> row & 1))
      continue;
    uint32_t na = row & 4 ? 0 : kFull, nb = row & 2 ? 0 : kFull,
             nc = row & 1 ? 0 : kFull;
    for (uint32_t l = 0; l < kWarpSize; ++l)
      t[l] |= (a[l] ^ na) & (b[l] ^ nb) & (c[l] ^ nc);
  }
  blend(lanes<uint32_t>(w, i.d), t, m);
}

static bool decodeLop3(Decoder &d) {
  if (d.type() != Type::B32 || !d.count(5))
    return d.fail("only lop3.b32 without a predicate is simulated");
  return d.destination(0, Type::B32, d.instr.d) &&
         d.source(1, Type::B32, d.instr.a) &&
         d.source(2, Type::B32, d.instr.b) &&
         d.source(3, Type::B32, d.instr.c) && d.constant(4, d.instr.imm) &&
         use(d, &execLop3);
}

template <class T>
static T extract(T a, uint32_t b, uint32_t c) {
  constexpr uint32_t bits = 8 * sizeof(T);
  uint32_t pos = b & 255, len = c & 255;
  using U = std::make_unsigned_t<T>;
  if (len == 0)
    return 0;
  uint32_t last = std::min(pos + len - 1, bits - 1);
  bool sign = std::is_signed_v<T> && (U(a) >> last & 1);
  U field = pos >= bits ? U(0) : U(U(a) >> pos);
  if (len < bits)
    field &= (U(1) << len) - 1;
  // Past the source's top bit the field is filled with the sign.
  uint32_t have = pos >= bits ? 0 : std::min(len, bits - pos);
  if (sign && have < bits)
    field |= ~U(0) << have;
  return T(field);
}

static bool decodeExtract(Decoder &d) {
  Type t = d.type();
  if (!d3(d, t, t, Type::B32, Type::B32))
    return false;
  switch (t) {
#define GEMEL_CASE(NAME, T)                                                    \
  case Type::NAME:                                                             \
    return use(d, &exec3<T, T, uint32_t, uint32_t, extract<T>>);
    GEMEL_CASE(U32, uint32_t)
    GEMEL_CASE(U64, uint64_t)
    GEMEL_CASE(S32, int32_t)
    GEMEL_CASE(S64, int64_t)
#undef GEMEL_CASE
  default:
    return false;
  }
}

template <class T>
static void execInsert(Warp &w, const Instr &i, uint32_t m) {
  const T *a = lanes<T>(w, i.a), *b = lanes<T>(w, i.b);
  const uint32_t *c = lanes<uint32_t>(w, i.c), *e = lanes<uint32_t>(w, i.e);
  T t[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    uint32_t pos = c[l] & 255, len = e[l] & 255;
    T field = len >= 8 * sizeof(T) ? ~T(0) : (T(1) << len) - 1;
    T mask = pos >= 8 * sizeof(T) ? T(0) : T(field << pos);
    t[l] =
        (b[l] & ~mask) | (pos >= 8 * sizeof(T) ? T(0) : (a[l] << pos) & mask);
  }
  blend(lanes<T>(w, i.d), t, m);
}

static bool decodeInsert(Decoder &d) {
  Type t = d.type();
  if (!d.count(5) || (t != Type::B32 && t != Type::B64))
    return false;
  return d.destination(0, t, d.instr.d) && d.source(1, t, d.instr.a) &&
         d.source(2, t, d.instr.b) && d.source(3, Type::B32, d.instr.c) &&
         d.source(4, Type::B32, d.instr.e) &&
         use(d, t == Type::B32 ? &execInsert<uint32_t> : &execInsert<uint64_t>);
}

template <class T, bool Shift>
static uint32_t findTop(T a) {
  using U = std::make_unsigned_t<T>;
  U v = std::is_signed_v<T> && a < T(0) ? U(~U(a)) : U(a);
  if (!v)
    return kFull;
  uint32_t top = 8 * sizeof(T) - 1 - std::countl_zero(v);
  return Shift ? 8 * sizeof(T) - 1 - top : top;
}

static bool decodeFindTop(Decoder &d) {
  bool shift = d.take(".shiftamt");
  Type t = d.type();
  if (!d1(d, Type::U32, t))
    return false;
  switch (t) {
#define GEMEL_CASE(NAME, T)                                                    \
  case Type::NAME:                                                             \
    return use(d, shift ? &exec1<uint32_t, T, findTop<T, true>>                \
                        : &exec1<uint32_t, T, findTop<T, false>>);
    GEMEL_CASE(U32, uint32_t)
    GEMEL_CASE(U64, uint64_t)
    GEMEL_CASE(S32, int32_t)
    GEMEL_CASE(S64, int64_t)
#undef GEMEL_CASE
  default:
    return false;
  }
}

template <class T>
static T reverse(T a) {
  T r = 0;
  for (unsigned i = 0; i < 8 * sizeof(T); ++i)
    r |= (a >> i & 1) << (8 * sizeof(T) - 1 - i);
  return r;
}

static bool decodeCounts(Decoder &d) {
  Type t = d.type();
  bool wide = t == Type::B64;
  if (!wide && t != Type::B32)
    return false;
  if (d.s.op == "brev")
    return d1(d, t, t) &&
           use(d, wide ? &exec1<uint64_t, uint64_t, reverse<uint64_t>>
                       : &exec1<uint32_t, uint32_t, reverse<uint32_t>>);
  if (!d1(d, Type::U32, t))
    return false;
  if (d.s.op == "clz")
    return use(
        d,
        wide ? &exec1<uint32_t, uint64_t,
                      [](uint64_t a) { return uint32_t(std::countl_zero(a)); }>
             : &exec1<uint32_t, uint32_t, [](uint32_t a) {
                 return uint32_t(std::countl_zero(a));
               }>);
  return use(
      d, wide ? &exec1<uint32_t, uint64_t,
                       [](uint64_t a) { return uint32_t(std::popcount(a)); }>
              : &exec1<uint32_t, uint32_t,
                       [](uint32_t a) { return uint32_t(std::popcount(a)); }>);
}

/// prmt: a byte of {b,a} for each nibble of c; the selectors of its modes are
/// expanded to nibbles first.
template <int Mode>
static uint32_t permute(uint32_t a, uint32_t b, uint32_t c) {
  uint64_t both = uint64_t(b) << 32 | a;
  uint32_t r = 0;
  for (uint32_t i = 0; i < 4; ++i) {
    uint32_t s = c & 3, sel;
    switch (Mode) {
    case 0:
      sel = c >> (4 * i) & 15;
      break;
    case 1: // f4e
      sel = s + i;
      break;
    case 2: // b4e
      sel = (s - i) & 7;
      break;
    case 3: // rc8
      sel = s;
      break;
    case 4: // ecl
      sel = std::max(i, s);
      break;
    case 5: // ecr
      sel = std::min(i, s);
      break;
    default: // rc16
      sel = (s & 1) * 2 + (i & 1);
    }
    uint32_t byte = both >> (8 * (sel & 7)) & 255;
    if (Mode == 0 && (sel & 8))
      byte = byte & 128 ? 255 : 0;
    r |= byte << (8 * i);
  }
  return r;
}

static bool decodePermute(Decoder &d) {
  if (d.type() != Type::B32 ||
      !d3(d, Type::B32, Type::B32, Type::B32, Type::B32))
    return false;
#define GEMEL_PRMT(M) &exec3<uint32_t, uint32_t, uint32_t, uint32_t, permute<M>>
  switch (d.takeOne({".f4e", ".b4e", ".rc8", ".ecl", ".ecr", ".rc16"})) {
  case 0:
    return use(d, GEMEL_PRMT(1));
  case 1:
    return use(d, GEMEL_PRMT(2));
  case 2:
    return use(d, GEMEL_PRMT(3));
  case 3:
    return use(d, GEMEL_PRMT(4));
  case 4:
    return use(d, GEMEL_PRMT(5));
  case 5:
    return use(d, GEMEL_PRMT(6));
  default:
    return use(d, GEMEL_PRMT(0));
  }
#undef GEMEL_PRMT
}

void addBitDecoders(DecodeTable &t) {
  t["and"] = logic<And, 0>;
  t["or"] = logic<Or, 1>;
  t["xor"] = logic<Xor, 2>;
  t["not"] = t["cnot"] = decodeNot;
  t["shl"] = t["shr"] = decodeShift;
  t["shf"] = decodeFunnel;
  t["lop3"] = decodeLop3;
  t["bfe"] = decodeExtract;
  t["bfi"] = decodeInsert;
  t["bfind"] = decodeFindTop;
  t["clz"] = t["popc"] = t["brev"] = decodeCounts;
  t["prmt"] = decodePermute;
}

} // namespace cudasim
