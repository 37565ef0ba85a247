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

/// Partitions the body into groups, one launch each, by bytes moved: what can
/// stay on chip does. Numerics: exact.
void fuse(OpOp op);

/// A temporary that one group hands to another.
struct Workspace {
  mlir::StringAttr name;
  ArrayType type;
};

/// What `tile` leaves of an operator.
struct Tiled {
  llvm::SmallVector<KernelOp> kernels;    ///< in launch order
  llvm::SmallVector<Workspace> workspaces;
};

/// How wide a target's lanes are; its machine description fills this in.
struct TileOptions {
  int64_t lanes = 8;      ///< f32 positions of one vector
  int64_t unroll = 4;     ///< vectors a step along the lane axis
  int64_t chunk = 4096;   ///< positions of the lane axis in one work item
  int64_t rows = 4;       ///< rows a step of a contraction
};

/// Makes each group's loops, tiles, loads and stores explicit, as kernels
/// appended to `into`. `plan` (may be null) overrides tile sizes. Numerics:
/// exact.
llvm::FailureOr<Tiled> tile(OpOp op, PlanOp plan, const TileOptions &options,
                            mlir::Block &into);

/// Registers the passes with gemel-opt.
void registerPasses();

} // namespace gemel

#endif // GEMEL_PASSES_PASSES_H
