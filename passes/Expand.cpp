// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Replaces derived reductions by what defines them.

#include "passes/Passes.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/ReduceOps.h"
#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;

void gemel::expand(OpOp op) {
  for (Operation &o : llvm::make_early_inc_range(op.getBody().front())) {
    auto mean = dyn_cast<ReduceOp>(o);
    if (!mean || mean.getKind() != ReduceKind::Mean)
      continue;
    OpBuilder b(mean);
    Location loc = mean.getLoc();
    Type element = elementOf(mean.getOperand());
    Value sum = ReduceOp::create(b, loc, withElement(mean.getType(), element),
                                 ReduceKind::Sum, mean.getOperand(),
                                 mean.getAxes(), mean.getOrder());
    sum = coerce(b, loc, sum, b.getF32Type());
    // f32 of the product of the sizes; each factor and product is exact up to
    // 2^24 positions, beyond which the language's f32(size) rounds once: i64.
    Type i32 = b.getI32Type(), i64 = b.getI64Type(), f32 = b.getF32Type();
    auto scalar = [&](Type t) { return ArrayType::get(b.getContext(), {}, t); };
    Value count;
    for (StringAttr axis : mean.getReducedAxes()) {
      Value size = SizeOp::create(b, loc, scalar(i32), axis);
      size = WidenOp::create(b, loc, scalar(i64), size);
      count = count
                  ? MulOp::create(b, loc, scalar(i64), count, size).getResult()
                  : size;
    }
    Value real = ConvertOp::create(b, loc, scalar(f32), count);
    auto quotient = DivOp::create(b, loc, mean.getType(), sum, real);
    mean.getResult().replaceAllUsesWith(quotient);
    mean.erase();
  }
}
