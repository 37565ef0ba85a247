// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The definitions of the f32 functions of the language, written once.
//
// The language defines its f32 functions, it does not borrow them: each one
// below is a straight line of f32 mul, add, sub, max, min, compare, select and
// of i32 add, sub, shift on the bits. There is no fused multiply-add, division,
// square root, conversion, table, branch, integer and/or/xor or 64-bit integer,
// so every target computes the same bits. What is written is what runs: no
// optimiser may contract or reassociate it. Every f32 operation rounds to
// nearest even and keeps subnormals; which NaN comes out is unspecified.
//
// A builder B gives the operations; it may compute them (an interpreter), emit
// them (a code generator) or print them (the documentation):
//
//   types F32, I32, Pred                      copyable values
//   F32  f32(float)       I32 i32(int32_t)    constants, not counted
//   F32  add sub mul max min (F32, F32)       max, min as IEEE 754-2019
//                                             maximum, minimum: NaN wins,
//                                             +0 > -0
//   I32  add sub (I32, I32)                   wrapping
//   I32  shl shrl shra (I32, int amount)      left, logical right, arithmetic
//                                             right; the amount is a constant
//   Pred lt le eq (F32, F32)                  false on NaN
//   Pred lt eq (I32, I32)                     signed
//   F32  select(Pred, F32, F32)               I32 select(Pred, I32, I32)
//   I32  bits(F32)        F32 fromBits(I32)   bitcasts, not counted
//
// C++ leaves the order in which arguments are evaluated open, so a call below
// never holds two calls that emit an operation: the sequence is the text.
//
// The coefficients come from tools/functions/derive.py, which says for every
// set how it was found; the bounds are those of the table at the end and are
// checked by test/unit/functions_test.cpp, exhaustively on request.
#ifndef GEMEL_DIALECT_FUNCTIONS_H
#define GEMEL_DIALECT_FUNCTIONS_H

#include "dialect/FunctionsParts.h"

#include <cstdint>
#include <limits>

