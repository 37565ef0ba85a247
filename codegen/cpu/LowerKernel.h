// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A tiled kernel as an LLVM function.

#ifndef GEMEL_CODEGEN_CPU_LOWERKERNEL_H
#define GEMEL_CODEGEN_CPU_LOWERKERNEL_H

#include "dialect/ModuleOps.h"
#include "dialect/TileOps.h"

#include "llvm/IR/Module.h"

namespace gemel::cpu {

/// Adds `kernel` of `op` to `module` under `symbol`, with the signature of
/// `gemel_cpu_kernel` in the runtime's library.h. `lanes`: f32 positions of
/// one vector of the chip.
llvm::Function *lowerKernel(KernelOp kernel, OpOp op, llvm::Module &module,
                            llvm::StringRef symbol, int64_t lanes);

} // namespace gemel::cpu

#endif // GEMEL_CODEGEN_CPU_LOWERKERNEL_H
