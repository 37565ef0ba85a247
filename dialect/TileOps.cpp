// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Groups, kernels and loops: verifiers.

#include "dialect/TileOps.h"

#include "dialect/ModuleOps.h"

#include "dialect/TypeRules.h"
#include "dialect/Words.h"

using namespace mlir;
using namespace gemel;

LogicalResult GroupOp::verify() {
  auto yield = dyn_cast<YieldOp>(getBody().front().back());
  if (!yield || yield.getValues().getTypes() != getResultTypes())
    return emitOpError() << "needs a gemel.yield of what it gives";
  if (!getPlan())
    return success();
  auto op = (*this)->getParentOfType<OpOp>();
  // `over`: what a reduction combines; axes that this lacks, too, each of their
  // positions may compute again.
  auto expectWork = [&](Value value, ValueRange over = {}) -> LogicalResult {
    for (StringAttr axis : getPlan()->getWorkAxes())
      if (StringAttr cut = op ? op.getCutAxis(axis) : StringAttr();
          !hasAxis(value.getType(), axis) &&
          !(cut && hasAxis(value.getType(), cut)) &&
          (over.empty() || llvm::any_of(over, [&](Value term) {
             return hasAxis(term.getType(), axis) ||
                    (cut && hasAxis(term.getType(), cut));
           }))) // group_c1
        return mlir::emitError(value.getLoc())
               << "a work item of group '" << getName()
               << "' has its own positions of axis '" << axis.getValue()
               << "', but " << describe(value.getType())
               << " is of all of them; take '" << axis.getValue()
               << "' out of the plan's work";
    return success();
  };
  for (Value value : yield.getValues())
    if (failed(expectWork(value)))
      return failure();
  for (Operation &o : getBody().front()) {
    auto reduction = dyn_cast<ReductionOpInterface>(o);
    if (!reduction)
      continue;
    if (failed(expectWork(o.getResult(0), o.getOperands())))
      return failure();
    for (StringAttr axis : reduction.getReducedAxes())
      if (int64_t extent = getPlan()->getExtent(axis);
          reduction.pairsAlong(axis) &&
          !llvm::isPowerOf2_64(extent)) // group_c2
        return mlir::emitError(o.getLoc())
               << "the plan cuts axis '" << axis.getValue() << "' in steps of "
               << extent << ", but it is combined in the default order; take "
               << "a power of two";
  }
  return success();
}

LogicalResult ForOp::verify() {
  if (getCombine().size() != getOrders().size())
    return emitOpError() << "needs one order for each combination";
  for (auto [combine, order] : llvm::zip(getCombine(), getOrders())) {
    auto kind = dyn_cast<StringAttr>(combine);
    auto attr = dyn_cast<OrderAttr>(order);
    if (!kind || !attr)
      return emitOpError() << "has an odd combination";
    bool tree = attr.getKind() == OrderKind::Default && kind != "carry" &&
                kind != "dot";
    if (tree && !llvm::isPowerOf2_64(getStep())) // for_c1
      return emitOpError() << "cuts axis '" << getAxis() << "' in steps of "
                           << getStep() << ", but it is combined in the "
                           << "default order; take a power of two";
  }
  return success();
}

void GemelDialect::registerTileOps() {
  addOperations<
#define GET_OP_LIST
#include "dialect/TileOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "dialect/TileOps.cpp.inc"
