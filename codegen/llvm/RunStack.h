// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The default order over a loop: runs that meet as a binary counter's bits do.

#ifndef GEMEL_CODEGEN_LLVM_RUNSTACK_H
#define GEMEL_CODEGEN_LLVM_RUNSTACK_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/IR/IRBuilder.h"

namespace gemel::llvmir {

/// Values of one run each are pushed in order; equal, neighbouring runs are
/// combined, so that at most one of each length is left.
class RunStack {
public:
  /// `count` sums side by side, each of `each`; runs of up to 2^(levels - 1)
  /// pushes. `inRegisters`: code for each level, so that nothing is indexed.
  RunStack(llvm::IRBuilder<> &ir, llvm::StringRef kind, mlir::Type element,
           llvm::Type *each, int64_t count, int64_t levels, bool inRegisters,
           llvm::Align alignment);
  /// `terms` are of one push, or already combined of 2^level of them, if as
  /// many or a multiple were pushed before.
  void push(llvm::ArrayRef<llvm::Value *> terms, int64_t level = 0);
  /// What is left combined: the shortest run is last, and passes up to meet the
  /// longer. An empty sum is +0.
  llvm::SmallVector<llvm::Value *> totals();

private:
  llvm::Value *slot(int64_t sum, llvm::Value *level);

  llvm::IRBuilder<> &ir;
  llvm::StringRef kind;
  mlir::Type element;
  llvm::Type *each;
  int64_t levels;
  bool inRegisters;
  llvm::Align alignment;
  llvm::Value *runs; ///< how many were pushed
  /// Of each sum its levels: one array, or a slot a level.
  llvm::SmallVector<llvm::SmallVector<llvm::Value *>> stacks;
};

} // namespace gemel::llvmir

#endif // GEMEL_CODEGEN_LLVM_RUNSTACK_H
