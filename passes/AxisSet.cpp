// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which ops compute a value, and along which axis their vectors lie.

#include "passes/AxisSet.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/ReduceOps.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace gemel;

SmallVector<Operation *> gemel::cone(Value value,
                                     const llvm::DenseSet<Value> &barriers) {
  llvm::SetVector<Operation *> ops;
  if (Operation *o = value.getDefiningOp())
    ops.insert(o);
  for (size_t i = 0; i < ops.size(); ++i)
    for (Value operand : ops[i]->getOperands())
      if (Operation *o = operand.getDefiningOp();
          o && o->getBlock() == ops[0]->getBlock() &&
          !barriers.contains(operand))
        ops.insert(o);
  SmallVector<Operation *> sorted(ops.begin(), ops.end());
  llvm::sort(sorted,
             [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  return sorted;
}

std::optional<int64_t> gemel::knownPosition(AtOp at) {
  auto op = at->getParentOfType<OpOp>();
  AxisAttr axis = op.getAxis(op.findAxis(at.getAxis()));
  auto constant = at.getIndex().getDefiningOp<ConstantOp>();
  auto number = constant ? dyn_cast<IntegerAttr>(constant.getValue()) : nullptr;
  if (!number || number.getInt() < 0 || number.getInt() >= axis.getFixed())
    return std::nullopt;
  return number.getInt();
}

/// The axis of a sum along one axis alone, whose terms meet in pairs.
static StringAttr sumAxis(Operation &o) {
  auto sum = dyn_cast<ReduceOp>(o);
  if (!sum || sum.getKind() != ReduceKind::Sum || sum.getAxes().size() != 1 ||
      sum.getOrder().getKind() != OrderKind::Default ||
      !elementOf(sum.getResult()).isF32())
    return {};
  return cast<StringAttr>(sum.getAxes()[0]);
}

AxisSet gemel::fewAxes(GroupOp group, StringAttr lane) {
  // As many positions of an axis are written out, and of all axes together.
  constexpr int64_t kFew = 4, kAll = 16;
  auto op = group->getParentOfType<OpOp>();
  AxisSet few;
  int64_t all = 1;
  for (Operation &o : group.getBody().front()) {
    StringAttr axis = sumAxis(o);
    if (auto at = dyn_cast<AtOp>(o); at && knownPosition(at))
      axis = at.getAxisAttr();
    int64_t fixed =
        axis ? op.getAxis(op.findAxis(axis.getValue())).getFixed() : -1;
    bool isFew = axis != lane && fixed > 0 && fixed <= kFew;
    if (isFew && few.insert(axis))
      all *= fixed;
    else if (!isFew && reduces(&o))
      return {};
  }
  return all <= kAll ? few : AxisSet();
}

bool gemel::hasPositions(OpOp op, StringAttr axis) {
  return op
      .walk([&](PosOp pos) {
        return pos.getAxisAttr() == axis ? WalkResult::interrupt()
                                         : WalkResult::advance();
      })
      .wasInterrupted();
}

StringAttr gemel::laneAxis(ArrayRef<Value> stored, ArrayRef<Operation *> ops) {
  bool contraction = llvm::any_of(ops, [](Operation *o) {
    auto reduction = dyn_cast<ReductionOpInterface>(o);
    return reduction && reduction.isContraction();
  });
  if (contraction) {
    ArrayRef<StringAttr> axes = axesOf(stored.front());
    return axes.empty() ? StringAttr() : axes.back();
  }
  if (auto placing = stored.front().getDefiningOp<PlacingOpInterface>())
    return placing.getSideAxis();
  llvm::SmallMapVector<StringAttr, int64_t, 8> votes;
  // Sizes are not known: an array of one more axis counts as 16 others.
  auto vote = [&](Value value, int64_t weight) {
    if (!axesOf(value).empty())
      votes[axesOf(value).back()] +=
          weight << (4 * std::min<size_t>(axesOf(value).size(), 12));
  };
  llvm::SmallPtrSet<Operation *, 32> inside(ops.begin(), ops.end());
  llvm::SmallPtrSet<void *, 16> seen;
  for (Operation *o : ops)
    for (Value operand : o->getOperands())
      if ((!operand.getDefiningOp() ||
           !inside.contains(operand.getDefiningOp())) &&
          seen.insert(operand.getAsOpaquePointer()).second)
        vote(operand, 2);
  // Positions are values without operands.
  for (Operation *o : ops)
    if (o->getNumOperands() == 0 && o->getNumResults() == 1)
      vote(o->getResult(0), 1);
  for (Value value : stored)
    vote(value, 1);
  // Runs that are formed here are formed one by one.
  auto isFormed = [&](StringAttr axis) {
    return llvm::any_of(ops, [&](Operation *o) {
      auto reduction = dyn_cast<ReductionOpInterface>(o);
      return reduction && reduction.getRunAxis() == axis;
    });
  };
  StringAttr best;
  for (auto [axis, count] : votes)
    if ((!best || count > votes[best]) && !isFormed(axis))
      best = axis;
  return best;
}
