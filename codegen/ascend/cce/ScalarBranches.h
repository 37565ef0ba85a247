// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Branches in which the scalar unit does all.
//
// Such a branch waits where it begins for the pipes that use what it uses, and
// they wait where it ends: flags inside, which are set and waited for at once.
// From outside there is nothing to order, and who does not go that way, as
// where another branch has instructions of the vector unit for the same, waits
// for nothing.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_SCALARBRANCHES_H
#define GEMEL_CODEGEN_ASCEND_CCE_SCALARBRANCHES_H

#include "codegen/ascend/cce/Cce.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"

namespace gemel::cce {

class ScalarBranches {
public:
  explicit ScalarBranches(KernelOp kernel);

  /// Whether an instruction stands in one.
  bool hold(mlir::Operation *op) const;
  /// Pairs of pipes, from and to, of which flags will take event `kEvent`.
  llvm::SmallVector<std::pair<Pipe, Pipe>> pairs() const;
  void insertFlags() const;

  static const int64_t kEvent;

private:
  /// Of each branch the pipes that use what it uses, in their order.
  llvm::MapVector<mlir::Block *, llvm::SmallVector<Pipe>> branches;
};

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_SCALARBRANCHES_H
