// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Groups, kernels and loops: verifiers.

#include "dialect/TileOps.h"

using namespace mlir;
using namespace gemel;

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
