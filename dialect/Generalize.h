// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The inverse of instantiating: one operator with dtype variables from its
// instances, as the text would write it.

#ifndef GEMEL_DIALECT_GENERALIZE_H
#define GEMEL_DIALECT_GENERALIZE_H

#include "dialect/ModuleOps.h"

#include "mlir/IR/OwningOpRef.h"

namespace gemel {

/// An operator for one binding of dtype variables, typed, without calls.
struct BoundOp {
  llvm::SmallVector<mlir::Type> binding;
  OpOp op;
};

/// The operator over `variables` (DtypeVariableAttr) whose instances are
/// `instances`, one for each binding, alike but for the dtypes of arguments and
/// casts. Its body is untyped. Variables that nothing needs are left out.
/// Fails after a report where the instances differ in more. Numerics: exact.
llvm::FailureOr<mlir::OwningOpRef<OpOp>>
generalize(mlir::ArrayAttr variables, llvm::ArrayRef<BoundOp> instances);

} // namespace gemel

#endif // GEMEL_DIALECT_GENERALIZE_H
