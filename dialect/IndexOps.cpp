// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Positions, sizes, at and put: typing rules and verifiers.

#include "dialect/IndexOps.h"

#include "dialect/TypeRules.h"
#include "dialect/Words.h"

using namespace mlir;
using namespace gemel;

static LogicalResult verifyAxisName(Operation *op, StringRef axis) {
  if (!isName(axis))
    return op->emitOpError() << "has '" << axis << "' where an axis is named";
  return success();
}

//===- PosOp, SizeOp -===//

FailureOr<Type> PosOp::inferType() {
  return Type(ArrayType::get(getContext(), {getAxisAttr()},
                             IntegerType::get(getContext(), 32)));
}
LogicalResult PosOp::verify() {
  return failed(verifyAxisName(*this, getAxis())) ? failure()
                                                  : verifyTyped(*this);
}

FailureOr<Type> SizeOp::inferType() {
  return Type(
      ArrayType::get(getContext(), {}, IntegerType::get(getContext(), 32)));
}
LogicalResult SizeOp::verify() {
  return failed(verifyAxisName(*this, getAxis())) ? failure()
                                                  : verifyTyped(*this);
}

//===- AtOp -===//

LogicalResult AtOp::coerceOperands() {
  return expectInteger(*this, 1); // at_c2
}

FailureOr<Type> AtOp::inferType() {
  if (failed(verifyElements(*this, getIndex(), kIntegers)))
    return failure();
  if (!hasAxis(getSource().getType(), getAxisAttr())) // at_c1
    return mlir::emitError(getLoc())
           << "'at' places axis '" << getAxis() << "', but its operand is "
           << describe(getSource().getType()) << "; name one of its axes";
  Type left = withoutAxes(getSource().getType(), {getAxisAttr()});
  SmallVector<StringAttr> axes(axesOf(left));
  for (StringAttr axis : axesOf(getIndex()))
    if (!llvm::is_contained(axes, axis))
      axes.push_back(axis);
  return Type(ArrayType::get(getContext(), axes, elementOf(getSource())));
}

LogicalResult AtOp::verify() {
  return failed(verifyAxisName(*this, getAxis())) ? failure()
                                                  : verifyTyped(*this);
}

//===- PutOp -===//

LogicalResult PutOp::coerceOperands() {
  if (failed(promoteOperands(*this, 0, 1))) // put_c4
    return failure();
  return expectInteger(*this, 1); // put_c2
}

FailureOr<Type> PutOp::inferType() {
  if (failed(verifyElements(*this, getSource(), kNumbers)) ||
      failed(verifyElements(*this, getIndex(), kIntegers)))
    return failure();
  auto listed = llvm::map_to_vector(
      getAxes(), [](Attribute a) { return cast<StringAttr>(a); });
  for (StringAttr axis : listed) // put_c1
    if (!hasAxis(getSource().getType(), axis) &&
        !hasAxis(getIndex().getType(), axis))
      return mlir::emitError(getLoc())
             << "'put' runs over axis '" << axis.getValue()
             << "', but its operands are " << describe(getSource().getType())
             << " and " << describe(getIndex().getType())
             << "; list axes they have";
  if (hasAxis(getSource().getType(), getAxisAttr()) &&
      !llvm::is_contained(listed, getAxisAttr())) // put_c3
    return mlir::emitError(getLoc())
           << "'put' gives axis '" << getAxis() << "', which its operand "
           << describe(getSource().getType())
           << " has already; list it, or give another axis";
  SmallVector<StringAttr> axes = {getAxisAttr()};
  for (Value operand : getOperands())
    for (StringAttr axis : axesOf(operand))
      if (!llvm::is_contained(listed, axis) && !llvm::is_contained(axes, axis))
        axes.push_back(axis);
  return Type(ArrayType::get(getContext(), axes, elementOf(getSource())));
}

LogicalResult PutOp::verify() {
  if (failed(verifyAxisName(*this, getAxis())))
    return failure();
  for (Attribute axis : getAxes())
    if (!isa<StringAttr>(axis) ||
        failed(verifyAxisName(*this, cast<StringAttr>(axis).getValue())))
      return failure();
  return verifyTyped(*this);
}

/// A put asks one position at a time whether its index is the row's: an axis
/// that the index lacks.
StringAttr PutOp::getSideAxis() {
  for (StringAttr axis : llvm::reverse(axesOf(getResult())))
    if (axis != getAxisAttr() && !hasAxis(getIndex().getType(), axis))
      return axis;
  return {};
}

SmallVector<StringAttr> PutOp::getStepAxes() {
  SmallVector<StringAttr> axes(axesOf(getResult()));
  for (Attribute axis : getAxes())
    axes.push_back(cast<StringAttr>(axis));
  return axes;
}

void GemelDialect::registerIndexOps() {
  addOperations<
#define GET_OP_LIST
#include "dialect/IndexOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "dialect/IndexOps.cpp.inc"
