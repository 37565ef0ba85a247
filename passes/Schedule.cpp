// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gives each group its plan.

#include "passes/AxisSet.h"
#include "passes/Chain.h"
#include "passes/Cost.h"
#include "passes/Kept.h"
#include "passes/Passes.h"

#include "dialect/Words.h"

using namespace mlir;
using namespace gemel;

// What handing work to another thread costs; a piece that takes less is not
// worth it.
static constexpr double kHandingSeconds = 5e-6;

// A register tile of a contraction has at most this many rows.
static constexpr int64_t kMostRows = 8;

// A step is unrolled whole: more vectors than this are code, not speed.
static constexpr int64_t kMostVectors = 64;

// So many lanes of 16 bytes read 128, which memory gives whole.
static constexpr int64_t kSectorLanes = 8;

// Rows of which a part is held, to be summed: as many bytes together as of one.
static constexpr int64_t kRowsSummed = 16;

// Vectors of columns that are all the work there is: few, for many units.
static constexpr int64_t kColumnVectors = 2;

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
  if (!axis)
    return otherwise;
  auto it = written.find(axis.getValue());
  return it == written.end() ? otherwise : it->second;
}

/// How positions of the lane axis lie on the lanes that share a work item.
struct Layout {
  int64_t team = 1, vector = 1, extent = 1;
  int64_t block = 1; ///< lanes that are handed work items together
  bool resident = false;
  bool columns = false; ///< a step is a work item's
};

/// Every reduction over `lane` is over it alone, in an order that a step over
/// all its terms keeps.
bool mayBeResident(GroupOp group, StringAttr lane) {
  Block &body = group.getBody().front();
  for (auto reduction : body.getOps<ReductionOpInterface>())
    if (llvm::is_contained(reduction.getReducedAxes(), lane) &&
        (reduction.isContraction() || reduction.getReducedAxes().size() > 1 ||
         reduction.getReductionOrder().getKind() != OrderKind::Default))
      return false;
  return true;
}

/// The most positions of `lane` that a work item or one of its blocks has.
int64_t positionsOf(GroupOp group, StringAttr lane, const AxisSet &work) {
  auto op = group->getParentOfType<OpOp>();
  AxisAttr axis = op.getAxis(op.findAxis(lane));
  int64_t most = axis.getFixed() >= 0 ? axis.getFixed() : axis.getMaximum();
  for (StringAttr runs : work)
    if (op.getCutAxis(runs) == lane)
      most = std::min(most, op.getAxis(op.findAxis(runs)).getRuns());
  for (auto reduction :
       group.getBody().front().getOps<ReductionOpInterface>()) {
    OrderAttr order = reduction.getReductionOrder();
    if (reduction.getReducedAxes() == ArrayRef<StringAttr>(lane) &&
        order.getKind() == OrderKind::Blocks)
      most = std::min(most, order.getBlocks());
  }
  return std::max<int64_t>(most, 1);
}

/// What an axis' size is a multiple of, whatever is given.
int64_t divisorOf(AxisAttr axis) {
  return axis.getFixed() > 0 ? axis.getFixed() : axis.getMultiple();
}

/// Neighbouring positions that one access of a lane takes: of every array
/// along which the lanes lie, at whatever row; of at most `most`.
int64_t vectorFor(GroupOp group, StringAttr lane, int64_t most,
                  MachineAttr machine) {
  auto op = group->getParentOfType<OpOp>();
  AxisAttr axis = op.getAxis(op.findAxis(lane));
  int64_t bytes = 0;
  auto see = [&](ArrayRef<StringAttr> axes, Type element) {
    int64_t width = std::max(1u, element.getIntOrFloatBitWidth() / 8);
    if (!axes.empty() && axes.back() == lane)
      bytes = bytes ? std::min(bytes, width) : width;
  };
  for (Value value : readBy(group))
    see(axesOf(value), elementOf(value));
  for (const Written &written : writtenBy(group))
    see(axesOf(written.value),
        written.argument
            ? parseDtype(op.getContext(), written.argument.getDtype())
            : elementOf(written.value));
  if (!bytes)
    return 1;
  int64_t divides = divisorOf(axis);
  int64_t vector = std::min<int64_t>(machine.getAccess() / bytes, 8);
  int64_t alignment = 1;
  if (auto attr = op->getAttrOfType<IntegerAttr>("alignment"))
    alignment = attr.getInt();
  // Work items and blocks begin at multiples of their lengths.
  vector = std::min(vector, static_cast<int64_t>(
                                llvm::bit_floor(static_cast<uint64_t>(most))));
  while (vector > 1 && (divides % vector != 0 || alignment % (vector * bytes)))
    vector /= 2;
  return vector;
}

