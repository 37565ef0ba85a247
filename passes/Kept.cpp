// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the values that several sweeps of a work item use.

#include "passes/Kept.h"

#include "passes/AxisSet.h"

#include "dialect/RunningMax.h"

using namespace mlir;
using namespace gemel;

// Storing and loading a vector costs about this many instructions.
static constexpr int64_t kDearInstructions = 4;

bool gemel::isSweep(Operation *op, StringAttr lane) {
  auto reduction = dyn_cast<ReductionOpInterface>(op);
  if (!reduction || reduction.isContraction() || reduction.getRunAxis() ||
      reduction.getReductionOrder().getKind() != OrderKind::Default ||
      reduction.getReducedAxes() != ArrayRef<StringAttr>(lane))
    return false;
  FailureOr<std::optional<RunningMax>> max = findRunningMax(op);
  return succeeded(max) && !*max;
}

using OpSet = llvm::SetVector<Operation *>;

/// The elementwise ops of `body` that `roots` are computed by.
static OpSet sweepOps(ValueRange roots, Block &body) {
  OpSet ops;
  auto visit = [&](Value value) {
    Operation *o = value.getDefiningOp();
    if (o && o->getBlock() == &body && isa<ElementwiseOpInterface>(o))
      ops.insert(o);
  };
  for (Value root : roots)
    visit(root);
  for (size_t i = 0; i < ops.size(); ++i)
    for (Value operand : ops[i]->getOperands())
      visit(operand);
  return ops;
}

/// What computing an element of a value along `lane` again would cost.
static int64_t instructionsAlong(Value value, StringAttr lane, Block &body) {
  int64_t instructions = 0;
  for (Operation *o : sweepOps(value, body))
    if (hasAxis(o->getResult(0).getType(), lane))
      instructions += cast<ElementwiseOpInterface>(o).getInstructionCount();
  return instructions;
}

SmallVector<Value> gemel::keptValues(GroupOp group, StringAttr lane) {
  Block &body = group.getBody().front();
  SmallVector<OpSet> sweeps;
  AxisSet row; // what a work item has one position of
  for (Operation &o : body) {
    // A contraction holds several rows at a time.
    auto reduction = dyn_cast<ReductionOpInterface>(o);
    if (reduction && reduction.isContraction())
      return {};
    if (lane && isSweep(&o, lane)) {
      AxisSet kept = axisSet(o.getResult(0));
      row = sweeps.empty() ? kept : intersect(row, kept);
      sweeps.push_back(sweepOps(o.getOperands(), body));
    }
  }
  if (sweeps.empty())
    return {};
  sweeps.push_back(sweepOps(body.getTerminator()->getOperands(), body));
  auto count = [&](Operation *o) {
    return llvm::count_if(
        sweeps, [&](const OpSet &sweep) { return sweep.contains(o); });
  };
  AxisSet kept = row;
  kept.insert(lane);
  SmallVector<Value> values;
  for (Operation &o : body) {
    if (!isa<ElementwiseOpInterface>(o) || count(&o) < 2)
      continue;
    Value value = o.getResult(0);
    if (!elementOf(value).isF32() || !sameSet(axisSet(value), kept))
      continue;
    // The last such value on the way: some use of it is in fewer sweeps.
    bool last = llvm::any_of(value.getUsers(), [&](Operation *user) {
      return !isa<ElementwiseOpInterface>(user) || count(user) < count(&o);
    });
    if (last && instructionsAlong(value, lane, body) > kDearInstructions)
      values.push_back(value);
  }
  return values;
}
