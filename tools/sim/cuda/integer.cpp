// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Integer arithmetic.

#include "ops.h"

#include <limits>

namespace cudasim {

namespace {

struct Add {
  template <class T>
  static T apply(T a, T b) {
    return T(Wide<T>(a) + Wide<T>(b));
  }
};
struct Sub {
  template <class T>
  static T apply(T a, T b) {
    return T(Wide<T>(a) - Wide<T>(b));
  }
};
struct MulLo {
  template <class T>
  static T apply(T a, T b) {
    return T(Wide<T>(a) * Wide<T>(b));
  }
};
struct MulHi {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (sizeof(T) == 8) {
      if constexpr (std::is_signed_v<T>)
        return T((static_cast<__int128>(a) * b) >> 64);
      else
        return T((static_cast<unsigned __int128>(a) * b) >> 64);
    } else if constexpr (std::is_signed_v<T>) {
      return T((int64_t(a) * int64_t(b)) >> (8 * sizeof(T)));
    } else {
      return T((uint64_t(a) * uint64_t(b)) >> (8 * sizeof(T)));
    }
  }
};
struct MadLo {
  template <class T>
  static T apply(T a, T b, T c) {
    return Add::apply<T>(MulLo::apply<T>(a, b), c);
  }
};
struct MadHi {
  template <class T>
  static T apply(T a, T b, T c) {
    return Add::apply<T>(MulHi::apply<T>(a, b), c);
  }
};
/// A division by zero gives all ones, and the least integer divided by -1
/// itself: PTX leaves both open, and they are what the chips give.
struct Div {
  template <class T>
  static T apply(T a, T b) {
    if (b == 0)
      return T(~T(0));
    if (std::is_signed_v<T> && b == T(-1))
      return T(Wide<T>(0) - Wide<T>(a));
    return T(a / b);
  }
};
struct Rem {
  template <class T>
  static T apply(T a, T b) {
    if (b == 0)
      return a;
    if (std::is_signed_v<T> && b == T(-1))
      return 0;
    return T(a % b);
  }
};
struct Min {
  template <class T>
  static T apply(T a, T b) {
    return a < b ? a : b;
  }
};
struct Max {
  template <class T>
  static T apply(T a, T b) {
    return a > b ? a : b;
  }
};
struct Abs {
  template <class T>
  static T apply(T a) {
    return a < T(0) ? T(Wide<T>(0) - Wide<T>(a)) : a;
  }
};
struct Neg {
  template <class T>
  static T apply(T a) {
    return T(Wide<T>(0) - Wide<T>(a));
  }
};
struct Sad {
  template <class T>
  static T apply(T a, T b, T c) {
    Wide<T> difference =
        a < b ? Wide<T>(b) - Wide<T>(a) : Wide<T>(a) - Wide<T>(b);
    return T(Wide<T>(c) + difference);
  }
};

} // namespace

static int32_t clamp32(int64_t v) {
  return static_cast<int32_t>(std::min<int64_t>(
      std::max<int64_t>(v, std::numeric_limits<int32_t>::min()),
      std::numeric_limits<int32_t>::max()));
}

static bool isPlainInteger(Type t) {
  return t >= Type::U16 && t <= Type::S64 && t != Type::S8;
}

template <class Op>
static bool binary(Decoder &d) {
  Type t = d.type();
  if (!isPlainInteger(t))
    return d.fail("a type that '" + std::string(d.s.op) + "' does not have");
  return d2(d, t, t, t) && use(d, integer2<Op>(t));
}

static bool floatingType(Decoder &d, bool &done) {
  done = false;
  for (std::string_view mod : d.s.mods) {
    Type t = typeOf(mod);
    if (t == Type::F32 || t == Type::F64) {
      done = true;
      return decodeFloatArithmetic(d);
    }
    if (isFloat(t)) {
      done = true;
      return decodeHalfArithmetic(d);
    }
  }
  return false;
}

static bool decodeAddSub(Decoder &d) {
  bool done;
  if (bool ok = floatingType(d, done); done)
    return ok;
  bool sub = d.s.op == "sub";
  if (d.take(".sat")) {
    if (d.type() != Type::S32 || !d2(d, Type::S32, Type::S32, Type::S32))
      return d.fail("'.sat' belongs to s32");
    return use(
        d, sub ? &exec2<int32_t, int32_t, int32_t,
                        [](int32_t a, int32_t b) {
                          return clamp32(int64_t(a) - b);
                        }>
               : &exec2<int32_t, int32_t, int32_t, [](int32_t a, int32_t b) {
                   return clamp32(int64_t(a) + b);
                 }>);
  }
  for (std::string_view mod : d.s.mods)
    if (mod == ".cc")
      return decoders().find("addc")->second(d);
  for (std::string_view mod : d.s.mods)
    if (mod == ".u16x2" || mod == ".s16x2")
      return d.fail("packed 16-bit integers are not simulated");
  return sub ? binary<Sub>(d) : binary<Add>(d);
}

template <class Op>
static bool decodeMinMax(Decoder &d) {
  bool done;
  if (bool ok = floatingType(d, done); done)
    return ok;
  return binary<Op>(d);
}