/// Whether steps of lanes that run in step are whole vectors, whatever sizes
/// are given. What a matrix unit makes is cut short in any case, where its size
/// is not fixed.
bool isWhole(GroupOp group, StringAttr lane, const Layout &layout, bool matrix,
             MachineAttr machine) {
  auto op = group->getParentOfType<OpOp>();
  AxisAttr axis = op.getAxis(op.findAxis(lane));
  if (matrix && axis.getFixed() < 0)
    return false;
  return divisorOf(axis) % machine.getLanes() == 0 &&
         layout.extent % machine.getLanes() == 0 && !axis.getOf();
}

/// How many arrays have a row of its own for each work item; a power of two.
int64_t rowsHeld(GroupOp group, StringAttr lane, const AxisSet &work) {
  auto rows = llvm::count_if(readBy(group), [&](Value value) {
    return hasAxis(value.getType(), lane) &&
           llvm::any_of(work, [&](StringAttr axis) {
             return hasAxis(value.getType(), axis);
           });
  });
  return static_cast<int64_t>(llvm::PowerOf2Ceil(std::max<uint64_t>(rows, 1)));
}

/// Whether a work item of many rows keeps a sum for each position of `lane`.
bool sumsColumns(GroupOp group, StringAttr lane) {
  return llvm::any_of(group.getBody().front().getOps<ReductionOpInterface>(),
                      [&](ReductionOpInterface reduction) {
                        return reduction.getRunAxis() &&
                               hasAxis(reduction->getResult(0).getType(), lane);
                      });
}

/// Whether a loop sums terms in the default order: rows, where the lanes are
/// work.
bool sumsRows(GroupOp group, StringAttr lane) {
  return fewAxes(group, lane).empty() &&
         llvm::any_of(group.getBody().front(), [](Operation &o) {
           auto reduction = dyn_cast<ReductionOpInterface>(o);
           return reduction && !reduction.isContraction() &&
                  reduction.getCombine() == "sum" &&
                  reduction.getReductionOrder().getKind() == OrderKind::Default;
         });
}

/// Whether each position is placed, or found, by a loop of its own.
bool places(GroupOp group) {
  return llvm::any_of(group.getBody().front(),
                      llvm::IsaPred<PlacingOpInterface>);
}

/// Whether a work item has whole rows, and sums them position by position.
bool sumsWholeRows(GroupOp group, MachineAttr machine) {
  return llvm::any_of(group.getBody().front().getOps<ReductionOpInterface>(),
                      [&](ReductionOpInterface reduction) {
                        return reduction.getRunAxis() &&
                               machine.areRowRuns(reduction.getRunLength());
                      });
}

