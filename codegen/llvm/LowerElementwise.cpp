// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elementwise gemel ops as LLVM IR.

#include "codegen/llvm/LowerElementwise.h"

#include "codegen/llvm/FunctionBuilder.h"
#include "dialect/ElementwiseOps.h"
#include "dialect/FunctionOps.h"
#include "dialect/Functions.h"
#include "dialect/TypeRules.h"

#include <cmath>

using namespace gemel;
using namespace gemel::llvmir;
using llvm::SmallVector;
using llvm::Value;
using mlir::isa;

llvm::Type *llvmir::registerType(llvm::LLVMContext &context,
                                 mlir::Type element) {
  if (element.isF32())
    return llvm::Type::getFloatTy(context);
  if (element.isF16())
    return llvm::Type::getHalfTy(context);
  if (element.isBF16())
    return llvm::Type::getInt16Ty(context);
  return llvm::Type::getIntNTy(context, element.getIntOrFloatBitWidth());
}

llvm::Type *llvmir::memoryType(llvm::LLVMContext &context, mlir::Type element) {
  return element.isInteger(1) ? llvm::Type::getInt8Ty(context)
                              : registerType(context, element);
}

llvm::Constant *llvmir::absentValue(llvm::Type *type, mlir::Type element) {
  if (element.isBF16())
    return llvm::ConstantInt::get(type, 0x7FC0);
  if (isa<mlir::FloatType>(element))
    return llvm::ConstantFP::getNaN(type);
  return llvm::Constant::getNullValue(type);
}

llvm::Constant *llvmir::lowerConstant(llvm::IRBuilder<> &ir, ConstantOp op) {
  mlir::Type element = elementOf(op.getResult());
  llvm::Type *scalar = registerType(ir.getContext(), element);
  auto real = mlir::dyn_cast<mlir::FloatAttr>(op.getValue());
  if (!real)
    return llvm::ConstantInt::get(
        scalar, mlir::cast<mlir::IntegerAttr>(op.getValue()).getValue());
  if (element.isBF16())
    return llvm::ConstantInt::get(scalar, real.getValue().bitcastToAPInt());
  return llvm::ConstantFP::get(scalar, real.getValue());
}

Value *llvmir::emitMaximum(llvm::IRBuilder<> &ir, Value *a, Value *b,
                           bool minimum, bool hasInstruction) {
  if (hasInstruction)
    return minimum ? ir.CreateMinimum(a, b) : ir.CreateMaximum(a, b);
  auto plain = [](Value *v) {
    auto *constant = llvm::dyn_cast<llvm::Constant>(v);
    if (!constant)
      return false;
    auto *splat = llvm::dyn_cast_or_null<llvm::ConstantFP>(
        v->getType()->isVectorTy() ? constant->getSplatValue() : constant);
    return splat && !splat->isZero() && !splat->isNaN();
  };
  if (plain(a) && !plain(b))
    std::swap(a, b);
  if (plain(b)) {
    // b > a ? b : a gives a where a is NaN.
    Value *wins = minimum ? ir.CreateFCmpOLT(b, a) : ir.CreateFCmpOGT(b, a);
    return ir.CreateSelect(wins, b, a);
  }
  return minimum ? ir.CreateMinimum(a, b) : ir.CreateMaximum(a, b);
}

/// `like`'s shape with another scalar.
static llvm::Type *shaped(llvm::Type *scalar, Value *like) {
  if (auto *vector = llvm::dyn_cast<llvm::FixedVectorType>(like->getType()))
    return llvm::FixedVectorType::get(scalar, vector->getNumElements());
  return scalar;
}

/// Rounds f32 to the bits of a bf16, nearest-even, NaN to the quiet one; x86
/// below AVX512-BF16 has no instruction for it.
static Value *roundToBf16(llvm::IRBuilder<> &ir, Value *f32, bool has) {
  if (has)
    return ir.CreateBitCast(
        ir.CreateFPTrunc(f32, shaped(ir.getBFloatTy(), f32)),
        shaped(ir.getInt16Ty(), f32));
  llvm::Type *i32 = shaped(ir.getInt32Ty(), f32);
  Value *bits = ir.CreateBitCast(f32, i32);
  Value *odd = ir.CreateAnd(ir.CreateLShr(bits, 16), 1);
  Value *rounded = ir.CreateAdd(
      bits, ir.CreateAdd(odd, llvm::ConstantInt::get(i32, 0x7FFF)));
  Value *high = ir.CreateLShr(rounded, 16);
  Value *nan = ir.CreateFCmpUNO(f32, f32);
  Value *chosen =
      ir.CreateSelect(nan, llvm::ConstantInt::get(i32, 0x7FC0), high);
  return ir.CreateTrunc(chosen, shaped(ir.getInt16Ty(), f32));
}

