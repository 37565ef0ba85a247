// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Axes of values as sets, and which ops run over axes their value lacks.

#ifndef GEMEL_PASSES_AXISSET_H
#define GEMEL_PASSES_AXISSET_H

#include "dialect/IndexOps.h"
#include "dialect/Interfaces.h"
#include "dialect/ModuleOps.h"
#include "dialect/TileOps.h"
#include "dialect/TypeRules.h"

#include "llvm/ADT/SetVector.h"

namespace gemel {

using AxisSet = llvm::SmallSetVector<mlir::StringAttr, 8>;

inline AxisSet axisSet(mlir::Value value) {
  AxisSet set;
  for (mlir::StringAttr axis : axesOf(value))
    set.insert(axis);
  return set;
}

/// In the order of `a`.
inline AxisSet intersect(const AxisSet &a, const AxisSet &b) {
  AxisSet both;
  for (mlir::StringAttr axis : a)
    if (b.contains(axis))
      both.insert(axis);
  return both;
}

inline bool sameSet(const AxisSet &a, const AxisSet &b) {
  return a.size() == b.size() && intersect(a, b).size() == a.size();
}

/// `axes` as work items see them that have whole runs: each axis that one of
/// `runs` cuts alone becomes that axis of runs.
inline AxisSet inRuns(const AxisSet &axes, OpOp op,
                      llvm::ArrayRef<mlir::StringAttr> runs) {
  AxisSet seen;
  for (mlir::StringAttr axis : axes) {
    const auto *cut = llvm::find_if(
        runs, [&](mlir::StringAttr one) { return op.getCutAxis(one) == axis; });
    seen.insert(cut == runs.end() ? axis : *cut);
  }
  return seen;
}

/// What runs over axes of its own: a reduction, a dot, what places.
inline bool reduces(mlir::Operation *op) {
  return llvm::isa<ReductionOpInterface, PlacingOpInterface>(op);
}

/// The position that `at` reads, where it is known that the axis has it.
std::optional<int64_t> knownPosition(AtOp at);

/// Axes of a few positions, other than `lane`, which are summed, or of which
/// some are read whatever the position is: a work item has them all, one after
/// another, and reads each once. None where there is another loop.
AxisSet fewAxes(GroupOp group, mlir::StringAttr lane);

/// Whether an operator speaks of an axis' positions: it is a sequence's then,
/// and longer than what a position has several of.
bool hasPositions(OpOp op, mlir::StringAttr axis);

/// The axis along which vectors lie best when `ops` compute `stored`: the one
/// that most arrays have last in memory. Null if nothing has an axis.
mlir::StringAttr laneAxis(llvm::ArrayRef<mlir::Value> stored,
                          llvm::ArrayRef<mlir::Operation *> ops);

/// The ops that compute `value` from values of `barriers`, of other blocks,
/// and block arguments, in order.
llvm::SmallVector<mlir::Operation *>
cone(mlir::Value value, const llvm::DenseSet<mlir::Value> &barriers);

} // namespace gemel

#endif // GEMEL_PASSES_AXISSET_H
