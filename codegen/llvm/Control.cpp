// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops, branches and stack slots at a builder's point.

#include "codegen/llvm/Control.h"

using namespace gemel;
using llvm::BasicBlock;
using llvm::Value;

static BasicBlock *makeBlock(llvm::IRBuilder<> &ir, const char *name) {
  return BasicBlock::Create(ir.getContext(), name,
                            ir.GetInsertBlock()->getParent());
}

llvm::AllocaInst *llvmir::stackSlot(llvm::IRBuilder<> &ir, llvm::Type *type,
                                    int64_t count, llvm::Align alignment) {
  BasicBlock &first = ir.GetInsertBlock()->getParent()->getEntryBlock();
  llvm::IRBuilder<> entry(&first, first.begin());
  auto *slot = entry.CreateAlloca(type, entry.getInt64(count));
  slot->setAlignment(alignment);
  return slot;
}

void llvmir::emitLoop(llvm::IRBuilder<> &ir, Value *lower, Value *upper,
                      Value *step, llvm::function_ref<void(Value *)> body) {
  BasicBlock *head = makeBlock(ir, "head"), *inside = makeBlock(ir, "body");
  BasicBlock *after = makeBlock(ir, "after"), *before = ir.GetInsertBlock();
  ir.CreateBr(head);
  ir.SetInsertPoint(head);
  llvm::PHINode *i = ir.CreatePHI(ir.getInt64Ty(), 2);
  i->addIncoming(lower, before);
  ir.CreateCondBr(ir.CreateICmpSLT(i, upper), inside, after);
  ir.SetInsertPoint(inside);
  body(i);
  i->addIncoming(ir.CreateAdd(i, step), ir.GetInsertBlock());
  ir.CreateBr(head);
  ir.SetInsertPoint(after);
}

void llvmir::emitIf(llvm::IRBuilder<> &ir, Value *condition,
                    llvm::function_ref<void()> then) {
  BasicBlock *yes = makeBlock(ir, "then"), *after = makeBlock(ir, "endif");
  ir.CreateCondBr(condition, yes, after);
  ir.SetInsertPoint(yes);
  then();
  ir.CreateBr(after);
  ir.SetInsertPoint(after);
}

Value *llvmir::emitChoice(llvm::IRBuilder<> &ir, Value *condition,
                          Value *otherwise,
                          llvm::function_ref<Value *()> then) {
  BasicBlock *before = ir.GetInsertBlock();
  Value *chosen = nullptr;
  BasicBlock *end = nullptr;
  emitIf(ir, condition, [&] {
    chosen = then();
    end = ir.GetInsertBlock();
  });
  llvm::PHINode *phi = ir.CreatePHI(otherwise->getType(), 2);
  phi->addIncoming(chosen, end);
  phi->addIncoming(otherwise, before);
  return phi;
}

Value *llvmir::floorDivide(llvm::IRBuilder<> &ir, Value *a, Value *b) {
  Value *zero = ir.getInt64(0);
  Value *low = ir.CreateSub(a, ir.CreateSub(b, ir.getInt64(1)));
  return ir.CreateSDiv(ir.CreateSelect(ir.CreateICmpSLT(a, zero), low, a), b);
}
