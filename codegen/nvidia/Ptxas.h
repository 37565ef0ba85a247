// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The vendor's assembler, where it is installed.

#ifndef GEMEL_CODEGEN_NVIDIA_PTXAS_H
#define GEMEL_CODEGEN_NVIDIA_PTXAS_H

#include "codegen/nvidia/Chips.h"

#include <string>
#include <vector>

namespace gemel::nvidia {

/// What ptxas says of one kernel.
struct KernelResources {
  std::string symbol;
  int64_t registers = 0, spilledBytes = 0, sharedBytes = 0, stackBytes = 0;
};

struct Assembled {
  std::string cubin;
  std::vector<KernelResources> kernels;
  /// Lines that say what costs speed: spills apart, those with "warning" or
  /// "Performance Loss".
  std::vector<std::string> warnings;
};

/// The program: GEMEL_PTXAS, else `ptxas` on the path or in CUDA's usual
/// folder; empty if there is none. GEMEL_PTXAS=none says that there is none.
std::string findPtxas();

/// Assembles PTX for a chip. What was assembled before, by the same ptxas, is
/// read from a cache (XDG_CACHE_HOME/gemel, else ~/.cache/gemel). False, with a
/// sentence in `error`.
bool assemble(const std::string &ptxas, llvm::StringRef ptx, const Chip &chip,
              Assembled &result, std::string &error);

/// What ptxas -v printed, line by line.
void readReport(llvm::StringRef text, Assembled &result);

} // namespace gemel::nvidia

#endif // GEMEL_CODEGEN_NVIDIA_PTXAS_H
