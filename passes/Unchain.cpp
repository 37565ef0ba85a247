// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products for matrix units that do not chain them: what such a unit multiplies
// stands in memory. All that changes is of the matrix class; what is exact
// stays as it is.
//
// The weights exp(s - m) of a running max stand there, of all blocks, before
// their `dot` begins. Then m is known, too, and there is nothing to rescale:
// the maximum is that of all positions, sums and products go over them in their
// default order. So do products of blocks, which the unit adds up itself. Of a
// product over several axes the unit has one, and sums give the others.
#include "passes/AxisSet.h"
#include "passes/Chain.h"
#include "passes/Passes.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/GradientBuilder.h"
#include "dialect/RunningMax.h"
#include "dialect/TypeRules.h"

#include "llvm/ADT/MapVector.h"

#include <limits>

using namespace mlir;
using namespace gemel;

namespace {

/// What one running max is for.
struct Running {
  Operation *exponential = nullptr;
  bool isOne = true; ///< all have the same exp(s - m)
  bool hasProduct = false;
  SmallVector<Operation *> reductions;
};

} // namespace

/// Whether a value reaches nothing but these reductions, by elementwise ops.
static bool leadsOnlyTo(Value value, ArrayRef<Operation *> reductions) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    return llvm::is_contained(reductions, user) ||
           (isa<ElementwiseOpInterface>(user) &&
            leadsOnlyTo(user->getResult(0), reductions));
  });
}

/// What depends on a value has the types that follow from its type.
static void inferUsers(Value value) {
  for (Operation *user : value.getUsers()) {
    auto typed = dyn_cast<TypedOpInterface>(user);
    if (!typed)
      continue;
    FailureOr<Type> type = typed.inferType();
    assert(succeeded(type) && "axes in another order are axes still");
    if (*type == user->getResult(0).getType())
      continue;
    user->getResult(0).setType(*type);
    inferUsers(user->getResult(0));
  }
}

static void inDefaultOrder(Operation *o) {
  auto order = OrderAttr::get(o->getContext(), OrderKind::Default, 0);
  if (auto reduce = dyn_cast<ReduceOp>(o))
    reduce.setOrderAttr(order);
  else
    cast<DotOp>(o).setOrderAttr(order);
}

static bool unchainMaxima(OpOp op, MachineAttr machine) {
  llvm::MapVector<Operation *, Running> all;
  for (Operation &o : op.getBody().front()) {
    FailureOr<std::optional<RunningMax>> max = findRunningMax(&o);
    if (failed(max) || !*max)
      continue;
    Running &running = all[(*max)->max];
    running.isOne &=
        !running.exponential || running.exponential == (*max)->exponential;
    running.exponential = (*max)->exponential;
    auto reduction = cast<ReductionOpInterface>(o);
    running.hasProduct |= multipliesMemory(reduction, machine) &&
                          reduction.getReducedAxes().size() == 1;
    running.reductions.push_back(&o);
  }
  bool any = false;
  for (auto &[max, running] : all) {
    Operation *exponential = running.exponential;
    if (!running.hasProduct || !running.isOne || isExact(max->getResult(0)) ||
        !leadsOnlyTo(exponential->getResult(0), running.reductions))
      continue;
    // Where all is -inf, its weights are 0.
    OpBuilder b(exponential->getBlock(), ++Block::iterator(exponential));
    GradientBuilder made(b, op);
    made.loc = exponential->getLoc();
    Value least = made.literal(-std::numeric_limits<float>::infinity());
    Value none = made.compare(CompareKind::Eq, max->getResult(0), least);
    Value weights = made.dropWhere(none, exponential->getResult(0));
    exponential->getResult(0).replaceAllUsesExcept(weights,
                                                   weights.getDefiningOp());
    inDefaultOrder(max);
    for (Operation *reduction : running.reductions)
      inDefaultOrder(reduction);
    inferUsers(weights);
    any = true;
  }
  return any;
}

/// The axis of a product over several that the unit has: one whose positions
/// the operator speaks of, as long as a sequence, else the first.
static StringAttr longestOf(OpOp op, ArrayRef<StringAttr> axes) {
  auto found = llvm::find_if(
      axes, [&](StringAttr axis) { return hasPositions(op, axis); });
  return found == axes.end() ? axes.front() : *found;
}

/// The axis that a value ends with where it is returned.
static StringAttr lastStored(OpOp op, Value value) {
  auto returns = cast<ReturnOp>(op.getBody().front().back());
  for (OpOperand &use : value.getUses()) {
    if (use.getOwner() != returns)
      continue;
    auto axes = op.getStoredArgument(use.getOperandNumber()).getAxes();
    if (!axes.empty())
      return cast<StringAttr>(axes[axes.size() - 1]);
  }
  return {};
}

bool gemel::unchain(OpOp op, MachineAttr machine) {
  if (machine.getMatrixTeam() == 0 || machine.getMatrixChain() != 0)
    return false;
  bool any = unchainMaxima(op, machine);
  SmallVector<DotOp> dots(op.getBody().front().getOps<DotOp>());
  for (DotOp dot : dots) {
    FailureOr<std::optional<RunningMax>> max = findRunningMax(dot);
    if (failed(max) || *max || !multipliesMemory(dot, machine))
      continue;
    SmallVector<StringAttr> axes = dot.getReducedAxes();
    bool isBlocks = dot.getOrder().getKind() == OrderKind::Blocks;
    if (axes.size() == 1 && !isBlocks)
      continue;
    any = true;
    if (axes.size() == 1) {
      inDefaultOrder(dot);
      continue;
    }
    StringAttr longest = longestOf(op, axes);
    OpBuilder b(dot);
    GradientBuilder made(b, op);
    made.loc = dot.getLoc();
    Value lhs = dot.getLhs(), rhs = dot.getRhs();
    if (StringAttr last = lastStored(op, dot.getResult());
        last && hasAxis(lhs.getType(), last) && !hasAxis(rhs.getType(), last))
      std::swap(lhs, rhs);
    llvm::erase(axes, longest);
    Value whole = made.sum(made.dot(lhs, rhs, {longest}), axes);
    dot.getResult().replaceAllUsesWith(whole);
    dot.erase();
    inferUsers(whole);
  }
  return any;
}
