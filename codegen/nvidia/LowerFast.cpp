// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops inside `fast(...)`. Errors: PTX ISA, the instructions' tables. tanh and
// erf have no instruction, sin and cos none for arguments beyond a period: they
// keep their definitions.

#include "codegen/nvidia/LowerFast.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/FunctionOps.h"
#include "dialect/TypeRules.h"

#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/Support/MathExtras.h"

using namespace gemel;
using llvm::Value;
using mlir::isa;

Value *nvidia::lowerFast(llvm::IRBuilder<> &ir, mlir::Operation *op,
                         llvm::function_ref<Value *(mlir::Value)> piece) {
  if (!op->hasAttr("fast") || op->getNumOperands() == 0 ||
      !elementOf(op->getOperands().back()).isF32())
    return nullptr;
  llvm::IRBuilder<>::FastMathFlagGuard guard(ir);
  llvm::FastMathFlags contracts;
  contracts.setAllowContract();
  ir.setFastMathFlags(contracts);
  Value *x = piece(op->getOperand(0));
  Value *y = op->getNumOperands() > 1 ? piece(op->getOperand(1)) : nullptr;
  auto real = [&](double value) {
    return llvm::ConstantFP::get(ir.getFloatTy(), value);
  };
  auto call = [&](llvm::Intrinsic::ID id, llvm::ArrayRef<Value *> values) {
    return ir.CreateIntrinsic(id, llvm::ArrayRef<llvm::Type *>(), values);
  };
  auto exp2 = [&](Value *value) {
    return ir.CreateIntrinsic(llvm::Intrinsic::nvvm_ex2_approx_ftz,
                              {ir.getFloatTy()}, {value});
  };
  auto exp = [&](Value *value) {
    return exp2(ir.CreateFMul(value, real(llvm::numbers::log2e)));
  };
  auto recip = [&](Value *value) {
    return call(llvm::Intrinsic::nvvm_rcp_approx_ftz_f, {value});
  };
  if (isa<AddOp>(op))
    return ir.CreateFAdd(x, y);
  if (isa<SubOp>(op))
    return ir.CreateFSub(x, y);
  if (isa<MulOp>(op))
    return ir.CreateFMul(x, y);
  if (isa<DivOp>(op))
    return call(llvm::Intrinsic::nvvm_div_approx_f, {x, y});
  if (isa<SqrtOp>(op))
    return call(llvm::Intrinsic::nvvm_sqrt_approx_f, {x});
  if (isa<RsqrtOp>(op))
    return call(llvm::Intrinsic::nvvm_rsqrt_approx_f, {x});
  if (isa<RecipOp>(op))
    return recip(x);
  if (isa<ExpOp>(op)) {
    // exp(a - b), where b is what many a share: one instruction before exp2.
    auto sub = op->getOperand(0).getDefiningOp<SubOp>();
    if (!sub || !sub->hasAttr("fast"))
      return exp(x);
    Value *scaled =
        ir.CreateFMul(piece(sub.getRhs()), real(-llvm::numbers::log2e));
    return exp2(ir.CreateIntrinsic(
        llvm::Intrinsic::fma, {ir.getFloatTy()},
        {piece(sub.getLhs()), real(llvm::numbers::log2e), scaled}));
  }
  if (isa<LogOp>(op))
    return ir.CreateFMul(call(llvm::Intrinsic::nvvm_lg2_approx_f, {x}),
                         real(llvm::numbers::ln2));
  if (isa<SigmoidOp>(op))
    return recip(ir.CreateFAdd(exp(ir.CreateFNeg(x)), real(1.0)));
  return nullptr;
}
