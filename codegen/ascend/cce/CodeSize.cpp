// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counts the code of loops.
#include "codegen/ascend/cce/CodeSize.h"

#include "codegen/ascend/Facts.h"

#include "mlir/Interfaces/LoopLikeInterface.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

static int64_t bytesOfCode(Operation *op) {
  // Names and numbers are parts of instructions, and so is what orders them.
  if (isa<AllocOp, cce::CastOp, ReleaseOp, SetFlagOp, WaitFlagOp,
          PipeBarrierOp>(op) ||
      op->hasTrait<OpTrait::ConstantLike>() ||
      op->hasTrait<OpTrait::IsTerminator>())
    return 0;
  // Masks are registers of the scalar unit.
  bool isMask = isa<SetVectorMaskOp, SetMaskNormOp, SetMaskCountOp>(op);
  return isa<InstructionOpInterface>(op) && !isMask ? ascend::kInstructionBytes
                                                    : ascend::kScalarBytes;
}

int64_t cce::loopBytes(KernelOp kernel) {
  int64_t longest = 0;
  kernel.walk<WalkOrder::PreOrder>([&](LoopLikeOpInterface loop) {
    int64_t bytes = 0;
    loop->walk([&](Operation *op) { bytes += bytesOfCode(op); });
    longest = std::max(longest, bytes);
    return WalkResult::skip(); // those inside are shorter
  });
  return longest;
}
