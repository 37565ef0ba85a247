// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types an operator for one binding of its dtype variables.

#ifndef GEMEL_DIALECT_INSTANTIATE_H
#define GEMEL_DIALECT_INSTANTIATE_H

#include "dialect/ModuleOps.h"

namespace gemel {

/// Finds a callee by name; null if there is none.
using OpLookup = llvm::function_ref<OpOp(llvm::StringRef)>;

/// All bindings of an operator's dtype variables, each one type a variable,
/// in the order of the text (the last variable varies fastest).
llvm::SmallVector<llvm::SmallVector<mlir::Type>> bindingsOf(OpOp op);

/// Types `op` in place for one binding, inlining its calls. Reports and fails
/// on what the language refuses. Numerics: exact.
llvm::LogicalResult instantiate(OpOp op, llvm::ArrayRef<mlir::Type> binding,
                                OpLookup lookup);

/// Types copies of `op` for every binding and reports what fails. Calls are
/// not followed: what depends on them stays unchecked.
llvm::LogicalResult checkTypes(OpOp op);

} // namespace gemel

#endif // GEMEL_DIALECT_INSTANTIATE_H
