// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vector-Jacobian products of the defined functions; y is the value.

#include "dialect/FunctionOps.h"
#include "dialect/GradientBuilder.h"

using namespace mlir;
using namespace gemel;

FailureOr<Value> ExpOp::gradient(GradientBuilder &b, unsigned, Value d) {
  return b.mul(d, getResult());
}

// y (1 - y).
FailureOr<Value> SigmoidOp::gradient(GradientBuilder &b, unsigned, Value d) {
  Value y = getResult();
  return b.mul(d, b.mul(y, b.sub(b.literal(1.0), y)));
}

// 1 - y^2.
FailureOr<Value> TanhOp::gradient(GradientBuilder &b, unsigned, Value d) {
  Value square = b.make<SqOp>(getResult());
  return b.mul(d, b.sub(b.literal(1.0), square));
}

// 2 / sqrt(pi) exp(-x^2), exp in the spelling that erf has.
FailureOr<Value> ErfOp::gradient(GradientBuilder &b, unsigned, Value d) {
  Value square = b.make<SqOp>(getOperand());
  Value bell = b.make<ExpOp>(b.neg(square), getQuick(), /*fast=*/false);
  return b.mul(d, b.mul(b.literal(1.12837917F), bell));
}

FailureOr<Value> LogOp::gradient(GradientBuilder &b, unsigned, Value d) {
  Value reciprocal = b.make<RecipOp>(getOperand(), /*fast=*/false);
  return b.mul(d, reciprocal);
}

// -y^3 / 2.
FailureOr<Value> RsqrtOp::gradient(GradientBuilder &b, unsigned, Value d) {
  Value y = getResult(), square = b.make<SqOp>(y);
  return b.neg(b.mul(d, b.mul(b.literal(0.5), b.mul(y, square))));
}

// -y^2.
FailureOr<Value> RecipOp::gradient(GradientBuilder &b, unsigned, Value d) {
  Value square = b.make<SqOp>(getResult());
  return b.neg(b.mul(d, square));
}

FailureOr<Value> SinOp::gradient(GradientBuilder &b, unsigned, Value d) {
  Value cosine = b.make<CosOp>(getOperand(), /*fast=*/false);
  return b.mul(d, cosine);
}

FailureOr<Value> CosOp::gradient(GradientBuilder &b, unsigned, Value d) {
  Value sine = b.make<SinOp>(getOperand(), /*fast=*/false);
  return b.neg(b.mul(d, sine));
}
