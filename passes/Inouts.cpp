// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Orders what is read of an inout before what is written to it.

#include "passes/Inouts.h"

#include "passes/AxisSet.h"

#include "dialect/TileOps.h"

using namespace mlir;
using namespace gemel;

/// Axes of the arrays that a group's result is stored to.
static AxisSet storedAxes(OpOp op, OpResult result) {
  AxisSet axes = axisSet(result);
  for (OpOperand &use : result.getUses()) {
    if (!isa<ReturnOp>(use.getOwner()))
      continue;
    for (Attribute axis :
         op.getStoredArgument(use.getOperandNumber()).getAxes())
      axes.insert(cast<StringAttr>(axis));
  }
  return axes;
}

/// True if the launch that stores an inout's new value reads the old one at
/// other positions, or in another loop nest than that of the store.
static bool readsElsewhere(OpOp op, GroupOp group, OpResult stored, Value old) {
  llvm::DenseSet<Value> depends = {old};
  for (Operation &o : group.getBody().front()) {
    if (llvm::none_of(o.getOperands(),
                      [&](Value v) { return depends.contains(v); }))
      continue;
    if (auto yield = dyn_cast<YieldOp>(o)) {
      for (auto [result, value] :
           llvm::zip(group.getResults(), yield.getValues()))
        if (depends.contains(value) &&
            !sameSet(storedAxes(op, cast<OpResult>(result)),
                     storedAxes(op, stored)))
          return true;
      continue;
    }
    if (!isa<ElementwiseOpInterface>(o))
      return true;
    depends.insert(o.getResult(0));
  }
  return false;
}

void gemel::orderInouts(OpOp op) {
  Block &block = op.getBody().front();
  auto returns = cast<ReturnOp>(block.back());
  OpBuilder b(returns);
  int copies = 0;
  auto copy = [&](OpOperand &operand) {
    Value value = operand.get();
    auto groupOp =
        GroupOp::create(b, returns.getLoc(), value.getType(),
                        "copy" + std::to_string(copies++), PlanAttr());
    OpBuilder inner(op.getContext());
    inner.setInsertionPointToStart(&groupOp.getBody().emplaceBlock());
    YieldOp::create(inner, groupOp.getLoc(), value);
    operand.set(groupOp.getResult(0));
  };
  unsigned first = op.getResults_().size();
  SmallVector<int64_t> inouts = op.getInouts();
  // Inouts that trade places are all read before the first is written.
  for (OpOperand &operand : returns->getOpOperands().drop_front(first))
    if (isa<BlockArgument>(operand.get()) &&
        operand.get() !=
            block.getArgument(inouts[operand.getOperandNumber() - first]))
      copy(operand);
  // Results first: they may copy an inout's old value.
  for (OpOperand &operand : returns->getOpOperands()) {
    unsigned i = operand.getOperandNumber();
    Value value = operand.get();
    if (i < first) {
      if (isa<BlockArgument>(value))
        copy(operand);
      continue;
    }
    BlockArgument old = block.getArgument(inouts[i - first]);
    if (value == old)
      continue;
    auto producer = value.getDefiningOp<GroupOp>();
    bool hazard = !producer;
    for (Operation *user : old.getUsers()) {
      Operation *top = block.findAncestorOpInBlock(*user);
      hazard |= top != returns && !isa<RequireOp>(top) && top != producer;
    }
    if (hazard || readsElsewhere(op, producer, cast<OpResult>(value), old))
      copy(operand);
  }
}
