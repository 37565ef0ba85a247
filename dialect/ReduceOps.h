// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// C++ classes of the ops in ReduceOps.td.

#ifndef GEMEL_DIALECT_REDUCEOPS_H
#define GEMEL_DIALECT_REDUCEOPS_H

#include "dialect/Dialect.h"
#include "dialect/Interfaces.h"

#define GET_OP_CLASSES
#include "dialect/ReduceOps.h.inc"

namespace gemel {

/// Whether a value is of the exact class: the same bits on every target. It is
/// not where it depends on a `dot`, on `fast` or on `free`.
bool isExact(mlir::Value value);

} // namespace gemel

#endif // GEMEL_DIALECT_REDUCEOPS_H
