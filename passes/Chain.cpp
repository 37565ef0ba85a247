// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds products that a matrix unit chains.

#include "passes/Chain.h"

#include "passes/AxisSet.h"

#include "dialect/RunningMax.h"

using namespace mlir;
using namespace gemel;

/// One product over one axis whose operands the unit multiplies, and chains.
static bool isProduct(ReductionOpInterface dot, MachineAttr machine) {
  return dot.getReducedAxes().size() == 1 && multiplies(dot, machine) &&
         elementOf(dot->getOperand(0)).getIntOrFloatBitWidth() <= 16;
}

/// `one` of an array's two inner axes is innermost, whichever the other is.
static bool isInnermost(Value array, StringAttr one, StringAttr other) {
  StringAttr last = axesOf(array).back();
  return last == one || last == other;
}

/// The running reductions over blocks of one axis, all of one max and one
/// exp(s - m), that max among them. False if there is another reduction.
static bool takeRunning(ReductionOpInterface reduction, Chain &chain,
                        Operation *&max, Operation *&exponential) {
  OrderAttr order = reduction.getReductionOrder();
  if (reduction.getReducedAxes().size() != 1 || reduction.getRunAxis() ||
      order.getKind() != OrderKind::Blocks)
    return false;
  StringAttr axis = reduction.getReducedAxes()[0];
  if (chain.axis && (axis != chain.axis || order.getBlocks() != chain.blocks))
    return false;
  chain.axis = axis;
  chain.blocks = order.getBlocks();
  if (!reduction.isContraction() && reduction.getCombine() == "max") {
    bool same = !max || max == reduction;
    max = reduction;
    return same;
  }
  FailureOr<std::optional<RunningMax>> running = findRunningMax(reduction);
  if (failed(running) || !*running)
    return false;
  bool same = (!max || max == (*running)->max) &&
              (!exponential || exponential == (*running)->exponential);
  max = (*running)->max;
  exponential = (*running)->exponential;
  return same;
}

std::optional<Chain> gemel::findChain(ArrayRef<Operation *> ops, OpOp op,
                                      MachineAttr machine,
                                      llvm::function_ref<bool(Value)> isArray) {
  if (machine.getMatrixChain() == 0)
    return std::nullopt;
  Chain chain;
  Operation *max = nullptr, *exponential = nullptr;
  for (Operation *o : ops) {
    if (isa<PlacingOpInterface, AtOp>(o))
      return std::nullopt;
    auto reduction = dyn_cast<ReductionOpInterface>(o);
    if (!reduction)
      continue;
    if (reduction.isContraction() && !isProduct(reduction, machine))
      return std::nullopt;
    if (!chain.first && reduction.isContraction() &&
        reduction.getReductionOrder().getKind() == OrderKind::Default) {
      chain.first = reduction;
    } else if (!chain.first || (reduction.isContraction() && chain.second) ||
               !takeRunning(reduction, chain, max, exponential)) {
      return std::nullopt;
    } else if (reduction.isContraction()) {
      chain.second = reduction;
    }
  }
  // Steps are whole rounds of the chunks of 16 bytes that trade places.
  if (!chain.first || !max || chain.blocks > machine.getMatrixChain() ||
      chain.blocks < machine.getMatrixTerms())
    return std::nullopt;
  // Scores: rows are an axis of the one array alone, the chain's of the other.
  Value left = chain.first->getOperand(0), right = chain.first->getOperand(1);
  chain.terms = chain.first.getReducedAxes()[0];
  if (hasAxis(left.getType(), chain.axis))
    std::swap(left, right);
  if (!isArray(left) || !isArray(right) ||
      hasAxis(left.getType(), chain.axis) ||
      !hasAxis(right.getType(), chain.axis) ||
      !isInnermost(right, chain.terms, chain.axis))
    return std::nullopt;
  for (Attribute attr : op.getAxes()) {
    StringAttr axis = cast<AxisAttr>(attr).getName();
    if (!chain.rows && axis != chain.terms && hasAxis(left.getType(), axis) &&
        !hasAxis(right.getType(), axis) && isInnermost(left, chain.terms, axis))
      chain.rows = axis;
  }
  if (!chain.rows)
    return std::nullopt;
  for (Operation *o : ops)
    if (reduces(o) && !hasAxis(o->getResult(0).getType(), chain.rows))
      return std::nullopt;
  if (!chain.second)
    return chain;
  // What is weighed: an array with an axis of its own, which rows lack.
  Value weights = chain.second->getOperand(0);
  Value weighed = chain.second->getOperand(1);
  if (isArray(weights))
    std::swap(weights, weighed);
  if (!isArray(weighed) || isArray(weights) ||
      elementOf(weighed) != elementOf(left) ||
      hasAxis(weighed.getType(), chain.rows))
    return std::nullopt;
  for (StringAttr axis : axesOf(weighed))
    if (!hasAxis(weights.getType(), axis)) {
      if (chain.lanes)
        return std::nullopt;
      chain.lanes = axis;
    }
  if (!chain.lanes || !isInnermost(weighed, chain.axis, chain.lanes))
    return std::nullopt;
  // Nothing else is along both axes: their lanes are the same registers.
  for (Operation *o : ops)
    if (hasAxis(o->getResult(0).getType(), chain.axis) &&
        hasAxis(o->getResult(0).getType(), chain.lanes))
      return std::nullopt;
  return chain;
}

bool gemel::multiplies(ReductionOpInterface dot, MachineAttr machine) {
  if (machine.getMatrixTeam() == 0 || !dot.isContraction() || dot.getRunAxis())
    return false;
  Type element = elementOf(dot->getOperand(0));
  return isa<FloatType>(element) && element == elementOf(dot->getOperand(1)) &&
         element.getIntOrFloatBitWidth() <= machine.getMatrixBits();
}

bool gemel::multipliesMemory(ReductionOpInterface dot, MachineAttr machine) {
  return machine.getMatrixChain() == 0 && multiplies(dot, machine);
}

bool gemel::holdsLanes(const Chain &chain, OpOp op, MachineAttr machine) {
  if (!chain.lanes)
    return true;
  AxisAttr axis = op.getAxis(op.findAxis(chain.lanes));
  int64_t most = axis.getFixed() >= 0 ? axis.getFixed() : axis.getMaximum();
  return most <= machine.getMatrixChain();
}
