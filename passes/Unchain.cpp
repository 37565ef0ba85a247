// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Running maxima of products, for matrix units that do not chain products.
//
// What such a unit multiplies stands in memory: the weights exp(s - m) of a
// `dot` do, of all blocks, before it begins. Then m is known, too, and there is
// nothing to rescale: the maximum is that of all positions, sums and products
// go over them in their default order. All that is of the matrix class; what is
// exact stays as it is.
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

static bool takesUnit(ReductionOpInterface dot, MachineAttr machine) {
  if (!dot.isContraction() || dot.getReducedAxes().size() != 1)
    return false;
  Type element = elementOf(dot->getOperand(0));
  return isa<FloatType>(element) && element == elementOf(dot->getOperand(1)) &&
         element.getIntOrFloatBitWidth() <= machine.getMatrixBits();
}

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

bool gemel::unchain(OpOp op, MachineAttr machine) {
  if (machine.getMatrixTeam() == 0 || machine.getMatrixChain() != 0)
    return false;
  llvm::MapVector<Operation *, Running> all;
  for (Operation &o : op.getBody().front()) {
    FailureOr<std::optional<RunningMax>> max = findRunningMax(&o);
    if (failed(max) || !*max)
      continue;
    Running &running = all[(*max)->max];
    running.isOne &=
        !running.exponential || running.exponential == (*max)->exponential;
    running.exponential = (*max)->exponential;
    running.hasProduct |= takesUnit(cast<ReductionOpInterface>(o), machine);
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