Value *llvmir::toMemory(llvm::IRBuilder<> &ir, Value *value, mlir::Type from,
                        mlir::Type to, Instructions has) {
  if (from.isF32() && to.isBF16())
    return roundToBf16(ir, value, has.bf16Rounding);
  if (from.isF32() && to.isF16())
    return ir.CreateFPTrunc(value, shaped(ir.getHalfTy(), value));
  if (to.isInteger(1))
    return ir.CreateZExt(value, shaped(ir.getInt8Ty(), value));
  return value;
}

static Value *lowerFunction(llvm::IRBuilder<> &ir, mlir::Operation *op,
                            Value *x, bool hasMaximum) {
  FunctionBuilder b(ir, x->getType(), hasMaximum);
  bool quick = op->hasAttr("quick");
  if (isa<ExpOp>(op))
    return quick ? functions::quickExp(b, x) : functions::exp(b, x);
  if (isa<SigmoidOp>(op))
    return quick ? functions::quickSigmoid(b, x) : functions::sigmoid(b, x);
  if (isa<TanhOp>(op))
    return quick ? functions::quickTanh(b, x) : functions::tanh(b, x);
  if (isa<ErfOp>(op))
    return quick ? functions::quickErf(b, x) : functions::erf(b, x);
  if (isa<LogOp>(op))
    return functions::log(b, x);
  if (isa<RsqrtOp>(op))
    return functions::rsqrt(b, x);
  if (isa<RecipOp>(op))
    return functions::recip(b, x);
  if (isa<SinOp>(op))
    return functions::sin(b, x);
  if (isa<CosOp>(op))
    return functions::cos(b, x);
  return nullptr;
}

/// Floor division or modulus; by 0 it gives 0, by -1 it wraps. The divisor is
/// made harmless first, for the machine's division traps.
static Value *lowerFloorDiv(llvm::IRBuilder<> &ir, Value *a, Value *b,
                            bool modulus) {
  auto *zero = llvm::Constant::getNullValue(a->getType());
  auto *one = llvm::ConstantInt::get(a->getType(), 1);
  auto *minus = llvm::Constant::getAllOnesValue(a->getType());
  Value *byZero = ir.CreateICmpEQ(b, zero),
        *byMinus = ir.CreateICmpEQ(b, minus);
  Value *safe = ir.CreateSelect(ir.CreateOr(byZero, byMinus), one, b);
  Value *q = ir.CreateSDiv(a, safe);
  Value *r = ir.CreateSub(a, ir.CreateMul(q, safe));
  Value *down = ir.CreateAnd(ir.CreateICmpNE(r, zero),
                             ir.CreateICmpSLT(ir.CreateXor(r, safe), zero));
  q = ir.CreateSub(q, ir.CreateZExt(down, a->getType()));
  q = ir.CreateSelect(byMinus, ir.CreateNeg(a), q);
  q = ir.CreateSelect(byZero, zero, q);
  if (!modulus)
    return q;
  Value *rest = ir.CreateSub(a, ir.CreateMul(q, b));
  return ir.CreateSelect(byZero, zero, rest);
}

/// Truncates and saturates, NaN gives 0.
static Value *lowerToInteger(llvm::IRBuilder<> &ir, Value *x, mlir::Type to) {
  bool isByte = to.isUnsignedInteger(8);
  llvm::Type *type = shaped(ir.getIntNTy(to.getIntOrFloatBitWidth()), x);
  return ir.CreateIntrinsic(isByte ? llvm::Intrinsic::fptoui_sat
                                   : llvm::Intrinsic::fptosi_sat,
                            {type, x->getType()}, {x});
}

