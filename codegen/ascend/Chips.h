// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The chips of the ascend target.

#ifndef GEMEL_CODEGEN_ASCEND_CHIPS_H
#define GEMEL_CODEGEN_ASCEND_CHIPS_H

#include "dialect/Dialect.h"

namespace gemel::ascend {

struct Chip {
  llvm::StringRef target;     ///< as --target spells it
  int64_t cubeCores;          ///< each with two vector cores
  int64_t megahertz;          ///< of the cores
  int64_t megabytesPerSecond; ///< of the memory
  int64_t vectorCores() const { return 2 * cubeCores; }
};

/// Cores: AscendNPU-IR, NPUTargetSpec.td. Clocks and memory: PTO-ISA's platform
/// file for 910B1, public hardware lists for the others, which disagree on the
/// clock of 910B4 (1500 and 1650). `ascend910b` runs on all of them: it takes
/// the fewest cores. Of 910C, one of two dies. Rates order plans and predict
/// times; they never change a result.
inline constexpr Chip chips[] = {
    {"ascend910b", 20, 1800, 1600000},  {"ascend910b1", 24, 1850, 1600000},
    {"ascend910b2", 24, 1800, 1600000}, {"ascend910b3", 20, 1800, 1600000},
    {"ascend910b4", 20, 1500, 800000},  {"ascend910c", 24, 1800, 1600000},
};

/// Positions of a step along the lane axis, 128 repeats, which hide what an
/// instruction costs to begin; of a work item where nothing is reduced along
/// it; and of a row that stays in UB: 32 KiB of f32.
inline constexpr int64_t kLanes = 64, kUnroll = 128, kChunk = 8192, kRow = 8192;

/// Rows of a contraction's tile; terms of one work item of a reduction that
/// crosses launches; and where they are short rows, half of which stay
/// in UB together.
inline constexpr int64_t kRows = 8, kRuns = 64, kRowRuns = 16;

/// What a cube core makes at a time: all of L0C, in f32. Terms of two bytes; of
/// each operand L1 has room for so many three times, beside terms of rows that
/// stay there, and L0 for half of them, twice.
inline constexpr int64_t kMatrixRows = 128, kMatrixLanes = 256,
                         kMatrixTerms = 128, kMatrixBits = 32;

/// Rows up to these sizes get code of their own that holds them in UB.
inline constexpr int64_t kRowSizes[] = {128, 1024, 2048, 4096, 8192};

inline const Chip *findChip(llvm::StringRef target) {
  for (const Chip &chip : chips)
    if (chip.target == target)
      return &chip;
  return nullptr;
}

} // namespace gemel::ascend

#endif // GEMEL_CODEGEN_ASCEND_CHIPS_H
