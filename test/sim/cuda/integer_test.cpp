// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Integer and bit instructions against the host.

#include "sim.h"

#include <bit>
#include <functional>

using namespace simtest;

namespace {

constexpr size_t kCount = 1000;

class Integer : public Sim {
protected:
  template <class D, class A, class B = A, class C = A>
  void check(const std::string &op,
             std::type_identity_t<std::function<D(A, B, C)>> expected) {
    auto a = integers<A>(kCount, 1);
    auto b = integers<B>(kCount, 2);
    auto c = integers<C>(kCount, 3);
    auto d = map<D, A, B, C>(op, a, b, c);
    for (size_t i = 0; i < kCount; ++i)
      ASSERT_EQ(d[i], expected(a[i], b[i], c[i]))
          << op << " of " << +a[i] << ", " << +b[i] << ", " << +c[i];
  }
  using F = std::function<uint32_t(uint32_t, uint32_t, uint32_t)>;
  void check32(const std::string &op, F f) { check<uint32_t, uint32_t>(op, f); }
};

TEST_F(Integer, Arithmetic32) {
  check32("add.s32 %d, %a, %b;",
          [](uint32_t a, uint32_t b, uint32_t) { return a + b; });
  check32("sub.u32 %d, %a, %b;",
          [](uint32_t a, uint32_t b, uint32_t) { return a - b; });
  check32("mul.lo.s32 %d, %a, %b;",
          [](uint32_t a, uint32_t b, uint32_t) { return a * b; });
  check32("mul.hi.s32 %d, %a, %b;", [](uint32_t a, uint32_t b, uint32_t) {
    return uint32_t((int64_t(int32_t(a)) * int32_t(b)) >> 32);
  });
  check32("mul.hi.u32 %d, %a, %b;", [](uint32_t a, uint32_t b, uint32_t) {
    return uint32_t((uint64_t(a) * b) >> 32);
  });
  check32("mad.lo.s32 %d, %a, %b, %c;",
          [](uint32_t a, uint32_t b, uint32_t c) { return a * b + c; });
  check32("add.sat.s32 %d, %a, %b;", [](uint32_t a, uint32_t b, uint32_t) {
    int64_t s = int64_t(int32_t(a)) + int32_t(b);
    return uint32_t(
        std::min<int64_t>(std::max<int64_t>(s, INT32_MIN), INT32_MAX));
  });
  check32("min.s32 %d, %a, %b;", [](uint32_t a, uint32_t b, uint32_t) {
    return uint32_t(std::min(int32_t(a), int32_t(b)));
  });
  check32("max.u32 %d, %a, %b;",
          [](uint32_t a, uint32_t b, uint32_t) { return std::max(a, b); });
  check32("neg.s32 %d, %a;", [](uint32_t a, uint32_t, uint32_t) { return -a; });
  check32("abs.s32 %d, %a;", [](uint32_t a, uint32_t, uint32_t) {
    return int32_t(a) < 0 ? -a : a;
  });
  check32("or.b32 %b, %b, 1; div.u32 %d, %a, %b;",
          [](uint32_t a, uint32_t b, uint32_t) { return a / (b | 1); });
  check32("or.b32 %b, %b, 1; rem.s32 %d, %a, %b;",
          [](uint32_t a, uint32_t b, uint32_t) {
            int32_t y = int32_t(b | 1);
            return y == -1 ? 0 : uint32_t(int32_t(a) % y);
          });
  check32("sad.u32 %d, %a, %b, %c;", [](uint32_t a, uint32_t b, uint32_t c) {
    return c + (a < b ? b - a : a - b);
  });
}

TEST_F(Integer, OtherWidths) {
  check<uint16_t, uint16_t>("mul.lo.u16 %d, %a, %b;",
                            [](uint16_t a, uint16_t b, uint16_t) {
                              return uint16_t(uint32_t(a) * b);
                            });
  check<uint16_t, uint16_t>("max.s16 %d, %a, %b;",
                            [](uint16_t a, uint16_t b, uint16_t) {
                              return uint16_t(std::max(int16_t(a), int16_t(b)));
                            });
  check<uint64_t, uint64_t>(
      "mul.hi.s64 %d, %a, %b;", [](uint64_t a, uint64_t b, uint64_t) {
        return uint64_t((__int128(int64_t(a)) * int64_t(b)) >> 64);
      });
  check<uint64_t, uint32_t, uint32_t, uint64_t>(
      "mad.wide.s32 %d, %a, %b, %c;", [](uint32_t a, uint32_t b, uint64_t c) {
        return uint64_t(int64_t(int32_t(a)) * int32_t(b)) + c;
      });
  check<uint64_t, uint64_t>("or.b64 %b, %b, 1; div.s64 %d, %a, %b;",
                            [](uint64_t a, uint64_t b, uint64_t) {
                              int64_t y = int64_t(b | 1);
                              return y == -1 ? 0 - a : uint64_t(int64_t(a) / y);
                            });
}

TEST_F(Integer, Bits) {
  check32(
      "lop3.b32 %d, %a, %b, %c, 0xCA;",
      [](uint32_t a, uint32_t b, uint32_t c) { return (a & b) | (~a & c); });
  check32("lop3.b32 %d, %a, %b, %c, 0x96;",
          [](uint32_t a, uint32_t b, uint32_t c) { return a ^ b ^ c; });
  check32("shl.b32 %d, %a, %b;",
          [](uint32_t a, uint32_t b, uint32_t) { return b > 31 ? 0 : a << b; });
  check32("shr.s32 %d, %a, %b;", [](uint32_t a, uint32_t b, uint32_t) {
    return uint32_t(int32_t(a) >> std::min(b, 31u));
  });
  check32("shf.l.wrap.b32 %d, %a, %b, %c;",
          [](uint32_t a, uint32_t b, uint32_t c) {
            c &= 31;
            return c ? b << c | a >> (32 - c) : b;
          });
  check32("shf.r.clamp.b32 %d, %a, %b, %c;",
          [](uint32_t a, uint32_t b, uint32_t c) {
            c = std::min(c, 32u);
            return uint32_t((uint64_t(b) << 32 | a) >> c);
          });
  check32("bfe.u32 %d, %a, %b, %c;", [](uint32_t a, uint32_t b, uint32_t c) {
    b &= 255;
    c &= 255;
    uint32_t v = b > 31 ? 0 : a >> b;
    return c > 31 ? v : v & ((1u << c) - 1);
  });
  check32("bfe.s32 %d, %a, %b, %c;", [](uint32_t a, uint32_t b, uint32_t c) {
    // The manual's loop, bit by bit.
    b &= 255;
    c &= 255;
    uint32_t sign = c == 0 ? 0 : a >> std::min(b + c - 1, 31u) & 1, d = 0;
    for (uint32_t i = 0; i < 32; ++i)
      d |= (i < c && b + i < 32 ? a >> (b + i) & 1 : sign) << i;
    return d;
  });
  check32("bfi.b32 %d, %a, %b, %c, 5;", [](uint32_t a, uint32_t b, uint32_t c) {
    c &= 255;
    uint32_t d = b;
    for (uint32_t i = 0; i < 5 && c + i < 32; ++i)
      d = (d & ~(1u << (c + i))) | (a >> i & 1) << (c + i);
    return d;
  });
  check32("bfind.s32 %d, %a;", [](uint32_t a, uint32_t, uint32_t) {
    uint32_t v = int32_t(a) < 0 ? ~a : a;
    return v ? 31 - uint32_t(std::countl_zero(v)) : ~0u;
  });
  check32("bfind.shiftamt.u32 %d, %a;", [](uint32_t a, uint32_t, uint32_t) {
    return a ? uint32_t(std::countl_zero(a)) : ~0u;
  });
  check32("brev.b32 %a, %a; clz.b32 %d, %a;",
          [](uint32_t a, uint32_t, uint32_t) {
            return uint32_t(std::countr_zero(a));
          });
  check32("popc.b32 %d, %a;", [](uint32_t a, uint32_t, uint32_t) {
    return uint32_t(std::popcount(a));
  });
  check32("prmt.b32 %d, %a, %b, %c;", [](uint32_t a, uint32_t b, uint32_t c) {
    uint64_t v = uint64_t(b) << 32 | a;
    uint32_t d = 0;
    for (int i = 0; i < 4; ++i) {
      uint32_t s = c >> 4 * i & 15, byte = v >> 8 * (s & 7) & 255;
      if (s & 8)
        byte = byte & 128 ? 255 : 0;
      d |= byte << 8 * i;
    }
    return d;
  });
  check32("dp4a.s32.u32 %d, %a, %b, %c;",
          [](uint32_t a, uint32_t b, uint32_t c) {
            for (int i = 0; i < 4; ++i)
              c += uint32_t(int8_t(a >> 8 * i) * int(uint8_t(b >> 8 * i)));
            return c;
          });
}

TEST_F(Integer, CarryChains) {
  // 64-bit sums, differences and products from 32-bit halves.
  const std::string split = "mov.b64 {%r4, %r5}, %a; mov.b64 {%r6, %r7}, %b;";
  check<uint64_t, uint64_t>(
      split + "add.cc.u32 %r8, %r4, %r6; addc.u32 %r9, %r5, %r7;"
              "mov.b64 %d, {%r8, %r9};",
      [](uint64_t a, uint64_t b, uint64_t) { return a + b; });
  check<uint64_t, uint64_t>(
      split + "sub.cc.u32 %r8, %r4, %r6; subc.u32 %r9, %r5, %r7;"
              "mov.b64 %d, {%r8, %r9};",
      [](uint64_t a, uint64_t b, uint64_t) { return a - b; });
  check<uint64_t, uint64_t>(
      split + "mul.lo.u32 %r8, %r4, %r6; mul.hi.u32 %r9, %r4, %r6;"
              "mad.lo.cc.u32 %r8, %r4, %r6, 0xffffffff;"
              "madc.hi.u32 %r9, %r4, %r6, 0; mov.b64 %d, {%r8, %r9};",
      [](uint64_t a, uint64_t b, uint64_t) {
        return uint64_t(uint32_t(a)) * uint32_t(b) + 0xffffffffull;
      });
}

TEST_F(Integer, CompareAndSelect) {
  check32("setp.lt.s32 %p1, %a, %b; selp.b32 %d, %c, 7, %p1;",
          [](uint32_t a, uint32_t b, uint32_t c) {
            return int32_t(a) < int32_t(b) ? c : 7;
          });
  check32("setp.ne.u32 %p1, %c, 0; setp.hi.and.u32 %p2|%p3, %a, %b, %p1;"
          "selp.u32 %d, 1, 0, %p2; @%p3 add.u32 %d, %d, 2;",
          [](uint32_t a, uint32_t b, uint32_t c) {
            return uint32_t(a > b && c) + 2 * uint32_t(!(a > b) && c);
          });
  check32("set.ge.u32.s32 %d, %a, %b;", [](uint32_t a, uint32_t b, uint32_t) {
    return int32_t(a) >= int32_t(b) ? ~0u : 0;
  });
  check32("slct.u32.s32 %d, %a, %b, %c;",
          [](uint32_t a, uint32_t b, uint32_t c) {
            return int32_t(c) >= 0 ? a : b;
          });
  check32("setp.eq.u32 %p1, %a, %b; setp.gt.u32 %p2, %a, %c;"
          "xor.pred %p3, %p1, %p2; not.pred %p4, %p3; selp.u32 %d, 1, 0, %p4;",
          [](uint32_t a, uint32_t b, uint32_t c) {
            return uint32_t((a == b) == (a > c));
          });
}

} // namespace
