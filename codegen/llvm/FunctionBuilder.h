// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Spells the defined functions as LLVM IR, on scalars or vectors.

#ifndef GEMEL_CODEGEN_LLVM_FUNCTIONBUILDER_H
#define GEMEL_CODEGEN_LLVM_FUNCTIONBUILDER_H

#include "llvm/IR/IRBuilder.h"

namespace gemel::llvmir {

/// IEEE-754-2019 maximum or minimum, by the chip's instruction if it has one.
/// x86's instruction gives the second
/// operand for NaN and for equal zeros, so a constant that is neither needs no
/// more than it.
llvm::Value *emitMaximum(llvm::IRBuilder<> &ir, llvm::Value *a, llvm::Value *b,
                         bool minimum, bool hasInstruction);

/// The builder concept of dialect/Functions.h over LLVM values. `like` gives
/// the shape: f32 or a vector of it.
struct FunctionBuilder {
  using F32 = llvm::Value *;
  // Distinct C++ types select the integer overloads.
  struct I32 {
    llvm::Value *value;
  };
  struct Pred {
    llvm::Value *value;
  };
  FunctionBuilder(llvm::IRBuilder<> &ir, llvm::Type *like, bool hasMaximum)
      : ir(ir), like(like), hasMaximum(hasMaximum) {
    i32Type = llvm::Type::getInt32Ty(ir.getContext());
    if (auto *vector = llvm::dyn_cast<llvm::FixedVectorType>(like))
      i32Type = llvm::FixedVectorType::get(i32Type, vector->getNumElements());
  }
  F32 f32(float v) { return llvm::ConstantFP::get(like, v); }
  I32 i32(int32_t v) { return {llvm::ConstantInt::getSigned(i32Type, v)}; }
  F32 add(F32 a, F32 b) { return ir.CreateFAdd(a, b); }
  F32 sub(F32 a, F32 b) { return ir.CreateFSub(a, b); }
  F32 mul(F32 a, F32 b) { return ir.CreateFMul(a, b); }
  F32 max(F32 a, F32 b) { return emitMaximum(ir, a, b, false, hasMaximum); }
  F32 min(F32 a, F32 b) { return emitMaximum(ir, a, b, true, hasMaximum); }
  I32 add(I32 a, I32 b) { return {ir.CreateAdd(a.value, b.value)}; }
  I32 sub(I32 a, I32 b) { return {ir.CreateSub(a.value, b.value)}; }
  I32 shl(I32 a, int n) { return {ir.CreateShl(a.value, n)}; }
  I32 shrl(I32 a, int n) { return {ir.CreateLShr(a.value, n)}; }
  I32 shra(I32 a, int n) { return {ir.CreateAShr(a.value, n)}; }
  Pred lt(F32 a, F32 b) { return {ir.CreateFCmpOLT(a, b)}; }
  Pred le(F32 a, F32 b) { return {ir.CreateFCmpOLE(a, b)}; }
  Pred eq(F32 a, F32 b) { return {ir.CreateFCmpOEQ(a, b)}; }
  Pred lt(I32 a, I32 b) { return {ir.CreateICmpSLT(a.value, b.value)}; }
  Pred eq(I32 a, I32 b) { return {ir.CreateICmpEQ(a.value, b.value)}; }
  F32 select(Pred p, F32 a, F32 b) { return ir.CreateSelect(p.value, a, b); }
  I32 select(Pred p, I32 a, I32 b) {
    return {ir.CreateSelect(p.value, a.value, b.value)};
  }
  I32 bits(F32 a) { return {ir.CreateBitCast(a, i32Type)}; }
  F32 fromBits(I32 a) { return ir.CreateBitCast(a.value, like); }

  llvm::IRBuilder<> &ir;
  llvm::Type *like, *i32Type;
  bool hasMaximum;
};

} // namespace gemel::llvmir

#endif // GEMEL_CODEGEN_LLVM_FUNCTIONBUILDER_H
