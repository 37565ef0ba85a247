// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gives operands of contractions the memory order that vectors are read in.

#include "passes/AxisSet.h"
#include "passes/Chain.h"
#include "passes/Passes.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/RunningMax.h"

using namespace mlir;
using namespace gemel;

// Each element of a copy is read and written once, by lanes or by columns;
// fewer readings than this do not pay for it.
static constexpr int64_t kFewestReadings = 8;

/// How often a contraction reads each element of `operand`: the positions of
/// the axes that its value has and the operand lacks. Axes of unknown size are
/// taken for long ones.
static int64_t readingsOf(OpOp op, Value value, Value operand) {
  int64_t readings = 1;
  for (StringAttr axis : axesOf(value)) {
    if (hasAxis(operand.getType(), axis))
      continue;
    int64_t i = op.findAxis(axis);
    int64_t size = i < 0 ? -1 : op.getAxis(i).getFixed();
    readings *= size < 0 ? kFewestReadings : std::min(size, kFewestReadings);
  }
  return readings;
}

/// The axis that arrays end with of which elementwise ops make a value; null if
/// no array has all of its axes.
static StringAttr madeAlong(Value value) {
  llvm::SetVector<Value> made;
  made.insert(value);
  for (size_t i = 0; i < made.size(); ++i) {
    Operation *o = made[i].getDefiningOp();
    if (o && isa<ElementwiseOpInterface>(o) && o->getNumOperands())
      made.insert(o->operand_begin(), o->operand_end());
    else if (sameSet(axisSet(made[i]), axisSet(value)))
      return axesOf(made[i]).back();
  }
  return {};
}

/// Of a product that a matrix unit makes from memory, what is computed for it
/// is stored with an axis last that the unit reads along: the one along which
/// it is computed, if that is one.
static void layOutFor(OpOp op, ReductionOpInterface dot, StringAttr lane) {
  SmallVector<StringAttr> terms = dot.getReducedAxes();
  for (OpOperand &operand : dot->getOpOperands()) {
    Value array = operand.get();
    Value other = dot->getOperand(1 - operand.getOperandNumber());
    SmallVector<StringAttr> order(axesOf(array));
    // Rows are a sequence's, if any axis that can be rows is.
    auto isRow = [&](StringAttr axis) {
      return !llvm::is_contained(terms, axis) &&
             !hasAxis(other.getType(), axis);
    };
    bool hasSequence = llvm::any_of(order, [&](StringAttr axis) {
      return isRow(axis) && hasPositions(op, axis);
    });
    auto reads = [&](StringAttr axis) {
      if (llvm::is_contained(terms, axis))
        return true;
      return hasAxis(array.getType(), lane)
                 ? axis == lane
                 : isRow(axis) && (!hasSequence || hasPositions(op, axis));
    };
    if (!array.getDefiningOp() || order.empty() || reads(order.back()))
      continue;
    // As another product has it, if one has.
    Value laid;
    for (Operation *user : array.getUsers())
      if (auto known = dyn_cast<RelayoutOp>(user);
          known && reads(axesOf(known.getResult()).back()))
        laid = known.getResult();
    if (!laid) {
      StringAttr axis = madeAlong(array);
      if (!axis || !reads(axis))
        axis = *llvm::find_if(llvm::reverse(order), reads);
      llvm::erase(order, axis);
      order.push_back(axis);
      OpBuilder b(dot->getContext());
      b.setInsertionPointAfterValue(array);
      auto type = ArrayType::get(dot->getContext(), order, elementOf(array));
      laid = RelayoutOp::create(b, dot->getLoc(), type, array);
    }
    operand.set(laid);
  }
}

void gemel::relayout(OpOp op, MachineAttr machine) {
  SmallVector<ReductionOpInterface> contractions;
  for (auto reduction : op.getBody().front().getOps<ReductionOpInterface>()) {
    FailureOr<std::optional<RunningMax>> max = findRunningMax(reduction);
    if (reduction.isContraction() && succeeded(max) && !*max)
      contractions.push_back(reduction);
  }
  for (ReductionOpInterface contraction : contractions) {
    Value value = contraction->getResult(0);
    if (axesOf(value).empty())
      continue;
    StringAttr lane = axesOf(value).back();
    // A matrix unit takes its operands in either order of memory.
    if (multiplies(contraction, machine)) {
      if (multipliesMemory(contraction, machine))
        layOutFor(op, contraction, lane);
      continue;
    }
    for (OpOperand &operand : contraction->getOpOperands()) {
      Value array = operand.get();
      ArrayRef<StringAttr> axes = axesOf(array);
      if (!hasAxis(array.getType(), lane) || axes.back() == lane ||
          readingsOf(op, value, array) < kFewestReadings)
        continue;
      SmallVector<StringAttr> order(axes);
      llvm::erase(order, lane);
      order.push_back(lane);
      OpBuilder b(contraction);
      auto type = ArrayType::get(op.getContext(), order, elementOf(array));
      operand.set(RelayoutOp::create(b, contraction->getLoc(), type, array));
    }
  }
}
