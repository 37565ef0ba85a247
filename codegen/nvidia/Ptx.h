// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PTX of an LLVM module, in process.

#ifndef GEMEL_CODEGEN_NVIDIA_PTX_H
#define GEMEL_CODEGEN_NVIDIA_PTX_H

#include "codegen/nvidia/Chips.h"

#include "llvm/IR/Module.h"

namespace gemel::nvidia {

/// Sets the module's triple and data layout.
void prepareDevice(llvm::Module &module, const Chip &chip);

/// Optimises and prints the module. False, with a sentence in `error`.
bool printPtx(llvm::Module &module, const Chip &chip, std::string &text,
              std::string &error);

/// The PTX of several modules as that of one: what each begins with once, files
/// numbered anew.
std::string joinPtx(llvm::ArrayRef<std::string> texts);

} // namespace gemel::nvidia

#endif // GEMEL_CODEGEN_NVIDIA_PTX_H
