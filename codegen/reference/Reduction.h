// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ordered combination of terms.

#ifndef GEMEL_CODEGEN_REFERENCE_REDUCTION_H
#define GEMEL_CODEGEN_REFERENCE_REDUCTION_H

#include "codegen/reference/Scalar.h"

namespace gemel::reference {

/// Combines `terms` (of element `element`) in the language's order.
Number combine(ReduceKind kind, OrderAttr order, mlir::Type element,
               std::vector<Number> terms, Mode mode);

} // namespace gemel::reference

#endif // GEMEL_CODEGEN_REFERENCE_REDUCTION_H
