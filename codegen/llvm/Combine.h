// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a reduction combines two terms, and what changes none.

#ifndef GEMEL_CODEGEN_LLVM_COMBINE_H
#define GEMEL_CODEGEN_LLVM_COMBINE_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/IR/IRBuilder.h"

namespace gemel::llvmir {

/// The value that changes no term of a `kind` (as `gemel.for` names it), to the
/// bit; of `type`, a scalar or a vector.
llvm::Value *identity(llvm::StringRef kind, mlir::Type element,
                      llvm::Type *type);

/// Two terms as one. `hasMaximum`: the chip has an instruction for IEEE maxima.
llvm::Value *combine(llvm::IRBuilder<> &ir, llvm::StringRef kind,
                     mlir::Type element, llvm::Value *a, llvm::Value *b,
                     bool hasMaximum = false);

} // namespace gemel::llvmir

#endif // GEMEL_CODEGEN_LLVM_COMBINE_H
