// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registration of the gemel dialect.

#include "dialect/Dialect.h"

#include "dialect/Dialect.cpp.inc"

void gemel::GemelDialect::initialize() {
  registerTypes();
  registerAttributes();
  registerModuleOps();
  registerElementwiseOps();
  registerFunctionOps();
  registerReduceOps();
  registerIndexOps();
  registerSortOps();
  registerTileOps();
}
