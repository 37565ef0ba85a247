// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elementwise ops: typing rules and verifiers.

#include "dialect/ElementwiseOps.h"

#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace gemel;

/// Operands of one element in, that element out.
static FailureOr<Type> sameElement(Operation *op, unsigned first = 0) {
  Type element = elementOf(op->getOperand(first));
  for (Value operand : op->getOperands().drop_front(first))
    if (elementOf(operand) != element)
      return op->emitOpError() << "has operands of different elements, "
                               << describe(op->getOperand(first).getType())
                               << " and " << describe(operand.getType());
  return joinAxes(op->getOperands(), element);
}

/// The same, for elements that the op computes on.
static FailureOr<Type> sameElement(Operation *op,
                                   ArrayRef<StringLiteral> words) {
  if (failed(verifyElements(op, op->getOperands(), words)))
    return failure();
  return sameElement(op);
}

#define GEMEL_ARITHMETIC(OpTy)                                                 \
  LogicalResult OpTy::coerceOperands() {                                       \
    return promoteOperands(*this, 0, 2);                                       \
  }                                                                            \
  FailureOr<Type> OpTy::inferType() { return sameElement(*this, kNumbers); }   \
  LogicalResult OpTy::verify() { return verifyTyped(*this); }

// add_c1, sub_c1, mul_c1, max_c1, min_c1: promoteOperands refuses i1.
GEMEL_ARITHMETIC(AddOp)
GEMEL_ARITHMETIC(SubOp)
GEMEL_ARITHMETIC(MulOp)
GEMEL_ARITHMETIC(MaxOp)
GEMEL_ARITHMETIC(MinOp)

#define GEMEL_INTEGER(OpTy)                                                    \
  LogicalResult OpTy::coerceOperands() {                                       \
    if (failed(expectInteger(*this, 0)) || failed(expectInteger(*this, 1)))    \
      return failure();                                                        \
    return promoteOperands(*this, 0, 2);                                       \
  }                                                                            \
  FailureOr<Type> OpTy::inferType() { return sameElement(*this, kIntegers); }  \
  LogicalResult OpTy::verify() { return verifyTyped(*this); }

GEMEL_INTEGER(FloorDivOp) // floor_div_c1
GEMEL_INTEGER(ModOp)      // mod_c1

#define GEMEL_LOGIC(OpTy)                                                      \
  LogicalResult OpTy::coerceOperands() {                                       \
    for (unsigned i = 0; i < getOperation()->getNumOperands(); ++i)            \
      if (failed(expectBool(*this, i)))                                        \
        return failure();                                                      \
    return success();                                                          \
  }                                                                            \
  FailureOr<Type> OpTy::inferType() { return sameElement(*this, kTruths); }    \
  LogicalResult OpTy::verify() { return verifyTyped(*this); }

GEMEL_LOGIC(AndOp) // and_c1
GEMEL_LOGIC(OrOp)  // or_c1
GEMEL_LOGIC(NotOp) // not_c1

#define GEMEL_NUMBER_UNARY(OpTy)                                               \
  LogicalResult OpTy::coerceOperands() {                                       \
    return promoteOperands(*this, 0, 1);                                       \
  }                                                                            \
  FailureOr<Type> OpTy::inferType() { return sameElement(*this, kNumbers); }   \
  LogicalResult OpTy::verify() { return verifyTyped(*this); }

// neg_c1, abs_c1, sq_c1: promoteOperands refuses i1.
GEMEL_NUMBER_UNARY(NegOp)
GEMEL_NUMBER_UNARY(AbsOp)
GEMEL_NUMBER_UNARY(SqOp)

//===- DivOp, SqrtOp -===//

// div_c1, sqrt_c1: promote refuses i1.
static LogicalResult coerceToF32(Operation *op) {
  if (!promote(op, op->getOperands()))
    return failure();
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    if (failed(coerceOperand(op, i, Float32Type::get(op->getContext()))))
      return failure();
  return success();
}

LogicalResult DivOp::coerceOperands() { return coerceToF32(*this); }
FailureOr<Type> DivOp::inferType() { return sameElement(*this, kReals); }
LogicalResult DivOp::verify() { return verifyTyped(*this); }

LogicalResult SqrtOp::coerceOperands() { return coerceToF32(*this); }
FailureOr<Type> SqrtOp::inferType() { return sameElement(*this, kReals); }
LogicalResult SqrtOp::verify() { return verifyTyped(*this); }

//===- StopOp -===//

LogicalResult StopOp::coerceOperands() { return success(); }
FailureOr<Type> StopOp::inferType() { return sameElement(*this); }
LogicalResult StopOp::verify() { return verifyTyped(*this); }

//===- RelayoutOp -===//

LogicalResult RelayoutOp::coerceOperands() { return success(); }
FailureOr<Type> RelayoutOp::inferType() { return sameElement(*this); }
LogicalResult RelayoutOp::verify() { return verifyTyped(*this); }

//===- CompareOp -===//