/// Of a machine whose lanes have registers of their own.
Layout layOut(GroupOp group, StringAttr lane, const AxisSet &work,
              bool contraction, MachineAttr machine) {
  Layout layout;
  layout.block = machine.getBlock();
  if (!lane)
    return layout;
  int64_t most = positionsOf(group, lane, work);
  layout.vector = vectorFor(group, lane, most, machine);
  int64_t held = std::max(machine.getHeld(), layout.vector);
  bool across = !work.contains(lane);
  int64_t widest = across ? machine.getTeam() : machine.getBlock();
  if (contraction) { // its rows multiply what is held
    held = layout.vector;
  } else if (!across && work.size() == 1 &&
             llvm::any_of(group.getBody().front(),
                          [](Operation &o) { return reduces(&o); })) {
    // Columns, each a sum of its own, are spread over the units.
    layout.vector = held = 1;
    widest = layout.block = machine.getLanes();
  } else if (!across) {
    // A chunk: as many positions a lane as keep enough loads on their way. Of
    // short rows side by side, as few lanes as read whole sectors.
    held = std::max(layout.vector, machine.getUnroll());
    if (work.size() > 1) {
      widest = std::min(widest, kSectorLanes);
      layout.block = std::max(machine.getBlock() / 2, machine.getLanes());
    } else if (readAlong(group, lane) == 1) {
      held *= 2; // as much on its way as of two arrays
    }
  }
  auto rounded = static_cast<int64_t>(
      llvm::PowerOf2Ceil(std::min<int64_t>(most, widest * held)));
  layout.resident = across && most <= widest * held &&
                    most * readAlong(group, lane) <= machine.getRegisters() &&
                    mayBeResident(group, lane);
  // A row that stays is spread over as few lanes as hold it; one that passes
  // by, over a block.
  int64_t rows = rowsHeld(group, lane, work);
  bool columns = layout.resident && sumsColumns(group, lane);
  // Lanes that do not run in step hold the rows beside it, too.
  if (layout.resident && rows > 1 && rounded > held * machine.getLanes())
    held = std::max(layout.vector, held / rows);
  // Each position has a stack of sums besides, which registers hold of few.
  if (columns)
    held = std::max(layout.vector, machine.getUnroll());
  if (rows > 1 || columns)
    widest = std::min(widest, 2 * machine.getBlock());
  layout.team = std::clamp<int64_t>(rounded / held, 1, widest);
  if (rounded < held * machine.getLanes())
    layout.team =
        std::clamp<int64_t>(rounded / layout.vector, 1, machine.getLanes());
  if (across && !layout.resident)
    layout.team = std::min(layout.team, machine.getBlock());
  layout.extent = std::max(
      layout.team * layout.vector,
      layout.resident ? rounded : std::min(rounded, layout.team * held));
  return layout;
}

/// Of a machine whose lanes run in step: a row that one step may hold stays.
/// Where rows are summed, position by position, a step holds a part of several.
void stayInStep(GroupOp group, StringAttr lane, AxisSet &work, bool contraction,
                const Directives &written, MachineAttr machine,
                Layout &layout) {
  // Nothing along the lanes is combined: they may be an item's as well.
  bool apart = work.contains(lane) && work.size() > 1;
  bool columns = work.contains(lane) &&
                 ((sumsRows(group, lane) && !sumsWholeRows(group, machine)) ||
                  (work.size() == 1 && places(group)));
  if (!lane || contraction || (work.contains(lane) && !apart && !columns) ||
      machine.getHeld() < machine.getLanes() * machine.getUnroll() ||
      machine.getScratch() > 0 || written.contains(lane.getValue()))
    return;
  int64_t most = positionsOf(group, lane, work);
  if (columns) {
    layout.columns = true;
    // Columns alone are spread over the units.
    int64_t held = work.size() == 1 ? kColumnVectors * machine.getLanes()
                                    : machine.getHeld() / kRowsSummed;
    layout.extent = std::max<int64_t>(llvm::PowerOf2Ceil(std::min(most, held)),
                                      machine.getLanes());
    return;
  }
  if (most > machine.getHeld() || !mayBeResident(group, lane))
    return;
  layout.resident = true;
  layout.extent =
      std::max<int64_t>(llvm::PowerOf2Ceil(most), machine.getLanes());
  if (apart)
    work.remove(lane);
}

/// The dot of a group that a matrix unit takes, or null: one product of two
/// arrays of floats, as wide as it takes, over one axis in the default order,
/// each of whose two last axes in memory are its own: the lanes' in one operand
/// alone, the rows' in the other.
struct MatrixDot {
  ReductionOpInterface dot = {};
  StringAttr rows, terms;

