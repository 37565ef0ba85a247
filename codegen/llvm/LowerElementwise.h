// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elementwise gemel ops as LLVM IR.

#ifndef GEMEL_CODEGEN_LLVM_LOWERELEMENTWISE_H
#define GEMEL_CODEGEN_LLVM_LOWERELEMENTWISE_H

#include "dialect/ElementwiseOps.h"

#include "llvm/IR/IRBuilder.h"

namespace gemel::llvmir {

/// What a chip has an instruction for and others spell out; the bits are the
/// same.
struct Instructions {
  bool maximum = false;      ///< IEEE-754-2019 maximum and minimum
  bool bf16Rounding = false; ///< f32 to bf16, nearest-even
};

/// The LLVM type of an element in registers: bf16 as its i16 bits.
llvm::Type *registerType(llvm::LLVMContext &context, mlir::Type element);

/// `op` on operands that are all scalars or all vectors of one length.
llvm::Value *lowerElementwise(llvm::IRBuilder<> &ir, mlir::Operation *op,
                              llvm::ArrayRef<llvm::Value *> operands,
                              Instructions has);

/// A constant op's value, a scalar.
llvm::Constant *lowerConstant(llvm::IRBuilder<> &ir, gemel::ConstantOp op);

/// The LLVM type of an element in memory: an i1 is a byte.
llvm::Type *memoryType(llvm::LLVMContext &context, mlir::Type element);

/// A value in registers as memory has it: rounded to `to`, an i1 as a byte.
llvm::Value *toMemory(llvm::IRBuilder<> &ir, llvm::Value *value,
                      mlir::Type from, mlir::Type to, Instructions has);

/// What a load outside of its array gives: NaN, 0, false; as in registers.
llvm::Constant *absentValue(llvm::Type *type, mlir::Type element);

} // namespace gemel::llvmir

#endif // GEMEL_CODEGEN_LLVM_LOWERELEMENTWISE_H
