// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Identities that hold to the bit, for -0, inf and NaN too, and arithmetic on
// literals. x + 0.0 is not one of them (-0 + 0 is +0), x + -0.0 is.

#include "dialect/ElementwiseOps.h"
#include "dialect/TypeRules.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace gemel;

/// The literal behind an operand, or null.
static TypedAttr literal(Attribute folded, Value operand) {
  if (auto attr = dyn_cast_or_null<TypedAttr>(folded))
    return attr;
  auto constant = operand.getDefiningOp<ConstantOp>();
  return constant ? constant.getValue() : TypedAttr();
}

static bool isReal(TypedAttr attr, double value, bool negative = false) {
  auto real = dyn_cast_or_null<FloatAttr>(attr);
  return real && real.getValueAsDouble() == value &&
         real.getValue().isNegative() == negative;
}

static bool isInteger(TypedAttr attr, int64_t value) {
  auto integer = dyn_cast_or_null<IntegerAttr>(attr);
  return integer && !integer.getType().isUnsignedInteger() &&
         !integer.getType().isInteger(1) && integer.getInt() == value;
}

/// `value` if the op's value may be replaced by it: typed, of one shape.
static OpFoldResult same(Operation *op, Value value) {
  if (!isTyped({value}) || value.getType() != op->getResult(0).getType())
    return {};
  return value;
}

/// Two f32 literals under one IEEE operation, nearest-even.
static OpFoldResult
ofLiterals(TypedAttr a, TypedAttr b,
           llvm::function_ref<void(APFloat &, const APFloat &)> apply) {
  auto x = dyn_cast_or_null<FloatAttr>(a), y = dyn_cast_or_null<FloatAttr>(b);
  if (!x || !y || !x.getType().isF32() || !y.getType().isF32())
    return {};
  APFloat value = x.getValue();
  apply(value, y.getValue());
  return FloatAttr::get(x.getType(), value);
}

static constexpr auto kNearest = APFloat::rmNearestTiesToEven;

OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  TypedAttr a = literal(adaptor.getLhs(), getLhs());
  TypedAttr b = literal(adaptor.getRhs(), getRhs());
  if (isReal(b, 0.0, /*negative=*/true) || isInteger(b, 0))
    return same(*this, getLhs());
  if (isReal(a, 0.0, /*negative=*/true) || isInteger(a, 0))
    return same(*this, getRhs());
  return ofLiterals(a, b,
                    [](APFloat &x, const APFloat &y) { x.add(y, kNearest); });
}

OpFoldResult SubOp::fold(FoldAdaptor adaptor) {
  TypedAttr a = literal(adaptor.getLhs(), getLhs());
  TypedAttr b = literal(adaptor.getRhs(), getRhs());
  if (isReal(b, 0.0) || isInteger(b, 0))
    return same(*this, getLhs());
  return ofLiterals(
      a, b, [](APFloat &x, const APFloat &y) { x.subtract(y, kNearest); });
}

OpFoldResult MulOp::fold(FoldAdaptor adaptor) {
  TypedAttr a = literal(adaptor.getLhs(), getLhs());
  TypedAttr b = literal(adaptor.getRhs(), getRhs());
  if (isReal(b, 1.0) || isInteger(b, 1))
    return same(*this, getLhs());
  if (isReal(a, 1.0) || isInteger(a, 1))
    return same(*this, getRhs());
  return ofLiterals(
      a, b, [](APFloat &x, const APFloat &y) { x.multiply(y, kNearest); });
}

OpFoldResult DivOp::fold(FoldAdaptor adaptor) {
  TypedAttr a = literal(adaptor.getLhs(), getLhs());
  TypedAttr b = literal(adaptor.getRhs(), getRhs());
  if (isReal(b, 1.0))
    return same(*this, getLhs());
  return ofLiterals(
      a, b, [](APFloat &x, const APFloat &y) { x.divide(y, kNearest); });
}

OpFoldResult MaxOp::fold(FoldAdaptor) {
  return getLhs() == getRhs() ? same(*this, getLhs()) : OpFoldResult();
}
OpFoldResult MinOp::fold(FoldAdaptor) {
  return getLhs() == getRhs() ? same(*this, getLhs()) : OpFoldResult();
}
OpFoldResult AndOp::fold(FoldAdaptor) {
  return getLhs() == getRhs() ? same(*this, getLhs()) : OpFoldResult();
}
OpFoldResult OrOp::fold(FoldAdaptor) {
  return getLhs() == getRhs() ? same(*this, getLhs()) : OpFoldResult();
}

OpFoldResult NotOp::fold(FoldAdaptor) {
  auto inner = getOperand().getDefiningOp<NotOp>();
  return inner ? same(*this, inner.getOperand()) : OpFoldResult();
}

OpFoldResult NegOp::fold(FoldAdaptor adaptor) {
  if (auto inner = getOperand().getDefiningOp<NegOp>())
    return same(*this, inner.getOperand());
  auto real =
      dyn_cast_or_null<FloatAttr>(literal(adaptor.getOperand(), getOperand()));
  if (!real || !isTyped({getOperand()}))
    return {};
  return FloatAttr::get(real.getType(), -real.getValue());
}

OpFoldResult WhereOp::fold(FoldAdaptor adaptor) {
  if (getOnTrue() == getOnFalse())
    return same(*this, getOnTrue());
  auto condition = dyn_cast_or_null<IntegerAttr>(
      literal(adaptor.getCondition(), getCondition()));
  if (!condition)
    return {};
  return same(*this,
              condition.getValue().isZero() ? getOnFalse() : getOnTrue());
}

/// A rounding of what has just been widened from that type changes nothing.
OpFoldResult CastOp::fold(FoldAdaptor) {
  auto widen = getOperand().getDefiningOp<WidenOp>();
  return widen && isa<FloatType>(elementOf(getResult()))
             ? same(*this, widen.getOperand())
             : OpFoldResult();
}

Operation *GemelDialect::materializeConstant(OpBuilder &b, Attribute value,
                                             Type type, Location loc) {
  auto typed = dyn_cast<TypedAttr>(value);
  auto array = dyn_cast<ArrayType>(type);
  if (!typed || !array || !array.getAxes().empty())
    return nullptr;
  return ConstantOp::create(b, loc, type, typed);
}