  /// Of a step: as many bytes whatever the element.
  int64_t termsOf(MachineAttr machine) {
    Type element = elementOf(dot->getOperand(0));
    return machine.getMatrixTerms() * 16 / element.getIntOrFloatBitWidth();
  }
};

MatrixDot matrixDot(GroupOp group, StringAttr lane, const AxisSet &work,
                    MachineAttr machine) {
  if (!lane || !work.contains(lane))
    return {};
  MatrixDot found;
  for (Operation &o : group.getBody().front()) {
    if (!reduces(&o))
      continue;
    auto dot = dyn_cast<ReductionOpInterface>(o);
    if (found.dot || !dot || !multiplies(dot, machine) ||
        dot.getReducedAxes().size() != 1 ||
        dot.getReductionOrder().getKind() != OrderKind::Default)
      return {};
    found.dot = dot;
    found.terms = dot.getReducedAxes()[0];
  }
  if (!found.dot)
    return {};
  Value left, right; // without and with the lanes
  for (Value operand : found.dot->getOperands()) {
    if (operand.getParentBlock() == found.dot->getBlock())
      return {};
    (hasAxis(operand.getType(), lane) ? right : left) = operand;
  }
  if (!left || !right)
    return {};
  // The rows: the other axis of memory's last two; of several that can be, one
  // whose positions the operator speaks of, which is as long as a sequence.
  ArrayRef<StringAttr> axes = axesOf(left), others = axesOf(right);
  auto besides = [&](ArrayRef<StringAttr> of, StringAttr axis) {
    return of.back() == found.terms || of.back() == axis;
  };
  auto op = group->getParentOfType<OpOp>();
  for (StringAttr axis : llvm::reverse(axes))
    if (axis != found.terms && work.contains(axis) &&
        !hasAxis(right.getType(), axis) &&
        (!found.rows || (besides(axes, axis) && !hasPositions(op, found.rows) &&
                         hasPositions(op, axis))))
      found.rows = axis;
  if (!found.rows || !besides(axes, found.rows) || !besides(others, lane))
    return {};
  return found;
}