namespace gemel::functions {

/// e^x.
template <typename B>
typename B::F32 exp(B &b, typename B::F32 x) {
  // Beyond these the result is inf or +0 all the same; NaN passes.
  auto below = b.min(x, b.f32(89.0f));
  auto y = b.max(below, b.f32(-104.0f));
  auto [t, r] = detail::reduce(b, y, 254.0f);
  auto q = detail::expMinusOne(b, r);
  auto v = b.add(q, b.f32(1.0f));
  return detail::scaleInTwo(b, v, t);
}

/// e^x to 2^-16: the square of e^(x/2). Halving keeps the one scale factor in
/// range for every result, the square reaches inf, the subnormals and 0.
template <typename B>
typename B::F32 quickExp(B &b, typename B::F32 x) {
  auto below = b.min(x, b.f32(89.0f));
  auto y = b.max(below, b.f32(-104.0f));
  auto root = detail::quickPower(b, y, 0.5f * detail::log2E);
  return b.mul(root, root);
}

/// The natural logarithm.
template <typename B>
typename B::F32 log(B &b, typename B::F32 x) {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  // Subnormals are lifted by 2^23, which the exponent takes back below.
  auto tiny = b.lt(x, b.f32(0x1p-126f));
  auto lift = b.select(tiny, b.f32(0x1p23f), b.f32(1.0f));
  auto lifted = b.mul(x, lift);
  // x = 2^k m with m in 2/3 .. 4/3: counted from the bits of 2/3, the exponent
  // field is k.
  auto pattern = b.bits(lifted);
  auto offset = b.sub(pattern, b.i32(0x3F2AAAAB));
  auto k = b.shra(offset, 23);
  auto exponent = b.shl(k, 23);
  auto m = b.fromBits(b.sub(pattern, exponent));
  auto f = b.sub(m, b.f32(1.0f)); // exact
  // k as f32: its low bits under the exponent of 1.5 * 2^23.
  auto biased = b.fromBits(b.add(k, b.i32(0x4B400000)));
  auto bias = b.select(tiny, b.f32(detail::roundingMagic + 23.0f),
                       b.f32(detail::roundingMagic));
  auto n = b.sub(biased, bias);
  // log(1+f) = f + f^2 (-1/2 + f p(f)): minimax of degree 9 in all, the two
  // first coefficients held, relative error 2^-27.7.
  auto p = detail::horner(b, f,
                          {-0x1.07c964p-3f, 0x1.1e678cp-3f, -0x1.f332a6p-4f,
                           0x1.1ed662p-3f, -0x1.559c46p-3f, 0x1.99d044p-3f,
                           -0x1.fffefcp-3f, 0x1.555506p-2f, -0.5f});
  auto square = b.mul(f, f);
  auto tail = b.mul(square, p);
  // The small parts first; n * ln2High is exact.
  auto low = b.mul(n, b.f32(detail::ln2Low));
  auto small = b.add(tail, low);
  auto sum = b.add(f, small);
  auto high = b.mul(n, b.f32(detail::ln2High));
  auto finite = b.add(high, sum);
  // inf and NaN pass; zeros give -inf and what is below gives NaN.
  auto isFinite = b.lt(x, b.f32(inf));
  auto above = b.select(isFinite, finite, x);
  auto isZero = b.eq(x, b.f32(0.0f));
  auto outside = b.select(isZero, b.f32(-inf), b.f32(nan));
  auto isOutside = b.le(x, b.f32(0.0f));
  return b.select(isOutside, outside, above);
}

/// 1/sqrt(x), exact for the powers of four.
template <typename B>
typename B::F32 rsqrt(B &b, typename B::F32 x) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  // h = x/2, with small x lifted by 2^24 so that h is normal and exact.
  auto tiny = b.lt(x, b.f32(0x1p-100f));
  auto lift = b.select(tiny, b.f32(0x1p23f), b.f32(0.5f));
  auto h = b.mul(x, lift);
  // Halving and negating the bits is 1/sqrt of the exponent and a rough one of
  // the mantissa: t = h y^2 is in 0.75 .. 0.8438. 1/sqrt(2t): minimax of
  // degree 2, relative error 2^-15.9.
  auto half = b.shrl(b.bits(h), 1);
  auto seed = b.fromBits(b.sub(b.i32(0x5F200000), half));
  auto t0 = b.mul(h, seed);
  auto t = b.mul(t0, seed);
  auto p =
      detail::horner(b, t, {0x1.e02c98p-2f, -0x1.3ec31cp+0f, 0x1.7c912p+0f});
  auto y = b.mul(seed, p);
  // One Newton step, in the form y + y e, whose last addition makes the only
  // large rounding: e = 1/2 - h y^2.
  auto hy = b.mul(h, y);
  auto hyy = b.mul(hy, y);
  auto e = b.sub(b.f32(0.5f), hyy);
  auto correction = b.mul(y, e);
  auto refined = b.add(y, correction);
  auto unlift = b.select(tiny, b.f32(0x1p12f), b.f32(1.0f));
  auto regular = b.mul(refined, unlift);
  // Regular are the patterns 1 .. 0x7F7FFFFF, one range when counted from
  // 0x80000001. Else: the pattern of inf less that of x is inf for +0, -inf
  // for -0, +0 for inf and some NaN for every NaN; below zero is NaN.
  auto counted = b.sub(b.bits(x), b.i32(INT32_MIN + 1));
  auto isRegular = b.lt(counted, b.i32(-0x00800001));
  auto mirrored = b.fromBits(b.sub(b.i32(0x7F800000), b.bits(x)));
  auto isNegative = b.lt(x, b.f32(0.0f));
  auto special = b.select(isNegative, b.f32(nan), mirrored);
  return b.select(isRegular, regular, special);
}

/// 1/x, exact for the powers of two.
template <typename B>
typename B::F32 recip(B &b, typename B::F32 x) {
  // From 2 upward (exponent field >= 128: the top bit once the sign is shifted
  // out) x is scaled down, below it up, so that nothing in between leaves the
  // normal range; the result takes the same factor.
  auto unsignedTop = b.shl(b.bits(x), 1);
  auto isLarge = b.lt(unsignedTop, b.i32(0));
  auto factor = b.select(isLarge, b.f32(0x1p-64f), b.f32(0x1p64f));
  auto s = b.mul(x, factor);
  auto y = detail::recipSeed(b, s);
  // One Newton step; e is 2^-17.8 at most, the rounding of s y its error. For
  // a power of two the seed is exact, hence the result.
  auto sy = b.mul(s, y);
  auto e = b.sub(b.f32(1.0f), sy);
  auto correction = b.mul(y, e);
  auto refined = b.add(y, correction);
  auto regular = b.mul(refined, factor);
  // At 0, inf and NaN e is NaN. The pattern of inf less that of x: inf for 0,
  // 0 for inf, the signs kept, and some NaN for every NaN.
  auto isRegular = b.lt(e, b.f32(1.0f));
  auto mirrored = b.fromBits(b.sub(b.i32(0x7F800000), b.bits(x)));
  return b.select(isRegular, regular, mirrored);
}

