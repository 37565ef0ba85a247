// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The memories of a core.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_MEMORY_H
#define GEMEL_CODEGEN_ASCEND_CCE_MEMORY_H

#include "codegen/ascend/Facts.h"
#include "codegen/ascend/cce/Cce.h"

namespace gemel::cce {

/// Where registers are bytes, to order their uses as those of a memory.
inline constexpr auto kRegisters = static_cast<Space>(64);

struct Memory {
  int64_t bytes, alignment;
};

inline Memory memoryOf(Space space) {
  switch (space) {
  case Space::Ub:
    return {ascend::kUbBytes, ascend::kUbAlignment};
  case Space::L1:
    return {ascend::kL1Bytes, ascend::kUbAlignment};
  case Space::L0a:
    return {ascend::kL0aBytes, ascend::kL0Alignment};
  case Space::L0b:
    return {ascend::kL0bBytes, ascend::kL0Alignment};
  case Space::L0c:
    return {ascend::kL0cBytes, ascend::kL0cAlignment};
  default: // GM, registers
    break;
  }
  return {0, 1}; // not a core's
}

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_MEMORY_H
