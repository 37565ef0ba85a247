// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a team of threads combines: shuffles in a warp, shared memory between.

#include "codegen/llvm/Combine.h"
#include "codegen/nvidia/Lowering.h"

#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace gemel;
using namespace gemel::llvmir;
using namespace gemel::nvidia;
using llvm::SmallVector;
using llvm::Value;

// PTX's shared memory.
static constexpr unsigned kShared = 3;

Value *Lowering::exchange(Value *value, int64_t bits) {
  llvm::Type *type = value->getType();
  Value *const rest[] = {ir.getInt32(bits), ir.getInt32(kWarp - 1)};
  auto shuffle = [&](Value *word) {
    return ir.CreateIntrinsic(llvm::Intrinsic::nvvm_shfl_sync_bfly_i32, {},
                              {mask, word, rest[0], rest[1]});
  };
  if (type->isFloatTy())
    return ir.CreateIntrinsic(llvm::Intrinsic::nvvm_shfl_sync_bfly_f32, {},
                              {mask, value, rest[0], rest[1]});
  if (!type->isIntegerTy(64)) {
    Value *word = ir.CreateZExtOrTrunc(value, ir.getInt32Ty());
    return ir.CreateZExtOrTrunc(shuffle(word), type);
  }
  Value *low = shuffle(ir.CreateTrunc(value, ir.getInt32Ty()));
  Value *high =
      shuffle(ir.CreateTrunc(ir.CreateLShr(value, 32), ir.getInt32Ty()));
  return ir.CreateOr(ir.CreateZExt(low, type),
                     ir.CreateShl(ir.CreateZExt(high, type), 32));
}

void Lowering::synchronise() {
  if (team > kWarp)
    ir.CreateIntrinsic(llvm::Intrinsic::nvvm_barrier_cta_sync_aligned_all, {},
                       {ir.getInt32(0)});
  else
    ir.CreateIntrinsic(llvm::Intrinsic::nvvm_bar_warp_sync, {}, {mask});
}

Lowering::Tuple Lowering::acrossWarps(const Tuple &value, Combine combine) {
  // A place of its own for every reduction, so that the next one need not wait
  // for this one's readers; in a loop it comes back to its own, or by turns to
  // another: then all have read this turn's before they meet in the next.
  bool alternates = loopDepth > 0 && alternation.depth == loopDepth;
  SmallVector<llvm::GlobalVariable *> places;
  llvm::Module &module = *function->getParent();
  for (Value *part : value) {
    llvm::Type *type = part->getType();
    if (type->isIntegerTy(1))
      type = ir.getInt8Ty();
    auto *array = llvm::ArrayType::get(type, alternates ? 2 * warps : warps);
    places.push_back(new llvm::GlobalVariable(
        module, array, false, llvm::GlobalValue::InternalLinkage,
        llvm::PoisonValue::get(array), function->getName() + "_across", nullptr,
        llvm::GlobalValue::NotThreadLocal, kShared));
    places.back()->setAlignment(llvm::Align(16));
  }
  if (loopDepth > 0 && !alternates)
    synchronise();
  Value *first = ir.getInt32(0);
  if (alternates)
    first = ir.CreateMul(alternation.odd, ir.getInt32(warps));
  Value *laneNumber = ir.CreateAnd(member, kWarp - 1);
  auto *write = llvm::BasicBlock::Create(ir.getContext(), "leader", function);
  auto *after = llvm::BasicBlock::Create(ir.getContext(), "shared", function);
  ir.CreateCondBr(ir.CreateICmpEQ(laneNumber, ir.getInt32(0)), write, after);
  ir.SetInsertPoint(write);
  Value *warp =
      ir.CreateAdd(first, ir.CreateLShr(member, llvm::Log2_64(kWarp)));
  for (auto [part, place] : llvm::zip(value, places)) {
    llvm::Type *type = place->getValueType()->getArrayElementType();
    ir.CreateStore(ir.CreateZExtOrBitCast(part, type),
                   ir.CreateGEP(type, place, warp));
  }
  ir.CreateBr(after);
  ir.SetInsertPoint(after);
  synchronise();
  Tuple result;
  Value *mine = ir.CreateAdd(first, ir.CreateAnd(laneNumber, warps - 1));
  for (auto [part, place] : llvm::zip(value, places)) {
    llvm::Type *type = place->getValueType()->getArrayElementType();
    Value *read = ir.CreateLoad(type, ir.CreateGEP(type, place, mine));
    result.push_back(ir.CreateTruncOrBitCast(read, part->getType()));
  }
  for (int64_t bit = 1; bit < warps; bit *= 2) {
    Tuple other;
    for (Value *part : result)
      other.push_back(exchange(part, bit));
    result = combine(result, other);
  }
  return result;
}

/// Of the places' vectors, threads of the warp first share out which vector's
/// sum is whose: each exchange then halves what is left to do.
Lowering::Tuple Lowering::across(llvm::ArrayRef<Tuple> places,
                                 Combine combine) {
  // A thread's vectors, each its own run.
  SmallVector<Tuple> runs(places);
  for (int64_t n = vector; n > 1; n /= 2) {
    SmallVector<Tuple> half;
    for (size_t i = 0; i + 1 < runs.size(); i += 2)
      half.push_back(combine(runs[i], runs[i + 1]));
    runs = std::move(half);
  }
  auto exchanged = [&](const Tuple &tuple, int64_t bit) {
    Tuple other;
    for (Value *part : tuple)
      other.push_back(exchange(part, bit));
    return other;
  };
  int64_t shared = 1;
  for (; shared < width && runs.size() > 1; shared *= 2) {
    Value *odd = ir.CreateICmpNE(ir.CreateAnd(member, shared), ir.getInt32(0));
    SmallVector<Tuple> half;
    for (size_t i = 0; i + 1 < runs.size(); i += 2) {
      Tuple keep, send;
      for (auto [a, b] : llvm::zip(runs[i], runs[i + 1])) {
        keep.push_back(ir.CreateSelect(odd, b, a));
        send.push_back(ir.CreateSelect(odd, a, b));
      }
      half.push_back(combine(keep, exchanged(send, shared)));
    }
    runs = std::move(half);
  }
  for (Tuple &run : runs)
    for (int64_t bit = shared; bit < width; bit *= 2)
      run = combine(run, exchanged(run, bit));
  // Which vector's sum it is stands in the low bits of the thread's number.
  for (Tuple &run : runs)
    for (int64_t bit = 1; bit < shared; bit *= 2)
      run = combine(run, exchanged(run, bit));
  while (runs.size() > 1) {
    SmallVector<Tuple> half;
    for (size_t i = 0; i + 1 < runs.size(); i += 2)
      half.push_back(combine(runs[i], runs[i + 1]));
    runs = std::move(half);
  }
  return warps > 1 ? acrossWarps(runs[0], combine) : runs[0];
}

Value *Lowering::across(llvm::StringRef kind, mlir::Type element,
                        llvm::ArrayRef<Value *> places) {
  SmallVector<Tuple> tuples;
  for (Value *place : places)
    tuples.push_back({place});
  return across(tuples, [&](const Tuple &a, const Tuple &b) {
    return Tuple{llvmir::combine(ir, kind, element, a[0], b[0],
                                 /*hasMaximum=*/true)};
  })[0];
}
