// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gives operands of contractions the memory order that vectors are read in.

#include "passes/AxisSet.h"
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
    bool narrow = llvm::all_of(contraction->getOperandTypes(), [&](Type type) {
      Type element = elementOf(type);
      return isa<FloatType>(element) &&
             element.getIntOrFloatBitWidth() <= machine.getMatrixBits();
    });
    if (machine.getMatrixTeam() && narrow)
      continue;
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
