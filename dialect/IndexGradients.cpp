// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vector-Jacobian products of reads and sums at computed positions.

#include "dialect/ElementwiseOps.h"
#include "dialect/GradientBuilder.h"
#include "dialect/IndexOps.h"
#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;

/// Whether it is a literal that no i32 is: no axis has that position, and i32,
/// which positions and sizes are, is not compared with it.
static bool isNowhere(Value index) {
  auto literal = index.getDefiningOp<ConstantOp>();
  auto value =
      literal ? dyn_cast<IntegerAttr>(literal.getValue()) : IntegerAttr();
  return value && !value.getValue().isSignedIntN(32);
}

// What was read at e is added at e: terms that share a place meet in `put`,
// and where none can, each place looks whether it was read.
FailureOr<Value> AtOp::gradient(GradientBuilder &b, unsigned i, Value d) {
  if (i != 0 || isNowhere(getIndex()))
    return Value();
  StringAttr axis = getAxisAttr();
  SmallVector<Attribute> listed;
  for (StringAttr own : b.inHeaderOrder(axesOf(getIndex())))
    if (own == axis || !hasAxis(getSource().getType(), own))
      listed.push_back(own);
  if (listed.empty())
    return b.keepWhere(b.compare(CompareKind::Eq, b.position(axis), getIndex()),
                       d);
  return b.make<PutOp>(d, getIndex(), b.builder.getArrayAttr(listed), axis);
}

FailureOr<Value> PutOp::gradient(GradientBuilder &b, unsigned i, Value d) {
  if (i != 0 || isNowhere(getIndex()))
    return Value();
  StringAttr axis = getAxisAttr();
  Value inside =
      b.make<AndOp>(b.compare(CompareKind::Ge, getIndex(), b.integer(0)),
                    b.compare(CompareKind::Lt, getIndex(), b.size(axis)));
  if (hasAxis(d.getType(), axis))
    d = b.make<AtOp>(d, getIndex(), axis);
  return b.keepWhere(inside, d);
}
