// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A tiled kernel as a kernel of the cce dialect.

#ifndef GEMEL_CODEGEN_ASCEND_LOWERKERNEL_H
#define GEMEL_CODEGEN_ASCEND_LOWERKERNEL_H

#include "codegen/ascend/cce/Cce.h"
#include "dialect/ModuleOps.h"
#include "dialect/TileOps.h"

namespace gemel::ascend {

/// Work items that are rows, taken together: so many, of which so many have
/// their instructions take turns.
struct Rows {
  int64_t batch, beside;
};

/// The kernel, named `symbol`, at the end of `into`: instructions of a vector
/// core without addresses and order. Numerics: exact but for `dot`, whose
/// products and sums the unit rounds apart. `rows`: what is wanted, then what
/// was done: 1 where items are not such rows.
cce::KernelOp lowerKernel(KernelOp kernel, OpOp op, llvm::StringRef symbol,
                          mlir::ModuleOp into, Rows &rows);

} // namespace gemel::ascend

#endif // GEMEL_CODEGEN_ASCEND_LOWERKERNEL_H