template <class Op>
static bool decodeUnary(Decoder &d) {
  bool done;
  if (bool ok = floatingType(d, done); done)
    return ok;
  Type t = d.type();
  if (!isSigned(t) || t == Type::S8)
    return d.fail("a type that '" + std::string(d.s.op) + "' does not have");
  return d1(d, t, t) && use(d, integer1<Op>(t));
}

static bool decodeMul(Decoder &d) {
  bool done;
  if (bool ok = floatingType(d, done); done)
    return ok;
  if (d.take(".wide")) {
    switch (d.type()) {
#define GEMEL_CASE(NAME, TO, D, A)                                             \
  case Type::NAME:                                                             \
    return d2(d, Type::TO, Type::NAME, Type::NAME) &&                          \
           use(d, &exec2<D, A, A, [](A a, A b) { return D(D(a) * D(b)); }>);
      GEMEL_CASE(U16, U32, uint32_t, uint16_t)
      GEMEL_CASE(S16, S32, int32_t, int16_t)
      GEMEL_CASE(U32, U64, uint64_t, uint32_t)
      GEMEL_CASE(S32, S64, int64_t, int32_t)
#undef GEMEL_CASE
    default:
      return d.fail("a type that mul.wide does not have");
    }
  }
  if (d.take(".hi"))
    return binary<MulHi>(d);
  return d.take(".lo") && binary<MulLo>(d);
}

static bool decodeMad(Decoder &d) {
  for (std::string_view mod : d.s.mods) {
    if (mod == ".cc")
      return decoders().find("madc")->second(d);
    if (typeOf(mod) == Type::F32 || typeOf(mod) == Type::F64)
      return decodeFloatArithmetic(d); // mad.rn.f32 is fma
  }
  if (d.take(".wide")) {
    switch (d.type()) {
#define GEMEL_CASE(NAME, TO, D, A)                                             \
  case Type::NAME:                                                             \
    return d3(d, Type::TO, Type::NAME, Type::NAME, Type::TO) &&                \
           use(d, &exec3<D, A, A, D, [](A a, A b, D c) {                       \
                 using U = std::make_unsigned_t<D>;                            \
                 return D(U(D(a) * D(b)) + U(c));                              \
               }>);
      GEMEL_CASE(U16, U32, uint32_t, uint16_t)
      GEMEL_CASE(S16, S32, int32_t, int16_t)
      GEMEL_CASE(U32, U64, uint64_t, uint32_t)
      GEMEL_CASE(S32, S64, int64_t, int32_t)
#undef GEMEL_CASE
    default:
      return d.fail("a type that mad.wide does not have");
    }
  }
  bool hi = d.take(".hi");
  if (!hi && !d.take(".lo"))
    return d.fail("mad without .lo, .hi or .wide");
  bool sat = d.take(".sat");
  Type t = d.type();
  if (!isPlainInteger(t) || !d3(d, t, t, t, t))
    return false;
  if (sat) {
    if (!hi || t != Type::S32)
      return d.fail("'.sat' belongs to mad.hi.s32");
    return use(d, &exec3<int32_t, int32_t, int32_t, int32_t,
                         [](int32_t a, int32_t b, int32_t c) {
                           return clamp32(((int64_t(a) * b) >> 32) + c);
                         }>);
  }
  return use(d, hi ? integer3<MadHi>(t) : integer3<MadLo>(t));
}

static bool decodeDiv(Decoder &d) {
  bool done;
  if (bool ok = floatingType(d, done); done)
    return ok;
  return binary<Div>(d);
}

static bool decodeSad(Decoder &d) {
  Type t = d.type();
  return isPlainInteger(t) && d3(d, t, t, t, t) && use(d, integer3<Sad>(t));
}

/// mul24 and mad24: the low 24 bits of the operands.
static bool decodeMul24(Decoder &d) {
  if (!d.take(".lo"))
    return d.fail("only the low half of 24-bit products is simulated");
  Type t = d.type();
  if (d.s.op == "mul24") {
    if (!d2(d, t, t, t))
      return false;
    if (t == Type::U32)
      return use(
          d, &exec2<uint32_t, uint32_t, uint32_t, [](uint32_t a, uint32_t b) {
            return (a & 0xffffff) * (b & 0xffffff);
          }>);
    if (t == Type::S32)
      return use(
          d, &exec2<uint32_t, uint32_t, uint32_t, [](uint32_t a, uint32_t b) {
            return uint32_t(int32_t(a << 8) >> 8) *
                   uint32_t(int32_t(b << 8) >> 8);
          }>);
  }
  return d.fail("a 24-bit form that is not simulated");
}

void addIntegerDecoders(DecodeTable &t) {
  t["add"] = t["sub"] = decodeAddSub;
  t["mul"] = decodeMul;
  t["mad"] = decodeMad;
  t["div"] = decodeDiv;
  t["rem"] = [](Decoder &d) { return binary<Rem>(d); };
  t["min"] = decodeMinMax<Min>;
  t["max"] = decodeMinMax<Max>;
  t["abs"] = decodeUnary<Abs>;
  t["neg"] = decodeUnary<Neg>;
  t["sad"] = decodeSad;
  t["mul24"] = decodeMul24;
}

} // namespace cudasim
