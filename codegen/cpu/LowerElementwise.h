// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elementwise gemel ops as LLVM IR.

#ifndef GEMEL_CODEGEN_CPU_LOWERELEMENTWISE_H
#define GEMEL_CODEGEN_CPU_LOWERELEMENTWISE_H

#include "mlir/IR/Operation.h"
#include "llvm/IR/IRBuilder.h"

namespace gemel::cpu {

/// The LLVM type of an element in registers: bf16 as its i16 bits.
llvm::Type *registerType(llvm::LLVMContext &context, mlir::Type element);

/// `op` on operands that are all scalars or all vectors of `lanes`.
llvm::Value *lowerElementwise(llvm::IRBuilder<> &ir, mlir::Operation *op,
                              llvm::ArrayRef<llvm::Value *> operands);

/// Rounds f32 to the bits of a bf16, nearest-even, NaN to the quiet one; x86
/// below AVX512-BF16 has no instruction for it.
llvm::Value *roundToBf16(llvm::IRBuilder<> &ir, llvm::Value *f32);

} // namespace gemel::cpu

#endif // GEMEL_CODEGEN_CPU_LOWERELEMENTWISE_H
