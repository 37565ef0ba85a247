// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Quotients and roots of usual numbers, rounded once.
//
// Usual: neither an operand nor the result is subnormal, infinite or NaN; a
// dividend or radicand may be 0. The unit's own result q, in units of its last
// bit, is a significand of 24 bits and 1 off at most. What it leaves of the
// dividend, a 2^s - q b in significands, is less than 2^26, so that 32 bits
// that wrap tell it; twice as much beside b says which neighbour is nearest,
// and that is 1 more or less in the float's own bits, in its binade or the
// next.
//
// s is 23 or 24, which the lowest bits of the exponents tell, as they stand: of
// a - b - q, which is 0 or 1. Two other cases are a power of two beside q;
// there s is 22 or 25, one is taken for 24 and one for 23, and what is left is
// as large as to say the same. a 2^23 is the float's bits shifted: what stands
// above the significand goes. The same holds for roots, q being b.
#include "codegen/ascend/cce/Exact.h"

#include "codegen/ascend/Facts.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

static constexpr int64_t kLanes = ascend::kRepeatBytes / 4;

/// A power of two, as a float's bits.
static constexpr int32_t bitsOfPower(int32_t exponent) {
  return (127 + exponent) << 23;
}

static void setCount(OpBuilder &b, Location loc, int64_t elements) {
  Value none = arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(0));
  Value all = arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(elements));
  SetVectorMaskOp::create(b, loc, none, all);
}

/// Eight integers, of which one is negative if an element is out of bounds.
Value Exact::marginOf(ArrayRef<Bound> bounds, SetVectorMaskOp count) {
  Value one = arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(1));
  auto lanes = [&] {
    return AllocOp::create(b, loc, PtrType::get(b.getContext(), Space::Ub, i32),
                           ascend::kRepeatBytes, IntegerAttr());
  };
  auto least = [&](Value x, Value y) {
    Value dst = lanes();
    VminOp::create(b, loc, dst, x, y, one, 1, 1, 1, 8, 8, 8);
    return dst;
  };
  auto scaled = [&](Value x, int32_t factor, int32_t more) {
    auto number = [&](int32_t n) {
      return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(n));
    };
    if (factor != 1) {
      Value dst = lanes();
      VmulsOp::create(b, loc, dst, x, number(factor), one, 1, 1, 8, 8);
      x = dst;
    }
    Value dst = lanes();
    VaddsOp::create(b, loc, dst, x, number(more), one, 1, 1, 8, 8);
    return dst;
  };
  // Each repeat meets those before it.
  SmallVector<Value> extremes;
  setCount(b, loc, kLanes);
  for (const Bound &bound : bounds) {
    extremes.push_back(lanes());
    Value first = arith::ConstantOp::create(
        b, loc,
        b.getI32IntegerAttr(bound.most ? 0
                                       : std::numeric_limits<int32_t>::max()));
    VectorDupOp::create(b, loc, extremes.back(), first, one, 1, 8);
  }
  b.clone(*count);
  for (auto [extreme, bound] : llvm::zip(extremes, bounds)) {
    if (bound.most)
      VmaxOp::create(b, loc, extreme, bound.elements, extreme, repeat, 1, 1, 1,
                     0, 8, 0);
    else
      VminOp::create(b, loc, extreme, bound.elements, extreme, repeat, 1, 1, 1,
                     0, 8, 0);
  }
  setCount(b, loc, kLanes);
  Value margin;
  for (auto [extreme, bound] : llvm::zip(extremes, bounds)) {
    Value own = bound.most ? scaled(extreme, -1, bound.bound)
                           : scaled(extreme, 1, -bound.bound);
    margin = margin ? least(margin, own) : own;
  }
  for (int64_t half = kLanes / 2; half >= 8; half /= 2) {
    setCount(b, loc, half);
    Value other = OffsetOp::create(
        b, loc, margin.getType(), margin,
        arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(half)));
    margin = least(margin, other);
  }
  b.clone(*count);
  return margin;
}

scf::IfOp Exact::ifNegative(Value margin, SetVectorMaskOp count) {
  Type i64 = b.getI64Type();
  auto number = [&](int64_t n) {
    return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(n));
  };
  Value two = as(i64, margin), any;
  for (int64_t i = 0; i < 4; ++i) {
    Value words = LoadOp::create(b, loc, i64, two, number(i));
    any = any ? arith::OrIOp::create(b, loc, any, words).getResult() : words;
  }
  constexpr uint64_t signs = 0x8000000080000000;
  any = arith::AndIOp::create(b, loc, any, number(static_cast<int64_t>(signs)));
  Value negative =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, any, number(0));
  auto unusual = scf::IfOp::create(b, loc, negative, /*withElseRegion=*/false);
  // Whatever a branch leaves.
  b.clone(*count);
  return unusual;
}

scf::IfOp Exact::divideUsual(Value dst, Value dividend, Value divisor,
                             SetVectorMaskOp count) {
  Value a = as(i32, one<VabsOp>(dividend, f32));
  Value d = as(i32, one<VabsOp>(divisor, f32));
  // What is 0 less 1 has all bits: as much as anything.
  Value some = right(plus(a, -1), 1);
  Value margin = marginOf({{some, false, bitsOfPower(-86) >> 1},
                           {a, true, bitsOfPower(64)},
                           {d, false, bitsOfPower(-38)},
                           {d, true, bitsOfPower(38)}},
                          count);
  Value n = as(i32, dividend), m = as(i32, divisor);
  Value units = as(i32, two<VdivOp>(dividend, divisor, f32));
  Value odd = plus(add(add(right(n, 23), right(m, 23)), right(units, 23)), 1);
  Value scaled = left(n, 23);
  scaled = add(scaled, mul(right(left(odd, 31), 31), scaled));
  Value below = significandOf(m);
  Value rest = sub(scaled, mul(significandOf(units), below));
  Value twice = times(rest, 2);
  Value up = isNegative(sub(below, twice)),
        down = isNegative(add(twice, below));
  // 0 by anything is 0.
  Value change = mul(sub(down, up), least(a, 1));
  sum(dst, units, change);
  return ifNegative(margin, count);
}

scf::IfOp Exact::rootUsual(Value dst, Value radicand, SetVectorMaskOp count) {
  Value n = as(i32, radicand);
  Value some = right(plus(n, -1), 1);
  Value margin = marginOf({{some, false, bitsOfPower(-126) >> 1},
                           {n, false, 0},
                           {n, true, bitsOfPower(128) - 1}},
                          count);
  Value units = as(i32, one<VsqrtOp>(radicand, f32));
  Value even = plus(minus(right(left(n, 8), 31)), 1);
  Value scaled = left(n, 23);
  scaled = add(scaled, mul(even, scaled));
  Value root = significandOf(units);
  Value rest = sub(scaled, mul(root, root));
  // (r + 1/2)^2 is r^2 + r and less than one more.
  Value up = isNegative(sub(root, rest));
  Value down = isNegative(plus(add(rest, root), -1));
  sum(dst, units, sub(down, up));
  return ifNegative(margin, count);
}
