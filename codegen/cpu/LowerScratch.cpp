// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A work item's own memory: the stack of the thread that runs it.

#include "codegen/cpu/Lowering.h"
#include "codegen/llvm/Control.h"
#include "codegen/llvm/LowerElementwise.h"
#include "dialect/TypeRules.h"

using namespace gemel;
using namespace gemel::cpu;
using namespace gemel::llvmir;
using llvm::Value;

// The last vectors of a row reach past it; scratch has room for them, so that
// nothing is masked.
static constexpr int64_t kSlack = 65536 / sizeof(float) / 16;

void Lowering::lowerScratch(ScratchOp scratch) {
  llvm::Type *type =
      registerType(ir.getContext(), elementOf(scratch.getResult()));
  Value *fits = ir.CreateICmpSLE(axisSize(scratch.getAxisAttr()),
                                 ir.getInt64(scratch.getLimit()));
  scratches[scratch.getResult()] = {
      stackSlot(ir, type, static_cast<int64_t>(scratch.getLimit()) + kSlack,
                llvm::Align(64)),
      fits};
}

void Lowering::lowerKeep(KeepOp keep) {
  Scratch scratch = scratches.lookup(keep.getScratch());
  Value *position = indices.lookup(keep.getPosition());
  emitIf(ir, scratch.fits, [&] {
    for (int64_t v = 0, n = vectorsOf(keep.getTile().getType()); v < n; ++v) {
      Value *value = chunk(keep.getTile(), 0, v, /*asVector=*/true);
      Value *at = ir.CreateAdd(position, ir.getInt64(v * lanes));
      ir.CreateAlignedStore(
          value,
          ir.CreateGEP(value->getType()->getScalarType(), scratch.pointer, at),
          llvm::Align(4));
    }
  });
}

void Lowering::lowerRecall(RecallOp recall) {
  llvm::LLVMContext &context = ir.getContext();
  Scratch scratch = scratches.lookup(recall.getScratch());
  Value *position = indices.lookup(recall.getPosition());
  mlir::Type tile = recall.getResult().getType();
  llvm::Type *type =
      llvm::FixedVectorType::get(registerType(context, elementOf(tile)), lanes);
  auto *kept = llvm::BasicBlock::Create(context, "kept", function);
  auto *again = llvm::BasicBlock::Create(context, "again", function);
  auto *after = llvm::BasicBlock::Create(context, "recalled", function);
  ir.CreateCondBr(scratch.fits, kept, again);
  ir.SetInsertPoint(kept);
  Chunks loaded, computed;
  for (int64_t v = 0, n = vectorsOf(tile); v < n; ++v) {
    Value *at = ir.CreateAdd(position, ir.getInt64(v * lanes));
    loaded.push_back(ir.CreateAlignedLoad(
        type, ir.CreateGEP(type->getScalarType(), scratch.pointer, at),
        llvm::Align(4)));
  }
  ir.CreateBr(after);
  ir.SetInsertPoint(again);
  mlir::Block &body = recall.getBody().front();
  lowerBlock(body);
  mlir::Value yielded = mlir::cast<YieldOp>(body.back()).getValues()[0];
  for (size_t v = 0; v < loaded.size(); ++v)
    computed.push_back(chunk(yielded, 0, v, /*asVector=*/true));
  llvm::BasicBlock *computedIn = ir.GetInsertBlock();
  ir.CreateBr(after);
  ir.SetInsertPoint(after);
  Chunks result;
  for (auto [a, b] : llvm::zip(loaded, computed)) {
    llvm::PHINode *phi = ir.CreatePHI(type, 2);
    phi->addIncoming(a, kept);
    phi->addIncoming(b, computedIn);
    result.push_back(phi);
  }
  values[recall.getResult()] = result;
}
