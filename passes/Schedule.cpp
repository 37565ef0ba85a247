// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gives each group its plan.

#include "passes/AxisSet.h"
#include "passes/Cost.h"
#include "passes/Kept.h"
#include "passes/Passes.h"

using namespace mlir;
using namespace gemel;

// What handing work to another thread costs; a piece that takes less is not
// worth it.
static constexpr double kHandingSeconds = 5e-6;

// A register tile of a contraction has at most this many rows.
static constexpr int64_t kMostRows = 8;

// A step is unrolled whole: more vectors than this are code, not speed.
static constexpr int64_t kMostVectors = 64;

namespace {

using Directives = llvm::StringMap<int64_t>;

/// The axes that every stored value and every reduction inside keeps: a
/// position of them, or a whole run, is one work item's alone.
AxisSet workAxes(GroupOp group) {
  Block &body = group.getBody().front();
  auto op = group->getParentOfType<OpOp>();
  auto yield = cast<YieldOp>(body.back());
  SmallVector<StringAttr> runs;
  for (auto reduction : body.getOps<ReductionOpInterface>())
    if (StringAttr axis = reduction.getRunAxis())
      runs.push_back(axis);
  auto axesSeen = [&](Value value) { return inRuns(axisSet(value), op, runs); };
  AxisSet work = axesSeen(yield.getValues().front());
  for (Value value : yield.getValues())
    work = intersect(work, axesSeen(value));
  for (Operation &o : body)
    if (reduces(&o))
      work = intersect(work, axesSeen(o.getResult(0)));
  return work;
}

/// The axis of the rows that a register tile holds beside the lanes: one that
/// the operands with the lanes lack, so that all rows use what is loaded of
/// them. The first such in the header, else the last axis of work.
StringAttr rowAxis(GroupOp group, const AxisSet &work, StringAttr lane) {
  auto op = group->getParentOfType<OpOp>();
  StringAttr rows;
  for (StringAttr axis : work)
    if (axis != lane)
      rows = axis;
  auto isShared = [&](StringAttr axis) {
    return llvm::all_of(
        group.getBody().front().getOps<ReductionOpInterface>(),
        [&](ReductionOpInterface reduction) {
          return !reduction.isContraction() ||
                 llvm::all_of(reduction->getOperands(), [&](Value operand) {
                   return !hasAxis(operand.getType(), lane) ||
                          !hasAxis(operand.getType(), axis);
                 });
        });
  };
  for (Attribute attr : op.getAxes()) {
    StringAttr axis = cast<AxisAttr>(attr).getName();
    if (axis != lane && work.contains(axis) && isShared(axis))
      return axis;
  }
  return rows;
}

int64_t stepAlong(StringAttr axis, const Directives &written,
                  int64_t otherwise) {
  auto it = written.find(axis.getValue());
  return it == written.end() ? otherwise : it->second;
}

PlanAttr planFor(GroupOp group, MachineAttr machine, const Directives &written,
                 const llvm::StringMap<int64_t> &sizes) {
  Block &body = group.getBody().front();
  SmallVector<Value> stored(cast<YieldOp>(body.back()).getValues());
  SmallVector<Operation *> ops;
  bool contraction = false;
  for (Operation &o : body.without_terminator()) {
    ops.push_back(&o);
    auto reduction = dyn_cast<ReductionOpInterface>(o);
    contraction |= reduction && reduction.isContraction();
  }
  AxisSet work = workAxes(group);
  StringAttr lane = laneAxis(stored, ops);
  SmallVector<StringAttr> tileAxes;
  SmallVector<int64_t> workSteps, extents;
  // Vectors along the lane axis; of a contraction also rows of registers.
  int64_t vectors = machine.getLanes() * machine.getUnroll();
  if (lane) {
    vectors = std::max(stepAlong(lane, written, vectors), machine.getLanes());
    tileAxes.push_back(lane);
    extents.push_back(vectors);
  }
  StringAttr rows = contraction ? rowAxis(group, work, lane) : StringAttr();
  if (rows) {
    tileAxes.push_back(rows);
    extents.push_back(
        std::min(stepAlong(rows, written, machine.getRows()), kMostRows));
  }
  double items = 1;
  for (StringAttr axis : work) {
    int64_t step = axis == rows ? extents.back() : 1;
    if (axis == lane)
      // whole steps: no store reaches into the next item's
      step = contraction ? vectors * machine.getUnroll()
                         : llvm::alignTo(machine.getChunk(), vectors);
    workSteps.push_back(step);
    items *= std::max(1.0, static_cast<double>(sizes.lookup(axis)) /
                               static_cast<double>(step));
  }
  double seconds = costOf(group, sizes, machine).seconds() / items;
  auto grain = static_cast<int64_t>(
      std::clamp(kHandingSeconds / std::max(seconds, 1e-9), 1.0, 64.0));
  return PlanAttr::get(
      group.getContext(), work.getArrayRef(), workSteps, tileAxes, extents,
      lane, grain, keptValues(group, lane).empty() ? 0 : machine.getScratch());
}

} // namespace

LogicalResult gemel::schedule(OpOp op, MachineAttr machine, PlanOp written) {
  Directives directives;
  if (written)
    for (PlanTileOp directive : written.getBody().getOps<PlanTileOp>()) {
      if (op.findAxis(directive.getAxis()) < 0)
        return emitError(directive.getLoc())
               << "'" << op.getSymName() << "' has no axis '"
               << directive.getAxis() << "' to tile";
      auto most = static_cast<uint64_t>(machine.getLanes() * kMostVectors);
      if (directive.getExtent() > most)
        return emitError(directive.getLoc())
               << "a step of " << directive.getExtent() << " positions of '"
               << directive.getAxis() << "' is "
               << directive.getExtent() /
                      static_cast<uint64_t>(machine.getLanes())
               << " vectors of code on " << machine.getName().getValue()
               << ", which has room for " << kMostVectors
               << "; the largest step is " << most;
      directives[directive.getAxis()] = directive.getExtent();
    }
  llvm::StringMap<int64_t> sizes = assumeSizes(op, {});
  for (GroupOp group : op.getBody().getOps<GroupOp>())
    group.setPlanAttr(planFor(group, machine, directives, sizes));
  return success();
}
