// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reductions and dot: typing rules and verifiers.

#include "dialect/ReduceOps.h"

#include "dialect/TypeRules.h"
#include "dialect/Words.h"

using namespace mlir;
using namespace gemel;

static SmallVector<StringAttr> namesOf(ArrayAttr axes) {
  return llvm::map_to_vector(
      axes, [](Attribute a) { return cast<StringAttr>(a); });
}

/// reduce_c2, dot_c2, and the shape of the attribute.
static LogicalResult verifyAxisList(Operation *op, ArrayAttr axes) {
  llvm::SmallPtrSet<Attribute, 4> seen;
  if (axes.empty())
    return emitError(op->getLoc())
           << "'" << spelling(op) << "' lists no axis; write "
           << spelling(op) << "[A](…)";
  for (Attribute axis : axes) {
    auto name = dyn_cast<StringAttr>(axis);
    if (!name || !isName(name.getValue()))
      return op->emitOpError() << "has " << axis << " where an axis is named";
    if (!seen.insert(axis).second)
      return emitError(op->getLoc()) << "'" << spelling(op) << "' lists axis '"
                                     << name.getValue() << "' twice";
  }
  return success();
}

/// reduce_c1, dot_c1.
static LogicalResult expectAxes(Operation *op, ArrayAttr axes,
                                ValueRange operands) {
  for (StringAttr axis : namesOf(axes))
    for (Value operand : operands)
      if (!hasAxis(operand.getType(), axis))
        return emitError(op->getLoc())
               << "'" << spelling(op) << "' runs over axis '"
               << axis.getValue() << "', but its operand is "
               << describe(operand.getType()) << "; list one of its axes";
  return success();
}

//===- ReduceOp -===//

SmallVector<StringAttr> ReduceOp::getReducedAxes() {
  return namesOf(getAxes());
}
OrderAttr ReduceOp::getReductionOrder() { return getOrder(); }

LogicalResult ReduceOp::coerceOperands() {
  switch (getKind()) {
  case ReduceKind::Any:
  case ReduceKind::All:
    return expectBool(*this, 0); // reduce_c3
  default:
    return promoteOperands(*this, 0, 1); // reduce_c3
  }
}

FailureOr<Type> ReduceOp::inferType() {
  ArrayRef<StringLiteral> words = kNumbers;
  if (getKind() == ReduceKind::Any || getKind() == ReduceKind::All)
    words = kTruths;
  if (failed(expectAxes(*this, getAxes(), getOperand())) ||
      failed(verifyElements(*this, getOperand(), words))) // reduce_c3
    return failure();
  Type element = elementOf(getOperand());
  if (getKind() == ReduceKind::Argmax)
    element = IntegerType::get(getContext(), 32);
  if (getKind() == ReduceKind::Mean) // of integers: their sum, converted
    element = Float32Type::get(getContext());
  return withElement(withoutAxes(getOperand().getType(), getReducedAxes()),
                     element);
}

LogicalResult ReduceOp::verify() {
  if (failed(verifyAxisList(*this, getAxes())))
    return failure();
  bool plain = getKind() == ReduceKind::Mean ||
               getKind() == ReduceKind::Argmax ||
               getKind() == ReduceKind::Any || getKind() == ReduceKind::All;
  if (plain && getOrder().getKind() != OrderKind::Default) // reduce_c4
    return mlir::emitError(getLoc())
           << "'" << spelling(*this) << "' has one order only; drop '"
           << stringifyOrderKind(getOrder().getKind()) << "'";
  return verifyTyped(*this);
}

//===- DotOp -===//

SmallVector<StringAttr> DotOp::getReducedAxes() { return namesOf(getAxes()); }
OrderAttr DotOp::getReductionOrder() { return getOrder(); }
bool DotOp::isContraction() { return true; }

LogicalResult DotOp::coerceOperands() {
  if (!promote(*this, getOperands())) // dot_c3
    return failure();
  Type a = elementOf(getLhs()), b = elementOf(getRhs());
  auto narrow = [](Type t) { return t.isBF16() || t.isF16(); };
  if (a == b && narrow(a))
    return success();
  Type f32 = Float32Type::get(getContext());
  if (failed(coerceOperand(*this, 0, f32)))
    return failure();
  return coerceOperand(*this, 1, f32);
}

FailureOr<Type> DotOp::inferType() {
  if (failed(expectAxes(*this, getAxes(), getOperands())))
    return failure();
  Type a = elementOf(getLhs());
  if (a != elementOf(getRhs()) || !isa<FloatType>(a)) // dot_c3
    return mlir::emitError(getLoc())
           << "'dot' takes two operands of one float type, not "
           << describe(getLhs().getType()) << " and "
           << describe(getRhs().getType()) << "; cast one of them";
  return withoutAxes(joinAxes(getOperands(), Float32Type::get(getContext())),
                     getReducedAxes());
}

LogicalResult DotOp::verify() {
  if (failed(verifyAxisList(*this, getAxes())))
    return failure();
  return verifyTyped(*this);
}

void GemelDialect::registerReduceOps() {
  addOperations<
#define GET_OP_LIST
#include "dialect/ReduceOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "dialect/ReduceOps.cpp.inc"
