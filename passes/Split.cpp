// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cuts reductions that one launch would leave to a few work items.

#include "passes/AxisSet.h"
#include "passes/Passes.h"

#include "dialect/RunningMax.h"

using namespace mlir;
using namespace gemel;

// Runs shorter than this, and than those that a machine asks for, cost more to
// store and load than they spread.
static constexpr int64_t kShortestRun = 64;

/// The axis of runs of `length` positions of `axes`, declared if need be;
/// null if its name is taken by others.
static StringAttr declareRuns(OpOp op, ArrayRef<StringAttr> axes,
                              int64_t length) {
  std::string name;
  for (StringAttr axis : axes)
    name += (name.empty() ? "" : "_") + axis.str();
  OpBuilder b(op);
  StringAttr runs = b.getStringAttr(name + "." + std::to_string(length));
  SmallVector<Attribute> list(axes.begin(), axes.end());
  ArrayAttr of = b.getArrayAttr(list);
  if (int64_t i = op.findAxis(runs); i >= 0)
    return op.getAxis(i).getOf() == of ? runs : StringAttr();
  SmallVector<Attribute> all(op.getAxes().begin(), op.getAxes().end());
  all.push_back(AxisAttr::get(op.getContext(), runs, -1, 1,
                              std::numeric_limits<int64_t>::max(), length, of));
  op.setAxesAttr(b.getArrayAttr(all));
  return runs;
}

/// The product of the sizes if all are fixed, else "very many".
static int64_t fixedCount(OpOp op, ArrayRef<StringAttr> axes) {
  int64_t count = 1;
  for (StringAttr axis : axes) {
    int64_t i = op.findAxis(axis);
    int64_t size = i < 0 ? -1 : op.getAxis(i).getFixed();
    if (size < 0 || size > (1 << 20))
      return std::numeric_limits<int64_t>::max();
    count = std::min<int64_t>(count * std::max<int64_t>(size, 1), 1 << 30);
  }
  return count;
}

/// Whether a launch would leave all terms of a value's vector to one work
/// item: nothing but the lane axis is kept.
static bool isLonely(Operation *reduction) {
  Value value = reduction->getResult(0);
  StringAttr lane = laneAxis({value}, cone(value, {}));
  return llvm::all_of(axesOf(value),
                      [&](StringAttr axis) { return axis == lane; });
}

/// Of a sum of rows, position by position, that a step holds whole: how many
/// are a run, of longer ones half as many; else 0.
static int64_t rowRunOf(ReductionOpInterface reduction, OpOp op,
                        MachineAttr machine) {
  ArrayRef<StringAttr> kept = axesOf(reduction->getResult(0));
  if (kept.size() != 1 || reduction.getReducedAxes().size() != 1 ||
      reduction.isContraction() || reduction.getCombine() != "sum" ||
      !elementOf(reduction->getResult(0)).isF32() ||
      reduction.getReductionOrder().getKind() != OrderKind::Default)
    return 0;
  AxisAttr lane = op.getAxis(op.findAxis(kept.front()));
  int64_t most = lane.getFixed() >= 0 ? lane.getFixed() : lane.getMaximum();
  return machine.rowRunOf(most);
}

void gemel::split(OpOp op, MachineAttr machine) {
  SmallVector<ReductionOpInterface> reductions;
  for (auto reduction : op.getBody().front().getOps<ReductionOpInterface>())
    reductions.push_back(reduction);
  // Of several sums of the same rows each would load them.
  auto lonely = llvm::count_if(
      reductions, [](ReductionOpInterface one) { return isLonely(one); });
  for (ReductionOpInterface reduction : reductions) {
    SmallVector<StringAttr> axes = reduction.getReducedAxes();
    FailureOr<std::optional<RunningMax>> max = findRunningMax(reduction);
    bool plain = succeeded(max) && !*max;
    int64_t run = lonely == 1 ? rowRunOf(reduction, op, machine) : 0;
    int64_t wanted = run > 0 ? run : machine.getRuns();
    if (!plain || reduction.getRunAxis() || !isLonely(reduction) ||
        fixedCount(op, axes) <= wanted)
      continue;
    int64_t length = reduction.getCutLength(wanted);
    StringAttr runs;
    if (length >= std::min(kShortestRun, wanted))
      runs = declareRuns(op, axes, length);
    if (!runs) {
      emitRemark(reduction->getLoc())
          << "'" << reduction.getCombine() << "' over axis '"
          << axes.back().getValue()
          << "' runs on one thread, for its order has no border every "
          << wanted << " terms; the default order has, and 'blocks n' at n";
      continue;
    }
    OpBuilder b(reduction);
    Value whole = reduction.cut(b, runs, length);
    reduction->getResult(0).replaceAllUsesWith(whole);
    reduction->erase();
  }
}
