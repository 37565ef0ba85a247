// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A tiled kernel as an LLVM function for an NVIDIA chip.

#ifndef GEMEL_CODEGEN_NVIDIA_LOWERKERNEL_H
#define GEMEL_CODEGEN_NVIDIA_LOWERKERNEL_H

#include "codegen/Target.h"
#include "codegen/nvidia/Chips.h"

namespace gemel::nvidia {

/// Adds `kernel` of `op` to `module` under `launch.symbol`, with one parameter,
/// the slots that the runtime's library.h describes, and fills in the block's
/// threads and shared bytes.
void lowerKernel(KernelOp kernel, OpOp op, llvm::Module &module,
                 const Chip &chip, Launch &launch);

} // namespace gemel::nvidia

#endif // GEMEL_CODEGEN_NVIDIA_LOWERKERNEL_H
