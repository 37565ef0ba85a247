// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reductions and dot: typing rules and verifiers.

#include "dialect/ReduceOps.h"

#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace gemel;

static SmallVector<StringAttr> namesOf(ArrayAttr axes) {
  return llvm::map_to_vector(axes,
                             [](Attribute a) { return cast<StringAttr>(a); });
}

/// reduce_c2, dot_c2, and the shape of the attribute.
static LogicalResult verifyAxisList(Operation *op, ArrayAttr axes) {
  llvm::SmallPtrSet<Attribute, 4> seen;
  if (axes.empty())
    return emitError(op->getLoc())
           << "'" << spelling(op) << "' lists no axis; write " << spelling(op)
           << "[A](…)";
  for (Attribute axis : axes) {
    auto name = dyn_cast<StringAttr>(axis);
    if (!name || !isAxisName(name.getValue()))
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
               << "'" << spelling(op) << "' runs over axis '" << axis.getValue()
               << "', but its operand is " << describe(operand.getType())
               << "; list one of its axes";
  return success();
}

//===- ReduceOp -===//

SmallVector<StringAttr> ReduceOp::getReducedAxes() {
  return namesOf(getAxes());
}
OrderAttr ReduceOp::getReductionOrder() { return getOrder(); }
StringRef ReduceOp::getCombine() { return stringifyReduceKind(getKind()); }

int64_t ReduceOp::getCutLength(int64_t wanted) {
  if (getKind() == ReduceKind::Mean || getKind() == ReduceKind::Argmax)
    return 0;
  switch (getOrder().getKind()) {
  case OrderKind::Default:
  case OrderKind::Free:
    return wanted;
  case OrderKind::Blocks:
    // A running max gives each block's reductions their rescaling.
    return getKind() == ReduceKind::Max ? 0 : getOrder().getBlocks();
  case OrderKind::Serial:
    return 0;
  }
  llvm_unreachable("an order of no kind");
}

Value ReduceOp::cut(OpBuilder &b, StringAttr runAxis, int64_t length) {
  SmallVector<StringAttr> axes = {runAxis}; // outermost in memory
  llvm::append_range(
      axes, axesOf(withoutAxes(getOperand().getType(), getReducedAxes())));
  auto type = ArrayType::get(getContext(), axes, elementOf(getOperand()));
  Value runs =
      PartialReduceOp::create(b, getLoc(), type, getKind(), getOperand(),
                              getAxes(), runAxis, length, getFast());
  // Runs of the default order meet in the default order; blocks in a chain.
  auto order = OrderAttr::get(getContext(),
                              getOrder().getKind() == OrderKind::Blocks
                                  ? OrderKind::Serial
                                  : getOrder().getKind(),
                              0);
  return ReduceOp::create(b, getLoc(), getType(), getKind(), runs,
                          b.getArrayAttr({runAxis}), order, getFast());
}

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
StringRef DotOp::getCombine() { return "dot"; }
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

//===- PartialReduceOp -===//

SmallVector<StringAttr> PartialReduceOp::getReducedAxes() {
  return namesOf(getAxes());
}
OrderAttr PartialReduceOp::getReductionOrder() {
  return OrderAttr::get(getContext(), OrderKind::Default, 0);
}
StringRef PartialReduceOp::getCombine() {
  return stringifyReduceKind(getKind());
}
StringAttr PartialReduceOp::getRunAxis() { return getRunsAttr(); }
int64_t PartialReduceOp::getRunLength() { return getLength(); }

LogicalResult PartialReduceOp::verify() {
  if (failed(verifyAxisList(*this, getAxes())) ||
      failed(expectAxes(*this, getAxes(), getOperand()))) // partial_reduce_c1
    return failure();
  if (getLength() < 1 || !llvm::isPowerOf2_64(getLength())) // partial_reduce_c2
    return emitOpError() << "cuts axis '" << getReducedAxes().back().getValue()
                         << "' into runs of " << getLength()
                         << ", but the default order has borders at powers of "
                            "two only; take one";
  SmallVector<StringAttr> axes(
      axesOf(withoutAxes(getOperand().getType(), getReducedAxes())));
  axes.push_back(getRunsAttr());
  Type wanted = ArrayType::get(getContext(), axes, elementOf(getOperand()));
  bool joins = axesOf(getResult()).size() == axes.size() &&
               llvm::all_of(axesOf(getResult()), [&](StringAttr axis) {
                 return hasAxis(wanted, axis);
               });
  if (joins && !hasAxis(getOperand().getType(), getRunsAttr()) &&
      elementOf(getResult()) == elementOf(getOperand()))
    return success();
  return emitOpError() << "gives "
                       << describe(getResult().getType()) // partial_reduce_c3
                       << ", but runs of " << describe(getOperand().getType())
                       << " over " << describeAxes(getReducedAxes()) << " give "
                       << describe(wanted);
}

void GemelDialect::registerReduceOps() {
  addOperations<
#define GET_OP_LIST
#include "dialect/ReduceOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "dialect/ReduceOps.cpp.inc"

bool gemel::isExact(Value value) {
  llvm::SetVector<Value> cone;
  cone.insert(value);
  for (size_t i = 0; i < cone.size(); ++i) {
    Operation *o = cone[i].getDefiningOp();
    if (!o)
      continue;
    auto reduce = dyn_cast<ReduceOp>(o);
    if (isa<DotOp>(o) || o->hasAttr("fast") ||
        (reduce && reduce.getOrder().getKind() == OrderKind::Free))
      return false;
    cone.insert(o->operand_begin(), o->operand_end());
  }
  return true;
}
