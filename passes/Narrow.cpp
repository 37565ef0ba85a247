// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes 64-bit indices positions of 32 bits where they meet positions.
//
// Sizes are below 2^31, so a position is. An index that can be one stays what
// it is, any other becomes -1 or 2^31 - 1, which no axis has: it compares with
// each position as before, and reads, or is put, outside as before. Units that
// have no 64-bit integers then see them once for each index, not once for each
// position that it is compared with.

#include "passes/Passes.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;

static Value asPosition(OpBuilder &b, Location loc, Value index) {
  Type wide = index.getType();
  auto number = [&](int64_t value) -> Value {
    return ConstantOp::create(
        b, loc, ArrayType::get(b.getContext(), {}, b.getI64Type()),
        cast<TypedAttr>(b.getI64IntegerAttr(value)));
  };
  Value least = MaxOp::create(b, loc, wide, index, number(-1));
  Value most = MinOp::create(b, loc, wide, least,
                             number(std::numeric_limits<int32_t>::max()));
  return CastOp::create(b, loc, withElement(wide, b.getI32Type()), most, "i32",
                        /*fast=*/false);
}

/// The position that a value is, widened; or null.
static Value plainPosition(Value value) {
  auto wide = value.getDefiningOp<WidenOp>();
  return wide && wide.getOperand().getDefiningOp<PosOp>() ? wide.getOperand()
                                                          : Value();
}

void gemel::narrow(OpOp op) {
  for (Operation &o : llvm::make_early_inc_range(op.getBody().front())) {
    OpBuilder b(&o);
    auto isWide = [](Value value) {
      return elementOf(value).isInteger(64) && !plainPosition(value);
    };
    // Of an index that positions have of their own, it is no less.
    auto isOne = [&](Value index, Value position) {
      return position && isWide(index) &&
             !hasAxis(index.getType(), axesOf(position)[0]);
    };
    if (auto compare = dyn_cast<CompareOp>(o)) {
      Value x = plainPosition(compare.getLhs()),
            y = plainPosition(compare.getRhs());
      if (isOne(compare.getRhs(), x))
        y = asPosition(b, o.getLoc(), compare.getRhs());
      else if (isOne(compare.getLhs(), y))
        x = asPosition(b, o.getLoc(), compare.getLhs());
      else
        continue;
      compare.getLhsMutable().assign(x);
      compare.getRhsMutable().assign(y);
    } else if (auto at = dyn_cast<AtOp>(o); at && isWide(at.getIndex())) {
      at.getIndexMutable().assign(asPosition(b, o.getLoc(), at.getIndex()));
    } else if (auto put = dyn_cast<PutOp>(o); put && isWide(put.getIndex())) {
      put.getIndexMutable().assign(asPosition(b, o.getLoc(), put.getIndex()));
    }
  }
}
