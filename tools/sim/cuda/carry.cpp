// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Carry chains (add.cc, subc, madc) and byte dot products.

#include "ops.h"

namespace cudasim {

namespace {
/// Instr::sub of the carry family.
enum : uint8_t { kUseCarry = 1, kSetCarry = 2, kSubtract = 4, kHigh = 8 };
} // namespace

template <class T>
static T mulPart(T a, T b, bool high) {
  unsigned __int128 p = static_cast<unsigned __int128>(a) * b;
  return T(high ? p >> (8 * sizeof(T)) : p);
}

template <class T>
static T mulPartSigned(T a, T b, bool high) {
  using S = std::make_signed_t<T>;
  __int128 p = static_cast<__int128>(S(a)) * S(b);
  return T(high ? p >> (8 * sizeof(T)) : p);
}

template <class T>
static void execCarry(Warp &w, const Instr &i, uint32_t m) {
  const T *a = lanes<T>(w, i.a), *b = lanes<T>(w, i.b);
  const T *c = i.c.valid() ? lanes<T>(w, i.c) : nullptr;
  uint32_t carry = i.sub & kUseCarry ? *lanes<uint32_t>(w, i.e) : 0, out = 0;
  T t[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    T x = a[l], y = b[l];
    if (c) {
      x = i.isSigned ? mulPartSigned<T>(x, y, i.sub & kHigh)
                     : mulPart<T>(x, y, i.sub & kHigh);
      y = c[l];
    }
    unsigned __int128 in = carry >> l & 1;
    if (i.sub & kSubtract) {
      unsigned __int128 take = static_cast<unsigned __int128>(y) + in;
      t[l] = T(x - T(take));
      out |= uint32_t(take > x) << l;
    } else {
      unsigned __int128 sum = static_cast<unsigned __int128>(x) + y + in;
      t[l] = T(sum);
      out |= uint32_t(sum >> (8 * sizeof(T)) & 1) << l;
    }
  }
  blend(lanes<T>(w, i.d), t, m);
  if (i.sub & kSetCarry)
    setPredicate(w, i.e, m, out);
}

static bool decodeCarry(Decoder &d) {
  std::string_view op = d.s.op;
  bool mad = op.substr(0, 3) == "mad";
  uint8_t sub = op.back() == 'c' ? kUseCarry : 0;
  if (op.substr(0, 3) == "sub")
    sub |= kSubtract;
  if (d.take(".cc"))
    sub |= kSetCarry;
  if (mad && d.take(".hi"))
    sub |= kHigh;
  else if (mad && !d.take(".lo"))
    return d.fail("a carry chain's mad needs .lo or .hi");
  if (!d.function.carry.valid())
    d.function.carry = d.temporary(0);
  d.instr.e = d.function.carry;
  d.instr.sub = sub;
  Type t = d.type();
  if (t != Type::U32 && t != Type::S32 && t != Type::U64 && t != Type::S64)
    return d.fail("a type that carry chains do not have");
  d.instr.isSigned = isSigned(t);
  if (!(mad ? d3(d, t, t, t, t) : d2(d, t, t, t)))
    return false;
  return use(d, bytesOf(t) == 4 ? &execCarry<uint32_t> : &execCarry<uint64_t>);
}

template <bool SA, bool SB>
static uint32_t dot4(uint32_t a, uint32_t b, uint32_t c) {
  for (int i = 0; i < 4; ++i) {
    int32_t x = SA ? int8_t(a >> 8 * i) : uint8_t(a >> 8 * i);
    int32_t y = SB ? int8_t(b >> 8 * i) : uint8_t(b >> 8 * i);
    c += uint32_t(x * y);
  }
  return c;
}

template <bool SA, bool SB, bool Hi>
static uint32_t dot2(uint32_t a, uint32_t b, uint32_t c) {
  for (int i = 0; i < 2; ++i) {
    int32_t x = SA ? int16_t(a >> 16 * i) : uint16_t(a >> 16 * i);
    int shift = 8 * i + (Hi ? 16 : 0);
    int32_t y = SB ? int8_t(b >> shift) : uint8_t(b >> shift);
    c += uint32_t(x * y);
  }
  return c;
}

static bool decodeDot(Decoder &d) {
  bool hi = d.s.op == "dp2a" && d.take(".hi");
  bool two = d.s.op == "dp2a";
  if (two && !hi && !d.take(".lo"))
    return d.fail("dp2a without .lo or .hi");
  Type a = d.type(), b = d.type();
  if (bytesOf(a) != 4 || bytesOf(b) != 4 ||
      !d3(d, Type::B32, Type::B32, Type::B32, Type::B32))
    return false;
#define GEMEL_DOT(F) &exec3<uint32_t, uint32_t, uint32_t, uint32_t, F>
  Execute four[4] = {
      GEMEL_DOT((dot4<false, false>)), GEMEL_DOT((dot4<false, true>)),
      GEMEL_DOT((dot4<true, false>)), GEMEL_DOT((dot4<true, true>))};
  Execute low[4] = {GEMEL_DOT((dot2<false, false, false>)),
                    GEMEL_DOT((dot2<false, true, false>)),
                    GEMEL_DOT((dot2<true, false, false>)),
                    GEMEL_DOT((dot2<true, true, false>))};
  Execute high[4] = {GEMEL_DOT((dot2<false, false, true>)),
                     GEMEL_DOT((dot2<false, true, true>)),
                     GEMEL_DOT((dot2<true, false, true>)),
                     GEMEL_DOT((dot2<true, true, true>))};
#undef GEMEL_DOT
  int which = isSigned(a) * 2 + isSigned(b);
  return use(d, two ? (hi ? high[which] : low[which]) : four[which]);
}

void addWideIntegerDecoders(DecodeTable &t) {
  t["addc"] = t["subc"] = t["madc"] = decodeCarry;
  t["dp4a"] = t["dp2a"] = decodeDot;
}

} // namespace cudasim
