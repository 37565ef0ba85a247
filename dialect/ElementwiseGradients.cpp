// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vector-Jacobian products of elementwise ops.

#include "dialect/GradientBuilder.h"
#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;

FailureOr<Value> AddOp::gradient(GradientBuilder &, unsigned, Value d) {
  return d;
}

FailureOr<Value> SubOp::gradient(GradientBuilder &b, unsigned i, Value d) {
  return i ? b.neg(d) : d;
}

FailureOr<Value> MulOp::gradient(GradientBuilder &b, unsigned i, Value d) {
  return b.mul(d, i ? getLhs() : getRhs());
}

// (a / b)' = a' / b - (a / b) b' / b.
FailureOr<Value> DivOp::gradient(GradientBuilder &b, unsigned i, Value d) {
  Value share = b.make<DivOp>(d, getRhs());
  return i ? b.neg(b.mul(share, getResult())) : share;
}

/// To the operand that is taken; to the left one of equal ones.
static Value toTaken(GradientBuilder &b, Operation *op, CompareKind leftTaken,
                     unsigned i, Value d) {
  Value left = b.compare(leftTaken, op->getOperand(0), op->getOperand(1));
  return i ? b.dropWhere(left, d) : b.keepWhere(left, d);
}

FailureOr<Value> MaxOp::gradient(GradientBuilder &b, unsigned i, Value d) {
  return toTaken(b, *this, CompareKind::Ge, i, d);
}

FailureOr<Value> MinOp::gradient(GradientBuilder &b, unsigned i, Value d) {
  return toTaken(b, *this, CompareKind::Le, i, d);
}

FailureOr<Value> NegOp::gradient(GradientBuilder &b, unsigned, Value d) {
  return b.neg(d);
}

FailureOr<Value> AbsOp::gradient(GradientBuilder &b, unsigned, Value d) {
  Value zero = b.literal(0.0);
  Value negative = b.compare(CompareKind::Lt, getOperand(), zero);
  Value positive = b.compare(CompareKind::Gt, getOperand(), zero);
  return b.make<WhereOp>(positive, d, b.keepWhere(negative, b.neg(d)));
}

// Of what fewer axes have than x twice as much, not of each x.
FailureOr<Value> SqOp::gradient(GradientBuilder &b, unsigned, Value d) {
  return b.mul(b.mul(d, b.literal(2.0)), getOperand());
}

// sqrt(x)' = 1 / (2 sqrt(x)).
FailureOr<Value> SqrtOp::gradient(GradientBuilder &b, unsigned, Value d) {
  return b.make<DivOp>(b.mul(d, b.literal(0.5)), getResult());
}

FailureOr<Value> StopOp::gradient(GradientBuilder &, unsigned, Value) {
  return Value();
}

FailureOr<Value> WhereOp::gradient(GradientBuilder &b, unsigned i, Value d) {
  return i == 1 ? b.keepWhere(getCondition(), d)
                : b.dropWhere(getCondition(), d);
}

FailureOr<Value> WidenOp::gradient(GradientBuilder &, unsigned, Value d) {
  return d;
}

FailureOr<Value> CastOp::gradient(GradientBuilder &, unsigned, Value d) {
  return d; // the identity, by the language's rule
}
