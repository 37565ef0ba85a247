// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The chips that can be simulated: one table of their facts.

#ifndef GEMEL_SIM_ASCEND_CHIP_H
#define GEMEL_SIM_ASCEND_CHIP_H

#include "include/cce_codes.h"

#include <cstdint>
#include <string_view>

namespace ascendsim {

struct Chip {
  std::string_view soc; // as aclrtGetSocName names it
  int cubeCores, vectorCores;
  int clockMHz;
  uint64_t memoryBytes, l2Bytes;
  int memoryGBs; // bytes a second of the memory, in 1e9
};

/// Where their clocks and rates are from, for people.
extern const char kChipSources[];

/// The chip that \p soc names, or null.
const Chip *findChip(std::string_view soc);

/// A memory of a core.
struct SpaceFacts {
  const char *name, *qualifier;
  uint32_t bytes;     // 0: the cores do not have it
  uint32_t alignment; // of an operand of an instruction
  bool onVector, onCube;
};
extern const SpaceFacts kSpaces[cce_space_count];

constexpr uint32_t kBlockBytes = 32;   // what a stride counts
constexpr uint32_t kRepeatBytes = 256; // of one iteration of a vector unit
constexpr uint32_t kFractalBytes = 512;
constexpr int kEvents = 8;          // flags of a pair of pipes
constexpr int kCrossFlags = 16;     // of a core
constexpr int kCrossFlagLimit = 15; // what one may count

// Stack of the scalar code: what the vendor's scripts configure
// (asc-devkit, ascendc_compile_v220.py).
constexpr uint64_t kScalarStackBytes = 32768;

} // namespace ascendsim

#endif