// compare_c1: promoteOperands refuses i1.
LogicalResult CompareOp::coerceOperands() {
  return promoteOperands(*this, 0, 2);
}
FailureOr<Type> CompareOp::inferType() {
  if (failed(sameElement(*this, kNumbers)))
    return failure();
  return joinAxes(getOperands(), IntegerType::get(getContext(), 1));
}
LogicalResult CompareOp::verify() { return verifyTyped(*this); }

//===- WhereOp -===//

/// True for a literal that is +0 or 0: exact in every narrow type.
static bool isZero(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant)
    return false;
  if (auto real = dyn_cast<FloatAttr>(constant.getValue()))
    return real.getValue().isPosZero();
  auto integer = dyn_cast<IntegerAttr>(constant.getValue());
  return integer && !integer.getType().isInteger(1) &&
         integer.getValue().isZero();
}

LogicalResult WhereOp::coerceOperands() {
  if (failed(expectBool(*this, 0))) // where_c1
    return failure();
  Type a = elementOf(getOnTrue()), b = elementOf(getOnFalse());
  if (a == b && (a.isInteger(1) || isNarrow(a)))
    return success();
  // A narrow value masked by 0 stays narrow.
  for (unsigned i : {1u, 2u}) {
    Type narrow = elementOf(getOperand(i));
    if (!isNarrow(narrow) || !isZero(getOperand(3 - i)))
      continue;
    OpBuilder builder(*this);
    Type scalar = ArrayType::get(getContext(), {}, narrow);
    TypedAttr zero = isa<FloatType>(narrow)
                         ? cast<TypedAttr>(builder.getFloatAttr(narrow, 0.0))
                         : cast<TypedAttr>(builder.getIntegerAttr(narrow, 0));
    getOperation()->setOperand(
        3 - i,
        ConstantOp::create(builder, getOperand(3 - i).getLoc(), scalar, zero));
    return success();
  }
  return promoteOperands(*this, 1, 2); // where_c2
}
FailureOr<Type> WhereOp::inferType() {
  if (failed(verifyElements(*this, getCondition(), kTruths)) ||
      failed(sameElement(*this, 1)))
    return failure();
  return joinAxes(getOperands(), elementOf(getOnTrue()));
}
LogicalResult WhereOp::verify() { return verifyTyped(*this); }

//===- WidenOp, ConvertOp -===//

LogicalResult WidenOp::coerceOperands() { return success(); }
FailureOr<Type> WidenOp::inferType() {
  Type from = elementOf(getOperand());
  Type to =
      from.isInteger(32) ? IntegerType::get(getContext(), 64) : widened(from);
  if (to == from) // widen_c1
    return emitOpError() << "has nothing to widen in "
                         << describe(getOperand().getType());
  return joinAxes(getOperand(), to);
}
LogicalResult WidenOp::verify() { return verifyTyped(*this); }

LogicalResult ConvertOp::coerceOperands() { return success(); }
FailureOr<Type> ConvertOp::inferType() {
  Type from = elementOf(getOperand());
  if (!from.isInteger(32) && !from.isInteger(64)) // convert_c1
    return emitOpError() << "takes i32 or i64, not "
                         << describe(getOperand().getType());
  return joinAxes(getOperand(), Float32Type::get(getContext()));
}
LogicalResult ConvertOp::verify() { return verifyTyped(*this); }

//===- CastOp -===//

LogicalResult CastOp::coerceOperands() {
  if (elementOf(getOperand()).isInteger(1)) // cast_c1
    return mlir::emitError(getLoc())
           << "'" << getDtype() << "(…)' takes a number, "
           << "but its operand is " << describe(getOperand().getType())
           << "; write where(c, 1, 0)";
  return widenOperand(*this, 0);
}
FailureOr<Type> CastOp::inferType() {
  Type element = parseDtype(getContext(), getDtype());
  if (!element) // cast_c2
    return mlir::emitError(getLoc()) << "'" << getDtype() << "' is not a dtype";
  if (element.isInteger(1)) // cast_c1
    return mlir::emitError(getLoc()) << "a number is not cast to i1; write a "
                                        "comparison, such as x <> 0";
  if (failed(verifyElements(*this, getOperand(), kNumbers))) // cast_c1
    return failure();
  return joinAxes(getOperand(), element);
}
LogicalResult CastOp::verify() {
  if (!isName(getDtype())) // cast_c2
    return emitOpError() << "needs a dtype's word, not '" << getDtype() << "'";
  return verifyTyped(*this);
}

//===- ConstantOp -===//

FailureOr<Type> ConstantOp::inferType() {
  return Type(ArrayType::get(getContext(), {}, getValue().getType()));
}
LogicalResult ConstantOp::verify() {
  Type type = getValue().getType();
  if (!isa<FloatAttr, IntegerAttr>(getValue()) ||
      dtypeWord(type) == "?") // constant_c1
    return emitOpError() << "needs a number, not " << getValue();
  return verifyTyped(*this);
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

void GemelDialect::registerElementwiseOps() {
  addOperations<
#define GET_OP_LIST
#include "dialect/ElementwiseOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "dialect/ElementwiseOps.cpp.inc"
