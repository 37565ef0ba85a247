// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The proof of the order of a core's instructions (CheckSync.cpp), which may be
// asked of a kernel more than once: without some flags and barriers, too.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_SYNCPROOF_H
#define GEMEL_CODEGEN_ASCEND_CCE_SYNCPROOF_H

#include "codegen/ascend/cce/Cce.h"

#include <memory>

namespace gemel::cce {

class SyncProof {
public:
  /// Of a kernel whose instructions stay as they are while this lives. Reports
  /// a buffer that has no address; then nothing holds.
  explicit SyncProof(KernelOp kernel);
  ~SyncProof();

  /// Whether the kernel is ordered without what is left out, with a report, if
  /// that is wanted, of the first thing that is not.
  llvm::LogicalResult holds(bool reports);

  enum class Answer {
    LeftOut,
    Needed,        ///< whatever else is left out
    NeededWithRest ///< with what is left out so far
  };
  /// Leaves flags and barriers out, which stand in one block, in its order, if
  /// the kernel, which was found to hold without a report, does without them.
  Answer leaveOut(llvm::ArrayRef<mlir::Operation *> ops);

private:
  struct Kernel;
  std::unique_ptr<Kernel> kernel; ///< none: a buffer has no address
};

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_SYNCPROOF_H
