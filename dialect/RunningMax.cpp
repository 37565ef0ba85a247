// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the running max (online softmax) that a reduction depends on.

#include "dialect/RunningMax.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/FunctionOps.h"
#include "dialect/Words.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace gemel;

/// The values that `value` is computed from, itself included.
static llvm::SetVector<Value> coneOf(Value value) {
  llvm::SetVector<Value> cone;
  cone.insert(value);
  for (size_t i = 0; i < cone.size(); ++i)
    if (Operation *op = cone[i].getDefiningOp())
      cone.insert(op->operand_begin(), op->operand_end());
  return cone;
}

bool gemel::dependsOn(Value value, Value from) {
  return coneOf(value).contains(from);
}

static Value skipStop(Value value) {
  while (auto stop = value.getDefiningOp<StopOp>())
    value = stop.getOperand();
  return value;
}

/// Each read of a narrow parameter widens it anew.
static Value skipWiden(Value value) {
  auto widen = value.getDefiningOp<WidenOp>();
  return widen ? widen.getOperand() : value;
}

/// The exp(s - m) in `value`, which holds m in this one factor; null if m
/// stands elsewhere.
static Operation *factorOf(Value value, ReduceOp max) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return nullptr;
  if (isa<CastOp, WidenOp>(op))
    return factorOf(op->getOperand(0), max);
  if (isa<MulOp>(op)) {
    bool left = dependsOn(op->getOperand(0), max.getResult());
    bool right = dependsOn(op->getOperand(1), max.getResult());
    return left == right ? nullptr : factorOf(op->getOperand(right), max);
  }
  if (!isa<ExpOp>(op))
    return nullptr;
  auto sub = op->getOperand(0).getDefiningOp<SubOp>();
  if (!sub || skipStop(sub.getRhs()) != max.getResult() ||
      skipWiden(sub.getLhs()) != skipWiden(max.getOperand()))
    return nullptr;
  return op;
}

FailureOr<std::optional<RunningMax>>
gemel::findRunningMax(Operation *reduction) {
  auto interface = dyn_cast<ReductionOpInterface>(reduction);
  auto reduce = dyn_cast<ReduceOp>(reduction);
  if (!interface || (reduce && reduce.getKind() != ReduceKind::Sum))
    return std::optional<RunningMax>();
  SmallVector<StringAttr> axes = interface.getReducedAxes();
  OrderAttr order = interface.getReductionOrder();
  ReduceOp found;
  for (Value operand : reduction->getOperands())
    for (Value value : coneOf(operand))
      if (auto max = value.getDefiningOp<ReduceOp>())
        if (max.getKind() == ReduceKind::Max &&
            max.getOrder().getKind() == OrderKind::Blocks &&
            llvm::any_of(max.getReducedAxes(), [&](StringAttr a) {
              return llvm::is_contained(axes, a);
            }))
          found = max;
  if (!found)
    return std::optional<RunningMax>();
  auto refuse = [&]() {
    InFlightDiagnostic diagnostic = emitError(reduction->getLoc());
    diagnostic << "'" << spelling(reduction) << "' depends on a running max "
               << "over " << describeAxes(found.getReducedAxes());
    return diagnostic;
  };
  if (found.getReducedAxes() != axes || found.getOrder() != order) {
    refuse() << ", so it has to run over the same axis with 'blocks "
             << found.getOrder().getBlocks() << "'";
    return failure();
  }
  Operation *factor = nullptr;
  int holders = 0;
  for (Value operand : reduction->getOperands())
    if (dependsOn(operand, found.getResult())) {
      ++holders;
      factor = factorOf(operand, found);
    }
  if (holders != 1 || !factor) {
    refuse() << " in another way than one factor exp(s - m); write it so, or "
                "drop 'blocks' from the max";
    return failure();
  }
  return std::optional<RunningMax>(RunningMax{found, factor});
}