Value *llvmir::lowerElementwise(llvm::IRBuilder<> &ir, mlir::Operation *op,
                                llvm::ArrayRef<Value *> x, Instructions has) {
  mlir::Type element = elementOf(op->getOperand(0));
  mlir::Type to = elementOf(op->getResult(0));
  bool real = isa<mlir::FloatType>(element);
  if (Value *value = lowerFunction(ir, op, x[0], has.maximum))
    return value;
  if (isa<AddOp>(op))
    return real ? ir.CreateFAdd(x[0], x[1]) : ir.CreateAdd(x[0], x[1]);
  if (isa<SubOp>(op))
    return real ? ir.CreateFSub(x[0], x[1]) : ir.CreateSub(x[0], x[1]);
  if (isa<MulOp>(op))
    return real ? ir.CreateFMul(x[0], x[1]) : ir.CreateMul(x[0], x[1]);
  if (isa<SqOp>(op))
    return real ? ir.CreateFMul(x[0], x[0]) : ir.CreateMul(x[0], x[0]);
  if (isa<DivOp>(op))
    return ir.CreateFDiv(x[0], x[1]);
  if (isa<SqrtOp>(op))
    return ir.CreateUnaryIntrinsic(llvm::Intrinsic::sqrt, x[0]);
  if (isa<FloorDivOp, ModOp>(op))
    return lowerFloorDiv(ir, x[0], x[1], isa<ModOp>(op));
  if (isa<MaxOp, MinOp>(op)) {
    bool minimum = isa<MinOp>(op);
    if (real)
      return emitMaximum(ir, x[0], x[1], minimum, has.maximum);
    return ir.CreateBinaryIntrinsic(
        minimum ? llvm::Intrinsic::smin : llvm::Intrinsic::smax, x[0], x[1]);
  }
  if (isa<NegOp>(op))
    return real ? ir.CreateFNeg(x[0]) : ir.CreateNeg(x[0]);
  if (isa<AbsOp>(op)) {
    if (real)
      return ir.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, x[0]);
    return ir.CreateIntrinsic(llvm::Intrinsic::abs, {x[0]->getType()},
                              {x[0], ir.getFalse()});
  }
  if (isa<AndOp>(op))
    return ir.CreateAnd(x[0], x[1]);
  if (isa<OrOp>(op))
    return ir.CreateOr(x[0], x[1]);
  if (isa<NotOp>(op))
    return ir.CreateNot(x[0]);
  if (isa<WhereOp>(op))
    return ir.CreateSelect(x[0], x[1], x[2]);
  if (auto compare = mlir::dyn_cast<CompareOp>(op)) {
    using P = llvm::CmpInst::Predicate;
    static const P reals[] = {P::FCMP_OLT, P::FCMP_OLE, P::FCMP_OGT,
                              P::FCMP_OGE, P::FCMP_OEQ, P::FCMP_UNE};
    static const P integers[] = {P::ICMP_SLT, P::ICMP_SLE, P::ICMP_SGT,
                                 P::ICMP_SGE, P::ICMP_EQ,  P::ICMP_NE};
    int kind = static_cast<int>(compare.getKind());
    return real ? ir.CreateFCmp(reals[kind], x[0], x[1])
                : ir.CreateICmp(integers[kind], x[0], x[1]);
  }
  llvm::Type *type = shaped(registerType(ir.getContext(), to), x[0]);
  if (isa<ConvertOp>(op))
    return ir.CreateSIToFP(x[0], type);
  if (isa<WidenOp>(op)) {
    if (element.isBF16()) {
      llvm::Type *i32 = shaped(ir.getInt32Ty(), x[0]);
      return ir.CreateBitCast(ir.CreateShl(ir.CreateZExt(x[0], i32), 16), type);
    }
    if (element.isF16())
      return ir.CreateFPExt(x[0], type);
    return element.isUnsignedInteger() ? ir.CreateZExt(x[0], type)
                                       : ir.CreateSExt(x[0], type);
  }
  if (isa<CastOp>(op)) {
    if (element == to)
      return x[0];
    if (isa<mlir::FloatType>(to)) {
      Value *f =
          real ? x[0] : ir.CreateSIToFP(x[0], shaped(ir.getFloatTy(), x[0]));
      if (to.isBF16())
        return roundToBf16(ir, f, has.bf16Rounding);
      return to.isF16() ? ir.CreateFPTrunc(f, type) : f;
    }
    return real ? lowerToInteger(ir, x[0], to)
                : ir.CreateSExtOrTrunc(x[0], type);
  }
  assert((isa<StopOp, RelayoutOp>(op)) &&
         "an elementwise op without a lowering");
  return x[0];
}