/// Of products that a matrix unit chains: a work item has half the rows and
/// half the team of another product's, so that a unit multiplies for one while
/// what comes between is computed for another; of the lanes a step, or all.
/// Items of the same rows are neighbours: they run as long as one another where
/// later rows have more live positions.
PlanAttr planFor(GroupOp group, const Chain &chain, MachineAttr machine) {
  auto op = group->getParentOfType<OpOp>();
  int64_t rows = machine.getMatrixRows() / 2;
  int64_t team = machine.getMatrixTeam() / 2;
  AxisSet work;
  work.insert(chain.rows);
  for (StringAttr axis : workAxes(group))
    if (axis != chain.lanes)
      work.insert(axis);
  SmallVector<StringAttr> tileAxes = {chain.rows, chain.terms, chain.axis};
  SmallVector<int64_t> extents = {rows, machine.getMatrixTerms(), chain.blocks};
  if (chain.lanes) {
    tileAxes.insert(tileAxes.begin(), chain.lanes);
    extents.insert(extents.begin(), machine.getMatrixChain());
    if (!holdsLanes(chain, op, machine))
      work.insert(chain.lanes);
  }
  int64_t vector = machine.getAccess();
  for (ReductionOpInterface dot : {chain.first, chain.second})
    for (Value operand : dot ? ValueRange(dot->getOperands()) : ValueRange())
      if (operand.getParentBlock() != dot->getBlock())
        vector = std::min(vector, vectorFor(group, axesOf(operand).back(),
                                            machine.getMatrixTerms(), machine));
  SmallVector<int64_t> steps;
  for (StringAttr axis : work)
    steps.push_back(axis == chain.rows    ? rows
                    : axis == chain.lanes ? machine.getMatrixChain()
                                          : 1);
  return PlanAttr::get(group.getContext(), work.getArrayRef(), steps, tileAxes,
                       extents, chain.lanes, /*grain=*/1, /*scratch=*/0, team,
                       vector, /*resident=*/false, /*whole=*/false, chain.terms,
                       chain.axis);
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
  auto isArray = [&](Value value) { return value.getParentBlock() != &body; };
  if (std::optional<Chain> chain =
          findChain(ops, group->getParentOfType<OpOp>(), machine, isArray))
    return planFor(group, *chain, machine);
  AxisSet work = workAxes(group);
  StringAttr lane = laneAxis(stored, ops);
  for (StringAttr axis : fewAxes(group, lane))
    work.remove(axis);
  bool inStep = machine.getTeam() == 1;
  if (!inStep && !contraction && work.remove(lane))
    work.insert(lane); // neighbouring items are neighbours in memory
  SmallVector<StringAttr> tileAxes;
  SmallVector<int64_t> workSteps, extents;
  // Vectors along the lane axis; of a contraction also rows of registers.
  Layout layout;
  if (inStep)
    layout.extent = std::max(
        stepAlong(lane, written, machine.getLanes() * machine.getUnroll()),
        machine.getLanes());
  else
    layout = layOut(group, lane, work, contraction, machine);
  auto pairs = [&](Operation *op) {
    auto reduction = dyn_cast<ReductionOpInterface>(op);
    return reduction && reduction.pairsAlong(lane);
  };
  // A machine may have any tiles; what is written is the writer's.
  if (inStep && lane && !written.contains(lane.getValue()) &&
      llvm::any_of(ops, pairs))
    layout.extent = llvm::bit_floor(static_cast<uint64_t>(layout.extent));
  if (inStep)
    stayInStep(group, lane, work, contraction, written, machine, layout);
  MatrixDot matrix = matrixDot(group, lane, work, machine);
  if (matrix.dot) {
    layout.team = machine.getMatrixTeam();
    layout.extent = machine.getMatrixLanes();
    for (Value operand : matrix.dot->getOperands())
      layout.vector =
          std::min(layout.vector, vectorFor(group, axesOf(operand).back(),
                                            matrix.termsOf(machine), machine));
    layout.resident = false;
  }
  if (lane) {
    tileAxes.push_back(lane);
    extents.push_back(layout.extent);
  }
  StringAttr rows = contraction ? rowAxis(group, work, lane) : StringAttr();
  if (matrix.dot) {
    rows = matrix.rows;
    tileAxes.append({rows, matrix.terms});
    extents.append({machine.getMatrixRows(), matrix.termsOf(machine)});
  } else if (rows) {
    tileAxes.push_back(rows);
    extents.push_back(
        std::min(stepAlong(rows, written, machine.getRows()), kMostRows));
  }
  int64_t rowStep = rows ? extents[lane ? 1 : 0] : 1;
  double items = 1;
  for (StringAttr axis : work) {
    int64_t step = axis == rows ? rowStep : 1;
    if (axis == lane)
      // whole steps: no store reaches into the next item's
      step = !inStep || matrix.dot || layout.columns ? layout.extent
             : contraction ? layout.extent * machine.getUnroll()
                           : llvm::alignTo(machine.getChunk(), layout.extent);
    workSteps.push_back(step);
    items *= std::max(1.0, static_cast<double>(sizes.lookup(axis)) /
                               static_cast<double>(step));
  }
  double seconds = costOf(group, sizes, machine).seconds() / items;
  auto grain = static_cast<int64_t>(
      std::clamp(kHandingSeconds / std::max(seconds, 1e-9), 1.0, 64.0));
  // As many as fill a block; one where lanes beyond those in step meet, for
  // they wait for the whole block.
  if (matrix.dot)
    grain = 1;
  else if (!inStep)
    grain = layout.team > machine.getLanes() && !work.contains(lane)
                ? 1
                : std::max<int64_t>(layout.block / layout.team, 1);
  int64_t scratch =
      inStep && !keptValues(group, lane).empty() ? machine.getScratch() : 0;
  return PlanAttr::get(
      group.getContext(), work.getArrayRef(), workSteps, tileAxes, extents,
      lane, grain, scratch, layout.team, layout.vector, layout.resident,
      inStep && lane && isWhole(group, lane, layout, !!matrix.dot, machine),
      matrix.terms,
      /*chain=*/{});
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
