// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a reduction combines two terms, and what changes none.

#include "codegen/llvm/Combine.h"

#include "codegen/llvm/FunctionBuilder.h"

using namespace gemel;
using llvm::Value;
using mlir::isa;

/// The value that changes no term, to the bit.
Value *llvmir::identity(llvm::StringRef kind, mlir::Type element,
                        llvm::Type *type) {
  bool real = isa<mlir::FloatType>(element);
  unsigned width = element.getIntOrFloatBitWidth();
  if (kind == "sum" || kind == "sum_if" || kind == "dot")
    return real ? llvm::ConstantFP::get(type, kind == "dot" ? 0.0 : -0.0)
                : llvm::Constant::getNullValue(type);
  if (kind == "prod")
    return real ? llvm::ConstantFP::get(type, 1.0)
                : llvm::ConstantInt::get(type, 1);
  if (kind == "max")
    return real ? llvm::ConstantFP::getInfinity(type, true)
                : llvm::ConstantInt::get(type,
                                         llvm::APInt::getSignedMinValue(width));
  if (kind == "min")
    return real ? llvm::ConstantFP::getInfinity(type, false)
                : llvm::ConstantInt::get(type,
                                         llvm::APInt::getSignedMaxValue(width));
  return kind == "all" ? llvm::Constant::getAllOnesValue(type)
                       : llvm::Constant::getNullValue(type);
}

Value *llvmir::combine(llvm::IRBuilder<> &ir, llvm::StringRef kind,
                       mlir::Type element, Value *a, Value *b,
                       bool hasMaximum) {
  bool real = isa<mlir::FloatType>(element);
  if (kind == "sum" || kind == "sum_if")
    return real ? ir.CreateFAdd(a, b) : ir.CreateAdd(a, b);
  if (kind == "prod")
    return real ? ir.CreateFMul(a, b) : ir.CreateMul(a, b);
  if (kind == "max" || kind == "min") {
    bool minimum = kind == "min";
    if (real)
      return emitMaximum(ir, a, b, minimum, hasMaximum);
    return ir.CreateBinaryIntrinsic(
        minimum ? llvm::Intrinsic::smin : llvm::Intrinsic::smax, a, b);
  }
  return kind == "any" ? ir.CreateOr(a, b) : ir.CreateAnd(a, b);
}
