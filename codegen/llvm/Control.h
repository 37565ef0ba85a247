// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops, branches, stack slots and positions at a builder's point.

#ifndef GEMEL_CODEGEN_LLVM_CONTROL_H
#define GEMEL_CODEGEN_LLVM_CONTROL_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/IRBuilder.h"

namespace gemel::llvmir {

/// Room for `count` values, made once when the function is entered.
llvm::AllocaInst *stackSlot(llvm::IRBuilder<> &ir, llvm::Type *type,
                            int64_t count, llvm::Align alignment);

/// for (i = lower; i < upper; i += step) body(i), in 64 bits, signed.
void emitLoop(llvm::IRBuilder<> &ir, llvm::Value *lower, llvm::Value *upper,
              llvm::Value *step, llvm::function_ref<void(llvm::Value *)> body);

void emitIf(llvm::IRBuilder<> &ir, llvm::Value *condition,
            llvm::function_ref<void()> then);

/// `then` where `condition` holds, else `otherwise`, without evaluating what is
/// not taken.
llvm::Value *emitChoice(llvm::IRBuilder<> &ir, llvm::Value *condition,
                        llvm::Value *otherwise,
                        llvm::function_ref<llvm::Value *()> then);

/// The quotient rounded down, in 64 bits, by a positive divisor.
llvm::Value *floorDivide(llvm::IRBuilder<> &ir, llvm::Value *a, llvm::Value *b);

} // namespace gemel::llvmir

#endif // GEMEL_CODEGEN_LLVM_CONTROL_H
