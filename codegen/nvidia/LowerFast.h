// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the chip approximates: ops inside `fast(...)`.

#ifndef GEMEL_CODEGEN_NVIDIA_LOWERFAST_H
#define GEMEL_CODEGEN_NVIDIA_LOWERFAST_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/IRBuilder.h"

namespace gemel::nvidia {

/// An op that the text allows to be approximate, by the chip's instruction;
/// null if the op is not, or if its definition is as good. `piece`: an element
/// of any tile that the op or those before it read.
llvm::Value *lowerFast(llvm::IRBuilder<> &ir, mlir::Operation *op,
                       llvm::function_ref<llvm::Value *(mlir::Value)> piece);

} // namespace gemel::nvidia

#endif // GEMEL_CODEGEN_NVIDIA_LOWERFAST_H