/// tanh, as E/(E+2) with E = e^(2|x|) - 1, and the sign put back.
template <typename B>
typename B::F32 tanh(B &b, typename B::F32 x) {
  auto a = detail::magnitude(b, x);
  auto sign = b.sub(b.bits(x), b.bits(a));
  auto clamped = b.min(a, b.f32(9.015625f)); // its value is 1
  auto y = b.add(clamped, clamped);
  auto [t, r] = detail::reduce(b, y, 127.0f);
  auto q = detail::expMinusOne(b, r);
  // 2^n (1+q) - 1 = 2^n q + (2^n - 1): for n = 0 this is q, with its relative
  // accuracy near 0.
  auto factor = b.fromBits(b.shl(b.bits(t), 23));
  auto grown = b.mul(factor, q);
  auto whole = b.sub(factor, b.f32(1.0f));
  auto e = b.add(grown, whole);
  auto d = b.add(e, b.f32(2.0f));
  auto v = detail::divide(b, e, d);
  return b.fromBits(b.add(b.bits(v), sign));
}

/// tanh to 2^-16: x P(x^2) / Q(x^2).
template <typename B>
typename B::F32 quickTanh(B &b, typename B::F32 x) {
  // At this very argument the value below is 1, and before it less.
  auto below = b.min(x, b.f32(0x1.879578p+2f));
  auto y = b.max(below, b.f32(-0x1.879578p+2f));
  auto z = b.mul(y, y);
  // Rational minimax of degrees 2 and 3 in x^2 on 0 .. 6.1, relative error
  // 2^-16.4, the value at 6.1 held at 1, Q's highest coefficient made 1.
  auto p =
      detail::horner(b, z, {0x1.ba3ad4p+4f, 0x1.0ddad8p+11f, 0x1.2800ecp+14f});
  auto numerator = b.mul(y, p);
  auto q = detail::hornerMonic(
      b, z, {0x1.4763e6p+8f, 0x1.08c194p+13f, 0x1.2801aap+14f});
  auto inverse = detail::recipSeed(b, q);
  return b.mul(numerator, inverse);
}

/// The error function: x P(x^2 - 7), as erf(x)/x is entire in x^2. About 7 the
/// terms of one sign are where the value is large, so nothing cancels.
template <typename B>
typename B::F32 erf(B &b, typename B::F32 x) {
  // At this very argument the value below is 1, and nowhere more.
  auto below = b.min(x, b.f32(0x1.dd2e28p+1f));
  auto y = b.max(below, b.f32(-0x1.dd2e28p+1f));
  auto z = b.mul(y, y);
  auto u = b.sub(z, b.f32(7.0f));
  // Minimax of degree 15 on 0 .. 3.8, relative error 2^-26.2, 2^-25.5 with the
  // coefficients rounded.
  auto p = detail::horner(
      b, u,
      {-0x1.0dc97p-54f, 0x1.79b5e4p-50f, -0x1.a14af4p-47f, 0x1.14b01ep-43f,
       -0x1.3e7394p-39f, 0x1.1cddc0p-35f, -0x1.a1c11cp-32f, 0x1.249554p-28f,
       -0x1.871a94p-25f, 0x1.e7754ep-22f, -0x1.1cea58p-18f, 0x1.3ceaaep-15f,
       -0x1.569986p-12f, 0x1.7537c8p-9f, -0x1.b90a9ap-6f, 0x1.82f702p-2f});
  return b.mul(y, p);
}

