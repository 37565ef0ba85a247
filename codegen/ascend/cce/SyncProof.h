// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The proof of the order of a core's instructions (CheckSync.cpp), which may be
// asked of a kernel more than once: without some flags and barriers, too.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_SYNCPROOF_H
#define GEMEL_CODEGEN_ASCEND_CCE_SYNCPROOF_H

#include "codegen/ascend/cce/Cce.h"

#include "llvm/ADT/DenseSet.h"

#include <memory>

namespace gemel::cce {

class SyncProof {
public:
  using Ops = llvm::SmallDenseSet<mlir::Operation *, 8>;

  /// Of a kernel that stays as it is while this lives. Reports a buffer that
  /// has no address; then nothing holds.
  explicit SyncProof(KernelOp kernel);
  ~SyncProof();

  /// Whether the kernel is ordered without these flags and barriers, with a
  /// report, if that is wanted, of the first thing that is not.
  llvm::LogicalResult holds(const Ops &without, bool reports) const;

  class Course;

private:
  std::unique_ptr<Course> course; ///< none: a buffer has no address
};

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_SYNCPROOF_H
