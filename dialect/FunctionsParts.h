// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The sequences that several of the functions in Functions.h share.
#ifndef GEMEL_DIALECT_FUNCTIONSPARTS_H
#define GEMEL_DIALECT_FUNCTIONSPARTS_H

#include <initializer_list>

namespace gemel::functions {

namespace detail {

/// Horner's scheme: the first coefficient belongs to the highest power.
template <typename B>
typename B::F32 horner(B &b, typename B::F32 x,
                       std::initializer_list<float> coefficients) {
  const float *c = coefficients.begin();
  typename B::F32 p = b.f32(*c++);
  for (; c != coefficients.end(); ++c) {
    p = b.mul(p, x);
    p = b.add(p, b.f32(*c));
  }
  return p;
}

/// Horner's scheme for a polynomial whose highest coefficient is one, which
/// saves the first product.
template <typename B>
typename B::F32 hornerMonic(B &b, typename B::F32 x,
                            std::initializer_list<float> coefficients) {
  const float *c = coefficients.begin();
  typename B::F32 p = b.add(x, b.f32(*c++));
  for (; c != coefficients.end(); ++c) {
    p = b.mul(p, x);
    p = b.add(p, b.f32(*c));
  }
  return p;
}

/// Adding 1.5 * 2^23 rounds to an integer n and leaves n in the low bits of
/// the sum; the nine lowest bits of its own pattern are zero, so a shift by 23
/// makes them an exponent. A bias may be added beforehand without cost.
constexpr float roundingMagic = 12582912.0f;

/// 1/ln 2, and ln 2 in two parts: the first has 15 bits, so that its product
/// with an integer below 512 is exact.
constexpr float log2E = 0x1.715476p+0f;
constexpr float ln2High = 0x1.62e4p-1f;
constexpr float ln2Low = 0x1.7f7d1cp-20f;

/// e^r - 1 for |r| <= 0.3477, as r + r^2 p(r), so that the large term r stays
/// exact. Minimax of degree 6 in all with the two first coefficients held,
/// relative error of e^r 2^-28.2. 11 operations.
template <typename B>
typename B::F32 expMinusOne(B &b, typename B::F32 r) {
  auto p = horner(b, r,
                  {0x1.6a3ffcp-10f, 0x1.1239ecp-7f, 0x1.5558bep-5f,
                   0x1.555492p-3f, 0x1.fffffcp-2f});
  auto square = b.mul(r, r);
  auto tail = b.mul(square, p);
  return b.add(r, tail);
}

/// y = n ln 2 + r, with n + bias in the low bits of t.
template <typename B>
struct Reduced {
  typename B::F32 t, r;
};

template <typename B>
Reduced<B> reduce(B &b, typename B::F32 y, float bias) {
  auto scaled = b.mul(y, b.f32(log2E));
  auto t = b.add(scaled, b.f32(roundingMagic + bias));
  auto n = b.sub(t, b.f32(roundingMagic + bias));
  auto high = b.mul(n, b.f32(ln2High));
  auto rest = b.sub(y, high); // exact
  auto low = b.mul(n, b.f32(ln2Low));
  auto r = b.sub(rest, low);
  return {t, r};
}

/// 2^(y * scale) to 2^-17, in one scale factor: within 2^-126 .. 2^126. The
/// rounding of y * scale is half of the error for the greatest y.
template <typename B>
typename B::F32 quickPower(B &b, typename B::F32 y, float scale) {
  auto scaled = b.mul(y, b.f32(scale));
  auto t = b.add(scaled, b.f32(roundingMagic + 127.0f));
  auto n = b.sub(t, b.f32(roundingMagic + 127.0f));
  auto f = b.sub(scaled, n);
  // 2^f on -1/2 .. 1/2, minimax of degree 4, relative error 2^-18.4, with
  // p(0) = 1 held.
  auto p = horner(
      b, f,
      {0x1.3a0456p-7f, 0x1.c9fc74p-5f, 0x1.ec0372p-3f, 0x1.62e12cp-1f, 1.0f});
  auto factor = b.fromBits(b.shl(b.bits(t), 23));
  return b.mul(p, factor);
}

/// (2^(floor(n/2)) * v) * 2^(ceil(n/2)), where the low bits of t hold n + 254:
/// two factors reach the subnormals with one rounding and overflow to inf; one
/// factor has not the range, and adding n to the bits of v has not the edges.
template <typename B>
typename B::F32 scaleInTwo(B &b, typename B::F32 v, typename B::F32 t) {
  auto n = b.bits(t);
  auto low = b.shrl(n, 1);
  auto high = b.sub(n, low);
  auto lowFactor = b.fromBits(b.shl(low, 23));
  auto highFactor = b.fromBits(b.shl(high, 23));
  auto once = b.mul(v, lowFactor);
  return b.mul(once, highFactor);
}

/// 1/x to 2^-17.8. Subtracting the bits negates the logarithm; this constant
/// centres the error so that t = x y is in 1.4142 .. 1.4572 for every mantissa.
/// p(t) of degree 2 approaches 1/t from below: 1 - t p(t) = (1-t/a)^2 (1-t/s)
/// with a and s at the ends, so the product of x and the seed stays below one,
/// where floats lie closer, and the seed of a power of two, at a, is exact.
/// For x in 2^-126 .. 2^126. 7 operations.
template <typename B>
typename B::F32 recipSeed(B &b, typename B::F32 x) {
  auto y = b.fromBits(b.sub(b.i32(0x7F3504F3), b.bits(x)));
  auto t = b.mul(x, y);
  auto p = horner(b, t, {0x1.5f618p-2f, -0x1.7876bap+0f, 0x1.0cdd52p+1f});
  return b.mul(y, p);
}

/// v/d by the seed, the quotient corrected once by its remainder, which costs
/// one rounding less than a refined inverse. 12 operations.
template <typename B>
typename B::F32 divide(B &b, typename B::F32 v, typename B::F32 d) {
  auto inverse = recipSeed(b, d);
  auto quotient = b.mul(v, inverse);
  auto product = b.mul(quotient, d);
  auto remainder = b.sub(v, product);
  auto correction = b.mul(remainder, inverse);
  return b.add(quotient, correction);
}

/// |x| by the bits, which keeps NaN.
template <typename B>
typename B::F32 magnitude(B &b, typename B::F32 x) {
  return b.fromBits(b.shrl(b.shl(b.bits(x), 1), 1));
}

} // namespace detail

} // namespace gemel::functions

#endif // GEMEL_DIALECT_FUNCTIONSPARTS_H
