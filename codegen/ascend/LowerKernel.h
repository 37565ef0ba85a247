// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A tiled kernel as a kernel of the cce dialect.

#ifndef GEMEL_CODEGEN_ASCEND_LOWERKERNEL_H
#define GEMEL_CODEGEN_ASCEND_LOWERKERNEL_H

#include "codegen/ascend/cce/Cce.h"
#include "dialect/ModuleOps.h"
#include "dialect/TileOps.h"

namespace gemel::ascend {

/// Work items that are rows, taken together: so many, of which so many have
/// their instructions take turns; `apart`: as two teams, each with columns of
/// its own; `parts`: a row is computed in so many, one after another.
struct Rows {
  int64_t batch, beside;
  bool apart = false;
  int64_t parts = 1;
};

/// When rows are widened that are loaded in a narrower type: what is widened
/// once is kept for later sweeps, what is widened at each use takes up the
/// least bytes.
enum class Widening { Once, EachSweep, EachUse };

/// Where what is stored stands until it is: over what was loaded, or in a
/// buffer of its own, the same for all or two that they take in turns.
enum class Storing { OverLoads, InOne, InTurns };

/// How much is taken at a time.
struct Attempt {
  Rows rows;
  int64_t joined; ///< results of a product that vector cores do together
  int64_t sets;   ///< of buffers that trips of a loop take in turns
  Widening widening = Widening::EachSweep;
  Storing storing = Storing::OverLoads;
  bool streams = false; ///< the memory takes longer than what is computed
};

/// What to try for a kernel, most at a time first: what does not fit UB is made
/// again of less.
llvm::SmallVector<Attempt> attemptsFor(KernelOp kernel, OpOp op,
                                       MachineAttr machine, bool mustFit);

struct Lowered {
  /// One, or of a mixed kernel those of the cube core and of its vector cores.
  llvm::SmallVector<cce::KernelOp, 2> kernels;
  int64_t batch; ///< rows that were taken together
  int64_t grain; ///< work items that were
  int64_t parts; ///< of a row, one after another
  bool groups;   ///< trips of a loop are taken together, `Rows::batch` of them
};

/// The kernel, named `symbol`, at the end of `into`: instructions without
/// addresses and order. Numerics: exact but for `dot`, of which the cube adds
/// terms in its own order, and the vector unit rounds products and sums apart.
/// `handover`: behind the arrays is memory of `handoverBytes`.
Lowered lowerKernel(KernelOp kernel, OpOp op, llvm::StringRef symbol,
                    mlir::ModuleOp into, bool handover, const Attempt &with);

/// Whether it is for cube cores.
bool isProduct(KernelOp kernel);

/// The bytes that kernels of a variant need of so many groups of cores to hand
/// products to vector cores.
int64_t handoverBytes(llvm::ArrayRef<KernelOp> kernels, int64_t groups);

} // namespace gemel::ascend

#endif // GEMEL_CODEGEN_ASCEND_LOWERKERNEL_H
