// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values that several sweeps of a work item use.

#ifndef GEMEL_PASSES_KEPT_H
#define GEMEL_PASSES_KEPT_H

#include "dialect/TileOps.h"

namespace gemel {

/// The values of a group that cost more to compute again than to keep, and
/// that several sweeps along `lane` use: reductions over it alone, and the
/// stores after them. In block order.
llvm::SmallVector<mlir::Value> keptValues(GroupOp group, mlir::StringAttr lane);

/// True for a reduction that is a sweep along `lane` over a work item's row.
bool isSweep(mlir::Operation *op, mlir::StringAttr lane);

} // namespace gemel

#endif // GEMEL_PASSES_KEPT_H
