// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops of SortOps.td: what they need, and how launches take them.

#include "dialect/SortOps.h"

#include "dialect/TypeRules.h"
#include "dialect/Words.h"

using namespace mlir;
using namespace gemel;

static bool isIndex(Type element) {
  return element.isInteger(32) || element.isInteger(64);
}

/// An array's axes with `from` replaced by `to`, as i32.
static Type moved(Value array, StringAttr from, StringAttr to) {
  SmallVector<StringAttr> axes(axesOf(array));
  for (StringAttr &axis : axes)
    if (axis == from)
      axis = to;
  Builder b(array.getContext());
  return ArrayType::get(array.getContext(), axes, b.getI32Type());
}

static LogicalResult expectAxis(Operation *op, Value array, StringAttr axis) {
  if (hasAxis(array.getType(), axis))
    return success();
  return op->emitOpError() << "goes along axis '" << axis.getValue()
                           << "', which " << describe(array.getType())
                           << " lacks";
}

static LogicalResult expectType(Operation *op, StringRef what, Value value,
                                Type wanted) {
  if (value.getType() == wanted)
    return success();
  return op->emitOpError() << "has " << describe(value.getType()) << " as its "
                           << what << ", which has to be " << describe(wanted);
}

static LogicalResult expectIndex(Operation *op, Value index) {
  if (isIndex(elementOf(index)))
    return success();
  return op->emitOpError() << "sorts i32 or i64, not "
                           << describe(index.getType());
}

//===- ArgsortOp -===//

LogicalResult ArgsortOp::verify() {
  if (failed(expectAxis(*this, getIndex(), getAxisAttr())) || // argsort_c1
      failed(expectIndex(*this, getIndex())))                 // argsort_c2
    return failure();
  return expectType(*this, "value", getResult(),
                    moved(getIndex(), getAxisAttr(), getAxisAttr()));
}

StringAttr ArgsortOp::getSideAxis() { return getAxisAttr(); }

SmallVector<StringAttr> ArgsortOp::getStepAxes() {
  SmallVector<StringAttr> axes(axesOf(getIndex()));
  axes.push_back(getAxisAttr());
  return axes;
}

//===- SearchSortedOp -===//

LogicalResult SearchSortedOp::verify() {
  if (failed(
          expectAxis(*this, getIndex(), getAxisAttr())) || // search_sorted_c1
      failed(expectIndex(*this, getIndex())) ||            // search_sorted_c2
      failed(expectType(*this, "order", getOrder(),
                        moved(getIndex(), getAxisAttr(), getAxisAttr()))))
    return failure();
  return expectType(*this, "value", getResult(), // search_sorted_c3
                    moved(getIndex(), getAxisAttr(), getIntoAttr()));
}

StringAttr SearchSortedOp::getSideAxis() { return getIntoAttr(); }

SmallVector<StringAttr> SearchSortedOp::getStepAxes() {
  return SmallVector<StringAttr>(axesOf(getResult()));
}

bool SearchSortedOp::joins(Operation *other) {
  auto search = dyn_cast<SearchSortedOp>(other);
  return search && search.getOrder() == getOrder() &&
         search.getIntoAttr() == getIntoAttr();
}

//===- SumRunsOp -===//

LogicalResult SumRunsOp::verify() {
  Type run = moved(getOrder(), getAxisAttr(), getIntoAttr());
  if (failed(expectAxis(*this, getOrder(), getAxisAttr())) || // sum_runs_c1
      failed(expectType(*this, "order", getOrder(),
                        moved(getOrder(), getAxisAttr(), getAxisAttr()))) ||
      failed(expectType(*this, "first", getFirst(), run)) ||
      failed(expectType(*this, "last", getLast(), run)))
    return failure();
  SmallVector<StringAttr> axes = {getIntoAttr()};
  for (Value operand : {getSource(), getOrder()})
    for (StringAttr axis : axesOf(operand))
      if (axis != getAxisAttr() && !llvm::is_contained(axes, axis))
        axes.push_back(axis);
  return expectType(*this, "value", getResult(), // sum_runs_c2
                    ArrayType::get(getContext(), axes, elementOf(getSource())));
}

StringAttr SumRunsOp::getSideAxis() {
  for (StringAttr axis : llvm::reverse(axesOf(getResult())))
    if (axis != getIntoAttr() && !hasAxis(getOrder().getType(), axis))
      return axis;
  return {};
}

SmallVector<StringAttr> SumRunsOp::getStepAxes() {
  SmallVector<StringAttr> axes(axesOf(getSource()));
  if (!hasAxis(getSource().getType(), getAxisAttr()))
    axes.push_back(getAxisAttr());
  return axes;
}

void GemelDialect::registerSortOps() {
  addOperations<
#define GET_OP_LIST
#include "dialect/SortOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "dialect/SortOps.cpp.inc"
