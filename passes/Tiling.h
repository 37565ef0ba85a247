// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// State shared by the parts of the tiling of one group.
//
// Values are asked for, not walked: each is computed in the outermost loop in
// which all its axes have a position, once. What a reduction runs over is
// computed in the loop that runs. So a row's sums stand before the sweep that
// uses them, and nothing is stored that one sweep can hold.

#ifndef GEMEL_PASSES_TILING_H
#define GEMEL_PASSES_TILING_H

#include "passes/AxisSet.h"
#include "passes/Passes.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/Interfaces.h"
#include "dialect/RunningMax.h"
#include "dialect/SortOps.h"
#include "dialect/TypeRules.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/MapVector.h"

namespace gemel {

/// Where an axis stands: a first position with an extent, or, under `at`, a
/// tile of positions.
struct Position {
  mlir::Value index;
  int64_t extent = 1;
  mlir::Value tile;
};

/// A sum of positions and sizes, less others, and of a constant, in i32.
struct Affine {
  llvm::SmallVector<mlir::Operation *> plus, minus; ///< pos and size ops
  int64_t constant = 0;
};

/// A loop body (or a place under `at`) in which some axes have positions.
struct Scope {
  Scope *parent = nullptr;
  bool isAgain = false; ///< the region of a recall
  llvm::SmallDenseMap<mlir::StringAttr, Position, 8> positions;
  /// Values that mean something else here: a running max at its block.
  llvm::SmallDenseMap<mlir::Value, mlir::Value, 2> overrides;
  llvm::DenseMap<mlir::Value, mlir::Value> computed;
  mlir::OpBuilder builder;

  explicit Scope(mlir::OpBuilder builder) : builder(builder) {}
  /// A scope in `outer` whose ops stand at the end of `block`.
  Scope(Scope &outer, mlir::Block &block)
      : parent(&outer), positions(outer.positions), overrides(outer.overrides),
        builder(outer.builder) {
    builder.setInsertionPointToEnd(&block);
  }
};

/// A yielded value and arrays that take it; the first has the axes of all.
struct Stored {
  mlir::Value value;
  llvm::SmallVector<mlir::Value> arrays;
};

class Tiling {
public:
  Tiling(GroupOp group, KernelOp kernel)
      : group(group), kernel(kernel), plan(*group.getPlan()),
        lane(plan.getLane()), few(fewAxes(group, lane)),
        context(group.getContext()) {}

  /// Array that a captured value or a stored one lives in.
  llvm::DenseMap<mlir::Value, mlir::Value> arrays;
  /// What is stored, in order; a value whose arrays differ in axes, so that
  /// none has them all, stands here several times.
  llvm::SmallVector<Stored> stores;

  void run();

private:
  using Axes = llvm::ArrayRef<mlir::StringAttr>;
  using Extents = llvm::ArrayRef<std::pair<mlir::StringAttr, int64_t>>;

  // Tile.cpp: values where they are asked for.
  mlir::Value emit(mlir::Value value, Scope &scope);
  mlir::Value emitHere(mlir::Value value, Scope &scope);
  mlir::Value emitKept(mlir::Value value, Scope &scope);
  mlir::Value emitOp(mlir::Operation *o, Scope &scope);
  mlir::Value emitAt(AtOp at, Scope &scope);
  /// `value` where `axis` stands at a position of its own.
  mlir::Value emitAt(mlir::Value value, mlir::StringAttr axis,
                     const Position &position, Scope &scope);
  mlir::Value load(mlir::Value array, Scope &scope);

  // TileStore.cpp: work items and what they store.
  using Nest = llvm::SmallVector<const Stored *>;
  void emitStores(llvm::ArrayRef<const Stored *> nest, Scope &scope);
  /// Computes and stores where all axes have a position.
  void storeHere(llvm::ArrayRef<const Stored *> nest,
                 llvm::ArrayRef<Scope *> scopes);
  void emitNests(Scope &scope);
  void hostRows(mlir::StringAttr axis, Scope &body);
  void scatterPositions(ArgsortOp sort, mlir::Value places, mlir::Value array,
                        Scope &scope);
  std::pair<mlir::Value, mlir::Value> bounds(mlir::StringAttr axis,
                                             Scope &scope);
  /// Makes room for the values that several sweeps of a row use, and runs the
  /// sweeps in their order.
  void emitSweeps(Scope &scope);
  /// Lays the whole of the lane axis, or of a work item's run, out along the
  /// lanes, if the plan says that a step holds it.
  void makeResident(Scope &scope);