/// erf to 2^-16, by the same form on 0 .. 3.12.
template <typename B>
typename B::F32 quickErf(B &b, typename B::F32 x) {
  // At this very argument the value below is 1, and before it less.
  auto below = b.min(x, b.f32(0x1.8f54f8p+1f));
  auto y = b.max(below, b.f32(-0x1.8f54f8p+1f));
  auto z = b.mul(y, y);
  auto u = b.sub(z, b.f32(5.0f));
  // Minimax of degree 9, relative error 2^-16.6, the value at 3.12 held at 1.
  auto p = detail::horner(b, u,
                          {-0x1.74be02p-29f, 0x1.2e633p-25f, -0x1.c0e8f4p-23f,
                           0x1.bdd14cp-20f, -0x1.143b76p-16f, 0x1.1083a6p-13f,
                           -0x1.dc3edp-11f, 0x1.95f8fcp-8f, -0x1.678884p-5f,
                           0x1.c93bf6p-2f});
  return b.mul(y, p);
}

/// 1/(1+e^-x), as 1/(1+E) and E/(1+E) with E = e^-|x|, so that both tails keep
/// their relative accuracy, the left one into the subnormals.
template <typename B>
typename B::F32 sigmoid(B &b, typename B::F32 x) {
  auto a = detail::magnitude(b, x);
  auto y = b.min(a, b.f32(104.0f));
  auto scaled = b.mul(y, b.f32(-detail::log2E));
  auto t = b.add(scaled, b.f32(detail::roundingMagic + 254.0f));
  auto n = b.sub(t, b.f32(detail::roundingMagic + 254.0f));
  auto high = b.mul(n, b.f32(-detail::ln2High));
  auto rest = b.sub(high, y);
  auto low = b.mul(n, b.f32(detail::ln2Low));
  auto r = b.sub(rest, low);
  auto q = detail::expMinusOne(b, r);
  auto v = b.add(q, b.f32(1.0f));
  auto e = detail::scaleInTwo(b, v, t);
  auto d = b.add(e, b.f32(1.0f));
  auto isNegative = b.lt(x, b.f32(0.0f));
  auto numerator = b.select(isNegative, e, b.f32(1.0f));
  return detail::divide(b, numerator, d);
}

/// The sigmoid to 2^-16: 1/(1+e^-x) directly.
template <typename B>
typename B::F32 quickSigmoid(B &b, typename B::F32 x) {
  // Above 30 the result is 1; below ln 2^-126 it is taken as 0 at the end.
  auto below = b.min(x, b.f32(30.0f));
  auto y = b.max(below, b.f32(-0x1.5d58ap+6f));
  auto e = detail::quickPower(b, y, -detail::log2E);
  auto d = b.add(e, b.f32(1.0f));
  auto inverse = detail::recipSeed(b, d);
  auto isFar = b.lt(x, b.f32(-0x1.5d58ap+6f));
  return b.select(isFar, b.f32(0.0f), inverse);
}

namespace detail {

/// sin(x + shift * pi/2).
template <typename B>
typename B::F32 sine(B &b, typename B::F32 x, float shift) {
  // x = n pi/2 + r; the low bits of t hold n + shift, the quadrant.
  auto scaled = b.mul(x, b.f32(0x1.45f306p-1f));
  auto t = b.add(scaled, b.f32(roundingMagic + shift));
  auto n = b.sub(t, b.f32(roundingMagic + shift));
  // pi/2 in parts: up to 2^17, n is at most 83443, and the significands of
  // the first three at most 201, so their products are exact; the differences
  // are exact or rounded at the size of r. What the last product loses, 2^-37
  // at most, is the absolute error near the multiples of pi/2.
  // The third part is negative; added with n negated, it leaves -0 as it is.
  auto minus = b.sub(b.f32(roundingMagic + shift), t);
  auto first = b.mul(n, b.f32(0x1.92p+0f));
  auto rest = b.sub(x, first);
  auto second = b.mul(n, b.f32(0x1.fcp-12f));
  rest = b.sub(rest, second);
  auto third = b.mul(minus, b.f32(-0x1.58p-21f));
  rest = b.add(rest, third);
  auto fourth = b.mul(n, b.f32(0x1.10b462p-30f));
  auto r = b.sub(rest, fourth);
  // Far out r is anything; held here the result stays within -1 .. 1.
  auto below = b.min(r, b.f32(1.0f));
  auto y = b.max(below, b.f32(-1.0f));
  auto z = b.mul(y, y);
  // sin y = y (1 + z p(z)), minimax of degree 7 on |y| <= 0.787, relative
  // error 2^-28; in this form sin(-0) = -0.
  auto p = horner(b, z, {-0x1.995284p-13f, 0x1.110776p-7f, -0x1.555546p-3f});
  auto zp = b.mul(z, p);
  auto one = b.add(zp, b.f32(1.0f));
  auto odd = b.mul(y, one);
  // cos y, minimax of degree 8, the two first coefficients held, relative
  // error 2^-33.
  auto even = horner(
      b, z, {0x1.99e714p-16f, -0x1.6c0c26p-10f, 0x1.55554ap-5f, -0.5f, 1.0f});
  // The quadrant's bit 0 chooses, its bit 1 becomes the sign.
  auto quadrant = b.bits(t);
  auto isOdd = b.lt(b.shl(quadrant, 31), b.i32(0));
  auto v = b.select(isOdd, even, odd);
  auto upper = b.shrl(quadrant, 1);
  auto sign = b.shl(upper, 31);
  return b.fromBits(b.add(b.bits(v), sign));
}

} // namespace detail

