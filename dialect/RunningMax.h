// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the running max (online softmax) that a reduction depends on.

#ifndef GEMEL_DIALECT_RUNNINGMAX_H
#define GEMEL_DIALECT_RUNNINGMAX_H

#include "dialect/ReduceOps.h"

#include <optional>

namespace gemel {

/// A `sum` or `dot` over `blocks n` of an axis whose operand holds the running
/// max of that axis in one factor exp(s - m).
struct RunningMax {
  ReduceOp max;                 ///< m = max[A: blocks n](s)
  mlir::Operation *exponential; ///< exp(s - m)
};

/// The running max that `reduction` is rescaled by, none if it is a plain
/// reduction, or failure after a report if the text holds m in another way.
llvm::FailureOr<std::optional<RunningMax>>
findRunningMax(mlir::Operation *reduction);

/// True if `value` is computed from `from`.
bool dependsOn(mlir::Value value, mlir::Value from);

} // namespace gemel

#endif // GEMEL_DIALECT_RUNNINGMAX_H