  // TileFew.cpp: positions that are known.
  using Scopes = llvm::SmallVector<std::unique_ptr<Scope>>;
  void writeOut(mlir::StringAttr axis, Scopes &scopes);
  mlir::Value sumFew(ReduceOp sum, Scope &scope);
  /// A position, as the one index that stands for it.
  mlir::Value numberAt(int64_t position);
  std::optional<int64_t> numberOf(mlir::Value index);
  /// Whether a condition on positions holds here, if these are known.
  std::optional<bool> isKnown(mlir::Value condition, Scope &scope);
  LoadOp knownLoad(mlir::Value array, mlir::ValueRange positions, Scope &scope);

  // TileReduce.cpp: loops that combine.
  mlir::Value emitReduction(mlir::Operation *o, Scope &scope);
  mlir::Value emitReduce(mlir::Operation *o, Scope &scope, mlir::Value lower,
                         mlir::Value upper, OrderAttr order);
  mlir::Value emitBlocks(mlir::Operation *o, Scope &scope, mlir::Value lower,
                         mlir::Value upper, OrderAttr order);
  mlir::Value emitRunning(mlir::Operation *o, const RunningMax &max,
                          Scope &scope);
  /// Where a running max has live positions: below `end`.
  struct Mask {
    WhereOp where;
    Affine end;
  };
  std::optional<Mask> maskOf(ReduceOp max);
  mlir::Value indexOf(const Affine &sum, bool last, Scope &scope);
  ForOp emitBlocksOf(llvm::ArrayRef<mlir::Operation *> together,
                     const RunningMax &max, mlir::Value lower,
                     mlir::Value upper, mlir::Value size,
                     mlir::ValueRange inits, WhereOp open, Scope &scope);
  llvm::SmallVector<mlir::Operation *>
  togetherWith(mlir::Operation *o, const RunningMax &max, Scope &scope);

  // TilePlace.cpp: loops of what places.
  mlir::Value positionTile(mlir::StringAttr axis, mlir::Type element,
                           Scope &scope);
  mlir::Value emitPut(PutOp put, Scope &scope);
  mlir::Value emitArgsort(ArgsortOp sort, Scope &scope);
  mlir::Value emitSearch(SearchSortedOp search, Scope &scope);
  mlir::Value emitSumRuns(SumRunsOp sum, Scope &scope);

  /// The size of an axis; of several, taken as one.
  mlir::Value extent(Axes axes, Scope &scope);
  mlir::Value index(int64_t value, Scope &scope);
  /// min(first + count, limit)
  mlir::Value clipped(mlir::Value first, int64_t count, mlir::Value limit,
                      Scope &scope);
  mlir::Value constant(mlir::TypedAttr attr, Scope &scope);
  TileType tileType(Extents axes, mlir::Type element);
  ForOp loop(mlir::StringAttr axis, mlir::Value lower, mlir::Value upper,
             int64_t step, llvm::ArrayRef<llvm::StringRef> combine,
             llvm::ArrayRef<OrderAttr> orders, mlir::ValueRange inits,
             mlir::TypeRange results, Scope &scope);
  /// Gives the axes their positions at `at`: one axis directly; several, taken
  /// as one, by division, under the lane axis' name if they have `step` lanes.
  void bind(Axes axes, mlir::Value at, int64_t step, Scope &body);

  GroupOp group;
  KernelOp kernel;
  PlanAttr plan;
  mlir::StringAttr lane;
  AxisSet few; ///< axes that are written out
  /// What is stored for each position of an axis whose run a reduction walks:
  /// the loop of the first such reduction stores it on its way.
  llvm::MapVector<mlir::StringAttr, Nest> guests;
  /// Where the lane axis stands throughout a work item, if a step holds it.
  mlir::Value residentFirst;
  /// Of a kept value: its scratch, and whether a sweep has kept it.
  struct Room {
    mlir::Value scratch;
    bool full = false;
  };
  llvm::DenseMap<mlir::Value, Room> rooms;
  llvm::SmallDenseMap<int64_t, mlir::Value> numbers; ///< known positions
  llvm::SmallVector<LoadOp> loads;
  mlir::MLIRContext *context;
  mlir::Location loc = mlir::UnknownLoc::get(context);
};

} // namespace gemel

#endif // GEMEL_PASSES_TILING_H
