// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The defined functions: typing rules and costs.

#include "dialect/FunctionOps.h"

#include "dialect/Functions.h"
#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;

namespace {
/// A builder of the definitions that only counts their operations.
struct Counter {
  struct F32 {};
  struct I32 {};
  struct Pred {};
  int64_t count = 0;
  F32 f32(float) { return {}; }
  I32 i32(int32_t) { return {}; }
  F32 add(F32, F32) { return one<F32>(); }
  F32 sub(F32, F32) { return one<F32>(); }
  F32 mul(F32, F32) { return one<F32>(); }
  F32 max(F32, F32) { return one<F32>(); }
  F32 min(F32, F32) { return one<F32>(); }
  I32 add(I32, I32) { return one<I32>(); }
  I32 sub(I32, I32) { return one<I32>(); }
  I32 shl(I32, int) { return one<I32>(); }
  I32 shrl(I32, int) { return one<I32>(); }
  I32 shra(I32, int) { return one<I32>(); }
  Pred lt(F32, F32) { return one<Pred>(); }
  Pred le(F32, F32) { return one<Pred>(); }
  Pred eq(F32, F32) { return one<Pred>(); }
  Pred lt(I32, I32) { return one<Pred>(); }
  Pred eq(I32, I32) { return one<Pred>(); }
  F32 select(Pred, F32, F32) { return one<F32>(); }
  I32 select(Pred, I32, I32) { return one<I32>(); }
  I32 bits(F32) { return {}; }
  F32 fromBits(I32) { return {}; }

private:
  template <typename T>
  T one() {
    ++count;
    return {};
  }
};
} // namespace

#define GEMEL_COUNT(OpTy, DEFINITION)                                          \
  int64_t OpTy::getInstructionCount() {                                        \
    Counter counter;                                                           \
    (void)(DEFINITION);                                                        \
    return counter.count;                                                      \
  }

using functions::quickExp, functions::quickSigmoid, functions::quickTanh,
    functions::quickErf;
GEMEL_COUNT(ExpOp,
            getQuick() ? quickExp(counter, {}) : functions::exp(counter, {}))
GEMEL_COUNT(SigmoidOp, getQuick() ? quickSigmoid(counter, {})
                                  : functions::sigmoid(counter, {}))
GEMEL_COUNT(TanhOp,
            getQuick() ? quickTanh(counter, {}) : functions::tanh(counter, {}))
GEMEL_COUNT(ErfOp,
            getQuick() ? quickErf(counter, {}) : functions::erf(counter, {}))
GEMEL_COUNT(LogOp, functions::log(counter, {}))
GEMEL_COUNT(RsqrtOp, functions::rsqrt(counter, {}))
GEMEL_COUNT(RecipOp, functions::recip(counter, {}))
GEMEL_COUNT(SinOp, functions::sin(counter, {}))
GEMEL_COUNT(CosOp, functions::cos(counter, {}))

// exp_c1, sigmoid_c1, tanh_c1, erf_c1, log_c1, rsqrt_c1, recip_c1, sin_c1,
// cos_c1: promote refuses i1.
static LogicalResult coerceToF32(Operation *op) {
  if (!promote(op, op->getOperands()))
    return failure();
  return coerceOperand(op, 0, Float32Type::get(op->getContext()));
}

#define GEMEL_FUNCTION(OpTy)                                                   \
  LogicalResult OpTy::coerceOperands() { return coerceToF32(*this); }          \
  FailureOr<Type> OpTy::inferType() {                                          \
    if (failed(verifyElements(*this, getOperand(), kReals)))                   \
      return failure();                                                        \
    return joinAxes(getOperand(), elementOf(getOperand()));                    \
  }                                                                            \
  LogicalResult OpTy::verify() { return verifyTyped(*this); }

GEMEL_FUNCTION(ExpOp)
GEMEL_FUNCTION(SigmoidOp)
GEMEL_FUNCTION(TanhOp)
GEMEL_FUNCTION(ErfOp)
GEMEL_FUNCTION(LogOp)
GEMEL_FUNCTION(RsqrtOp)
GEMEL_FUNCTION(RecipOp)
GEMEL_FUNCTION(SinOp)
GEMEL_FUNCTION(CosOp)

void GemelDialect::registerFunctionOps() {
  addOperations<
#define GET_OP_LIST
#include "dialect/FunctionOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "dialect/FunctionOps.cpp.inc"
