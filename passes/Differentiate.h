// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Derives the backward of an operator.

#ifndef GEMEL_PASSES_DIFFERENTIATE_H
#define GEMEL_PASSES_DIFFERENTIATE_H

#include "dialect/ModuleOps.h"

#include "mlir/IR/OwningOpRef.h"

namespace gemel {

/// What differentiation makes of one typed operator @f; all three are typed
/// operators of their own.
struct Derivative {
  /// @f_train: @f whose results the saved values join. The same bits.
  mlir::OwningOpRef<OpOp> training;
  /// @f_backward: from the parameters and saved values that it needs and from
  /// dy for each result y, gives dx for each parameter x that has a gradient,
  /// in header order and of the parameter's type.
  mlir::OwningOpRef<OpOp> backward;
  /// @f_accumulate: @f_backward that adds the gradients to inout f32 arrays.
  mlir::OwningOpRef<OpOp> accumulate;
  /// For each gradient the parameter's name.
  llvm::SmallVector<mlir::StringAttr> parameters;
  /// Of these, the ones whose gradient the text gives.
  llvm::SmallVector<mlir::StringAttr> given;
  /// For each result that a gradient comes in for: its name, and the
  /// backward's parameter (if the backward needs it).
  llvm::SmallVector<std::pair<mlir::StringAttr, mlir::StringAttr>> incoming;
  /// The names of the saved values that @f_train gives.
  llvm::SmallVector<mlir::StringAttr> saved;
};

/// True if the derived backward gives this parameter a gradient: an array of
/// floats.
bool hasGradient(ArgumentAttr parameter);

/// Derives the backward by the ops' vector-Jacobian products. A value's
/// contributions are added in the order of its uses: as a result first, then
/// as the ops that read it are evaluated. What the backward reads of the
/// forward it computes again, but for saved values. Fails after a report.
/// Numerics: none on @f; @f_train is exact, the others compute what the
/// derived text says.
llvm::FailureOr<Derivative> differentiate(OpOp op);

} // namespace gemel

#endif // GEMEL_PASSES_DIFFERENTIATE_H
