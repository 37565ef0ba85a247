// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The target-neutral passes. Each is a function on one instantiated operator,
// and a pass of gemel-opt under the same words.

#ifndef GEMEL_PASSES_PASSES_H
#define GEMEL_PASSES_PASSES_H

#include "dialect/ModuleOps.h"
#include "dialect/TileOps.h"

namespace gemel {

/// Replaces each `mean` by sum / size and each integer power by products.
/// Numerics: exact, this is their definition.
void expand(OpOp op);

/// Makes 64-bit indices positions of 32 bits where they are compared with
/// positions, or are where something is read or put: what is no position
/// becomes one that no axis has. Numerics: exact.
void narrow(OpOp op);

/// Folds exact identities, computes equal values once. Numerics: exact, also
/// for -0, inf and NaN.
void simplify(OpOp op);

/// Computes equal values once and drops what nothing reads: the half of
/// `simplify` that does the same whatever the dtypes are. Numerics: exact.
void deduplicate(OpOp op);

/// Where `machine` has a matrix unit that chains no products, prepares those
/// that it can make of what stands in memory: a running max over values of the
/// matrix class becomes a max over all, what runs with it takes the default
/// order, as do products of blocks; a product over several axes becomes one
/// over one of them, and a sum. True if there was any. Numerics: of values of
/// the matrix class only: they are those of another order.
bool unchain(OpOp op, MachineAttr machine);

/// Cuts a reduction that one launch would leave to a few work items into runs
/// and their combination, where its order has such borders; says where it has
/// not, as a remark. Numerics: exact.
void split(OpOp op, MachineAttr machine);

/// Lets contractions read vectors: an operand that has the axis of the lanes,
/// but not last in memory, is copied to another memory order first, where it
/// is read many times, and unless the machine's matrix unit takes it as it is.
/// What is computed for a unit that reads memory is stored as it reads it.
/// Numerics: exact.
void relayout(OpOp op, MachineAttr machine);

/// Makes of each put over one axis, that its index has, ordered bucketing:
/// positions sorted by index, then sums of runs of them. Other puts ask all
/// terms for each position, and a remark says so. Numerics: exact.
void bucket(OpOp op);

/// Partitions the body into groups, one launch each, by bytes moved: what can
/// stay on chip does. Runs' values and positions' join where a unit of
/// `machine` has a cache; a product of a unit that reads memory is the one
/// reduction of its launch. What has to cross launches and why is a remark.
/// Numerics: exact.
void fuse(OpOp op, MachineAttr machine);

/// Gives each group its plan, from the cost model over `machine`; `written`
/// (may be null) overrides steps. Fails after a report at a directive that
/// the operator cannot obey. Numerics: exact.
llvm::LogicalResult schedule(OpOp op, MachineAttr machine, PlanOp written);

/// A temporary that one group hands to another.
struct Workspace {
  mlir::StringAttr name;
  ArrayType type;
};

/// What `tile` leaves of an operator.
struct Tiled {
  llvm::SmallVector<KernelOp> kernels; ///< in launch order
  llvm::SmallVector<Workspace> workspaces;
};

/// Makes the loops, tiles, loads and stores of each group's plan explicit, as
/// kernels appended to `into`. Numerics: exact.
llvm::FailureOr<Tiled> tile(OpOp op, mlir::Block &into);

/// The passes from a typed operator to planned groups, in their order.
llvm::LogicalResult toGroups(OpOp op, MachineAttr machine, PlanOp written);

/// A machine that is no target's, where none is named.
MachineAttr anyMachine(mlir::MLIRContext *context);

/// Registers the passes with gemel-opt, under `gemel-` and their names, and
/// `gemel-instantiate` before them.
void registerPasses();

} // namespace gemel

#endif // GEMEL_PASSES_PASSES_H
