// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Synchronisation of kernels of cce, and kernels without some of it.
#ifndef GEMEL_TEST_MUTATION_ASCEND_REMOVALS_H
#define GEMEL_TEST_MUTATION_ASCEND_REMOVALS_H

#include "codegen/ascend/cce/Passes.h"

#include <vector>

namespace mutation {

using Ops = llvm::SmallVector<mlir::Operation *>;

/// What one launch starts: a kernel, or both halves of a mixed one.
struct Parts {
  gemel::cce::KernelOp kernel, other;

  llvm::SmallVector<gemel::cce::KernelOp> all() const;
  /// The order of each core's instructions, and that of the cores of a group.
  bool areProved() const;
  /// Both as kernels of their own, under another name.
  Parts clone(llvm::StringRef name) const;
};

/// Ops that are out of their blocks as long as this lives.
class Removed {
public:
  explicit Removed(llvm::ArrayRef<mlir::Operation *> ops);
  ~Removed();

private:
  struct Place {
    mlir::Operation *op;
    mlir::Block *block;
    mlir::Operation *next;
  };
  llvm::SmallVector<Place> places;
};

/// Each flag's side and each barrier alone, also of flags between cores; and
/// both sides of a flag, of one block.
std::vector<Ops> removalsOf(gemel::cce::KernelOp kernel);

/// Whether it tells another core, or waits for one.
bool isBetweenCores(mlir::Operation *op);

/// Whether these stand by convention, though nothing needs them: the barrier
/// that a kernel ends with.
bool isConvention(gemel::cce::KernelOp kernel, const Ops &removed);

/// A kernel as it was before its memory was planned.
gemel::cce::KernelOp unplanned(gemel::cce::KernelOp kernel);

} // namespace mutation

#endif // GEMEL_TEST_MUTATION_ASCEND_REMOVALS_H
