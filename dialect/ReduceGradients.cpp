// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vector-Jacobian products of reductions and dot.

#include "dialect/GradientBuilder.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

using namespace mlir;
using namespace gemel;

/// The position in several axes taken as one, row-major as listed.
static Value jointPosition(GradientBuilder &b, ArrayRef<StringAttr> axes) {
  Value joint = b.position(axes.front());
  for (StringAttr axis : axes.drop_front())
    joint = b.add(b.mul(joint, b.size(axis)), b.position(axis));
  return joint;
}

/// To the first position that attains the largest of `x`.
static Value toFirst(GradientBuilder &b, ReduceOp op, Value x, Value d) {
  auto plain =
      OrderAttr::get(op.getContext(), OrderKind::Default, /*blocks=*/0);
  Value first = b.make<ReduceOp>(ReduceKind::Argmax, x, op.getAxes(), plain);
  Value here = jointPosition(b, op.getReducedAxes());
  return b.keepWhere(b.compare(CompareKind::Eq, here, first), d);
}

/// The product of the others: y / x where no term is 0, and where one is, to it
/// alone the product of the rest.
static Value productOfOthers(GradientBuilder &b, ReduceOp op) {
  Value x = op.getOperand(), one = b.literal(1.0), none = b.literal(0.0);
  Value zero = b.compare(CompareKind::Eq, x, none);
  Value rest = b.make<ReduceOp>(ReduceKind::Prod, b.make<WhereOp>(zero, one, x),
                                op.getAxes(), op.getOrder());
  auto plain =
      OrderAttr::get(op.getContext(), OrderKind::Default, /*blocks=*/0);
  Value count = b.make<ReduceOp>(
      ReduceKind::Sum, b.make<WhereOp>(zero, one, none), op.getAxes(), plain);
  Value atZero = b.keepWhere(b.compare(CompareKind::Eq, count, one), rest);
  Value elsewhere = b.keepWhere(b.compare(CompareKind::Eq, count, none),
                                b.make<DivOp>(rest, x));
  return b.make<WhereOp>(zero, atZero, elsewhere);
}

FailureOr<Value> ReduceOp::gradient(GradientBuilder &b, unsigned, Value d) {
  switch (getKind()) {
  case ReduceKind::Sum:
    return d;
  case ReduceKind::Prod:
    return b.mul(d, productOfOthers(b, *this));
  case ReduceKind::Max:
    return toFirst(b, *this, getOperand(), d);
  case ReduceKind::Min:
    return toFirst(b, *this, b.neg(getOperand()), d);
  case ReduceKind::Mean: {
    Value count = b.size(getReducedAxes().front());
    for (StringAttr axis : ArrayRef(getReducedAxes()).drop_front())
      count = b.mul(b.make<CastOp>(count, "i64", /*fast=*/false), b.size(axis));
    return b.make<DivOp>(d, count);
  }
  case ReduceKind::Any:
  case ReduceKind::All:
  case ReduceKind::Argmax:
    return Value(); // no float comes out
  }
  llvm_unreachable("a reduction of no kind");
}

// y = sum over A of a b, so a' = sum of y' b over the axes that b has and a
// lacks; y' is rounded to what the operands are (which changes nothing of f32,
// but says so for all dtypes that they may be).
FailureOr<Value> DotOp::gradient(GradientBuilder &b, unsigned i, Value d) {
  Value mine = getOperand(i), other = getOperand(1 - i);
  SmallVector<StringAttr> axes;
  for (StringAttr axis : axesOf(other))
    if (!hasAxis(mine.getType(), axis))
      axes.push_back(axis);
  d = b.broadcast(d, axes);
  d = b.make<CastOp>(d, dtypeWord(elementOf(other)), /*fast=*/false);
  return axes.empty() ? b.mul(d, other)
         : i          ? b.dot(other, d, axes)
                      : b.dot(d, other, axes);
}