template <typename B>
typename B::F32 sin(B &b, typename B::F32 x) {
  return detail::sine(b, x, 0.0f);
}

template <typename B>
typename B::F32 cos(B &b, typename B::F32 x) {
  return detail::sine(b, x, 1.0f);
}

/// How a bound reads. An ulp is the spacing of f32 at the exact value, not less
/// than 2^-149; an infinity counts as 2^128. A relative bound holds where the
/// exact value is normal; below, the error is within the bound times 2^-126.
enum class Bound { ulp, relative, ulpOrAbsolute };

struct FunctionInfo {
  const char *name;
  bool quick;
  Bound kind;
  double bound;
  double absolute; ///< ulpOrAbsolute: an error up to this is within the bound
  int operations;  ///< constants and bitcasts are not counted
  const char *method;
};

/// Measured over all 2^32 arguments and rounded up.
constexpr FunctionInfo functionTable[] = {
    {"exp", false, Bound::ulp, 1.0, 0, 27,
     "x = n ln 2 + r, r + r^2 p(r) + 1 of degree 6, scaled in two factors."},
    {"exp", true, Bound::relative, 0x1p-16, 0, 17,
     "The square of e^(x/2), itself 2^f of degree 4 and one scale factor."},
    {"log", false, Bound::ulp, 1.0, 0, 40,
     "x = 2^n m, m in 2/3 .. 4/3, f + f^2 p(f) of degree 9 with f = m - 1."},
    {"rsqrt", false, Bound::ulp, 1.5, 0, 25,
     "A seed from the bits, a polynomial of degree 2, one Newton step."},
    {"recip", false, Bound::ulp, 1.25, 0, 19,
     "A seed from the bits, a polynomial of degree 2, one Newton step."},
    {"tanh", false, Bound::ulp, 3.5, 0, 41,
     "E/(E+2) with E = e^(2|x|) - 1 and a corrected quotient."},
    {"tanh", true, Bound::relative, 0x1p-16, 0, 21,
     "x P(x^2)/Q(x^2) of degrees 2 and 3, the quotient by the seed alone."},
    {"erf", false, Bound::ulp, 4.25, 0, 35,
     "x P(x^2 - 7) of degree 15, the argument held at 3.728."},
    {"erf", true, Bound::relative, 0x1p-16, 0, 23,
     "x P(x^2 - 5) of degree 9, the argument held at 3.12."},
    {"sigmoid", false, Bound::ulp, 3.25, 0, 43,
     "1/(1+E) or E/(1+E) with E = e^-|x| and a corrected quotient."},
    {"sigmoid", true, Bound::relative, 0x1p-16, 0, 26,
     "1/(1+e^-x) by the seed alone; a subnormal result is +0."},
    {"sin", false, Bound::ulpOrAbsolute, 3.0, 0x1p-36, 36,
     "x - n pi/2 in four parts, degree 7 or 8 by the quadrant; for |x| <= "
     "2^17, "
     "beyond only within -1 .. 1."},
    {"cos", false, Bound::ulpOrAbsolute, 3.0, 0x1p-36, 36,
     "The same with the quadrant advanced by one."},
};

} // namespace gemel::functions

#endif // GEMEL_DIALECT_FUNCTIONS_H
