// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ordered bucketing: a put takes as many steps as it has terms.

#include "passes/Passes.h"

#include "dialect/IndexOps.h"
#include "dialect/SortOps.h"
#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;

/// The index' axes with `from` replaced by `to`, as i32.
static Type positionsOf(PutOp put, StringAttr from, StringAttr to) {
  SmallVector<StringAttr> axes(axesOf(put.getIndex()));
  for (StringAttr &axis : axes)
    if (axis == from)
      axis = to;
  Builder b(put.getContext());
  return ArrayType::get(put.getContext(), axes, b.getI32Type());
}

static void bucketOne(PutOp put) {
  StringAttr along = cast<StringAttr>(put.getAxes()[0]);
  StringAttr into = put.getAxisAttr();
  OpBuilder b(put);
  Location loc = put.getLoc();
  Value index = put.getIndex();
  Value order =
      ArgsortOp::create(b, loc, positionsOf(put, along, along), index, along);
  Type runs = positionsOf(put, along, into);
  Value first = SearchSortedOp::create(b, loc, runs, index, order, along, into,
                                       /*after=*/false);
  Value last = SearchSortedOp::create(b, loc, runs, index, order, along, into,
                                      /*after=*/true);
  SmallVector<StringAttr> axes = {into};
  for (Value operand : {put.getSource(), order})
    for (StringAttr axis : axesOf(operand))
      if (axis != along && !llvm::is_contained(axes, axis))
        axes.push_back(axis);
  Type type =
      ArrayType::get(put.getContext(), axes, elementOf(put.getSource()));
  Value sums = SumRunsOp::create(b, loc, type, put.getSource(), order, first,
                                 last, along, into);
  put.getResult().replaceAllUsesWith(sums);
  put.erase();
}

void gemel::bucket(OpOp op) {
  for (PutOp put : llvm::make_early_inc_range(op.getBody().getOps<PutOp>())) {
    bool isOne =
        put.getAxes().size() == 1 &&
        hasAxis(put.getIndex().getType(), cast<StringAttr>(put.getAxes()[0]));
    if (isOne)
      bucketOne(put);
    else
      emitRemark(put.getLoc())
          << "this 'put' asks all its terms for each position: it runs over "
             "other axes than one that its index has";
  }
}
