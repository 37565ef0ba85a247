// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The default order over a loop: runs that meet as a binary counter's bits do.

#include "codegen/llvm/RunStack.h"

#include "codegen/llvm/Combine.h"
#include "codegen/llvm/Control.h"

using namespace gemel;
using namespace gemel::llvmir;
using llvm::BasicBlock;
using llvm::SmallVector;
using llvm::Value;

RunStack::RunStack(llvm::IRBuilder<> &ir, llvm::StringRef kind,
                   mlir::Type element, llvm::Type *each, int64_t count,
                   int64_t levels, bool inRegisters, llvm::Align alignment)
    : ir(ir), kind(kind), element(element), each(each), levels(levels),
      inRegisters(inRegisters), alignment(alignment) {
  for (int64_t i = 0; i < count; ++i) {
    auto &stack = stacks.emplace_back();
    for (int64_t level = 0; level < (inRegisters ? levels : 1); ++level)
      stack.push_back(stackSlot(ir, each, inRegisters ? 1 : levels, alignment));
  }
  runs = stackSlot(ir, ir.getInt64Ty(), 1, alignment);
  ir.CreateStore(ir.getInt64(0), runs);
}

/// Where a sum's run of a level is.
Value *RunStack::slot(int64_t sum, Value *level) {
  if (!inRegisters)
    return ir.CreateGEP(each, stacks[sum][0], level);
  return stacks[sum][llvm::cast<llvm::ConstantInt>(level)->getZExtValue()];
}

void RunStack::push(llvm::ArrayRef<Value *> terms, int64_t first) {
  llvm::Function *function = ir.GetInsertBlock()->getParent();
  auto block = [&](const char *name) {
    return BasicBlock::Create(ir.getContext(), name, function);
  };
  Value *number = ir.CreateLoad(ir.getInt64Ty(), runs);
  ir.CreateStore(ir.CreateAdd(number, ir.getInt64(int64_t(1) << first)), runs);
  SmallVector<Value *> sums(terms);
  if (inRegisters) {
    BasicBlock *after = block("pushed");
    for (int64_t level = first; level < levels; ++level) {
      auto *place = ir.getInt64(level);
      BasicBlock *rest = block("rest"), *more = block("meet");
      Value *bit = ir.CreateTrunc(ir.CreateLShr(number, level), ir.getInt1Ty());
      ir.CreateCondBr(level + 1 < levels ? bit : ir.getFalse(), more, rest);
      ir.SetInsertPoint(rest);
      for (auto [i, sum] : llvm::enumerate(sums))
        ir.CreateStore(sum, slot(i, place));
      ir.CreateBr(after);
      ir.SetInsertPoint(more);
      for (auto [i, sum] : llvm::enumerate(sums))
        sum = combine(ir, kind, element, ir.CreateLoad(each, slot(i, place)),
                      sum);
    }
    ir.CreateUnreachable(); // the last level has room
    ir.SetInsertPoint(after);
    return;
  }
  BasicBlock *before = ir.GetInsertBlock(), *head = block("carry");
  BasicBlock *more = block("meet"), *done = block("rest");
  number = ir.CreateLShr(number, first);
  ir.CreateBr(head);
  ir.SetInsertPoint(head);
  llvm::PHINode *bits = ir.CreatePHI(ir.getInt64Ty(), 2);
  llvm::PHINode *level = ir.CreatePHI(ir.getInt64Ty(), 2);
  bits->addIncoming(number, before);
  level->addIncoming(ir.getInt64(first), before);
  SmallVector<llvm::PHINode *> phis;
  for (Value *term : terms) {
    phis.push_back(ir.CreatePHI(each, 2));
    phis.back()->addIncoming(term, before);
  }
  ir.CreateCondBr(ir.CreateTrunc(bits, ir.getInt1Ty()), more, done);
  ir.SetInsertPoint(more);
  for (auto [i, phi] : llvm::enumerate(phis))
    phi->addIncoming(
        combine(ir, kind, element, ir.CreateLoad(each, slot(i, level)), phi),
        more);
  bits->addIncoming(ir.CreateLShr(bits, 1), more);
  level->addIncoming(ir.CreateAdd(level, ir.getInt64(1)), more);
  ir.CreateBr(head);
  ir.SetInsertPoint(done);
  for (auto [i, phi] : llvm::enumerate(phis))
    ir.CreateStore(phi, slot(i, level));
}

SmallVector<Value *> RunStack::totals() {
  Value *number = ir.CreateLoad(ir.getInt64Ty(), runs);
  Value *empty = ir.CreateICmpEQ(number, ir.getInt64(0));
  SmallVector<Value *> slots;
  for (size_t i = 0; i < stacks.size(); ++i) {
    slots.push_back(stackSlot(ir, each, 1, alignment));
    ir.CreateStore(identity(kind, element, each), slots.back());
  }
  auto meet = [&](Value *level) {
    Value *set = ir.CreateTrunc(ir.CreateLShr(number, level), ir.getInt1Ty());
    emitIf(ir, set, [&] {
      for (auto [i, total] : llvm::enumerate(slots)) {
        Value *run = ir.CreateLoad(each, slot(i, level));
        ir.CreateStore(
            combine(ir, kind, element, run, ir.CreateLoad(each, total)), total);
      }
    });
  };
  if (inRegisters)
    for (int64_t level = 0; level < levels; ++level)
      meet(ir.getInt64(level));
  else
    emitLoop(ir, ir.getInt64(0),
             ir.CreateSub(ir.getInt64(64),
                          ir.CreateIntrinsic(llvm::Intrinsic::ctlz,
                                             {ir.getInt64Ty()},
                                             {number, ir.getFalse()})),
             ir.getInt64(1), meet);
  SmallVector<Value *> result;
  for (Value *slot : slots) {
    Value *total = ir.CreateLoad(each, slot);
    // An empty sum is +0, which is not what leaves a term unchanged.
    if (kind != "prod" && mlir::isa<mlir::FloatType>(element))
      total = ir.CreateSelect(empty, llvm::Constant::getNullValue(each), total);
    result.push_back(total);
  }
  return result;
}
