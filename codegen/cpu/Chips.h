// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The chips of the cpu target.

#ifndef GEMEL_CODEGEN_CPU_CHIPS_H
#define GEMEL_CODEGEN_CPU_CHIPS_H

#include "dialect/Dialect.h"

namespace gemel::cpu {

struct Chip {
  llvm::StringRef target;            ///< as --target spells it
  llvm::StringRef llvmCpu;           ///< LLVM's name of the instruction set
  int64_t lanes;                     ///< f32 positions of a vector register
  int64_t unroll;                    ///< vectors in flight along the lane axis
  int64_t rows;                      ///< rows of a contraction's register tile
  int64_t megabytesPerSecond;        ///< of one thread, read and written
  int64_t megainstructionsPerSecond; ///< vector instructions of one thread
};

/// Register tiles: 16 registers hold 4 rows x 2 vectors of accumulators with
/// room for operands (x86-64-v3); 32 registers hold 6 x 4 (x86-64-v4).
/// Instruction sets: x86-64 psABI 1.0, section 3.1.1, levels v3 and v4. Rates
/// are assumptions, a server core of 2023: 10 GB/s, two vector instructions a
/// cycle at 2.5 GHz; they order plans and never change a result.
inline constexpr Chip chips[] = {
    {"cpu", "x86-64-v3", 8, 4, 4, 10000, 5000},
    {"cpu-v4", "x86-64-v4", 16, 4, 4, 10000, 5000},
};

/// Positions of the lane axis, and terms of a cut reduction, in one work item:
/// 16 KiB of f32, half an L1 cache; and rows enough to hide the second step,
/// yet so few that what one sweep over them read is in the L2 cache for the
/// next.
inline constexpr int64_t kChunk = 4096, kRuns = 64;

/// Positions that a work item may keep on its stack: 64 KiB, well inside an L2
/// cache and a thread's stack.
inline constexpr int64_t kScratch = 16384;

/// L2 of a core: of the cpus in question the least (Intel Skylake server).
inline constexpr int64_t kCacheBytes = 1 << 20;

inline const Chip *findChip(llvm::StringRef target) {
  for (const Chip &chip : chips)
    if (chip.target == target)
      return &chip;
  return nullptr;
}

/// The chip as passes see it.
inline MachineAttr machineOf(const Chip &chip, mlir::MLIRContext *context) {
  mlir::Builder b(context);
  return MachineAttr::get(
      context, b.getStringAttr(chip.target),
      b.getStrArrayAttr({"thread", "vector"}), chip.lanes, chip.unroll,
      chip.rows, kChunk, kRuns, /*rowRuns=*/0, kScratch,
      /*team=*/1, /*access=*/chip.lanes * 4,
      /*held=*/chip.lanes * chip.unroll, /*registers=*/0,
      /*block=*/1, kCacheBytes,
      /*matrixRows=*/0, /*matrixLanes=*/0,
      /*matrixTerms=*/0, /*matrixTeam=*/0, /*matrixBits=*/0,
      /*matrixChain=*/0,
      /*units=*/1, chip.megabytesPerSecond, chip.megainstructionsPerSecond);
}

} // namespace gemel::cpu

#endif // GEMEL_CODEGEN_CPU_CHIPS_H
