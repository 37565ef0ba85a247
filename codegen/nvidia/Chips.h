// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The chips of the nvidia target.

#ifndef GEMEL_CODEGEN_NVIDIA_CHIPS_H
#define GEMEL_CODEGEN_NVIDIA_CHIPS_H

#include "dialect/Dialect.h"

namespace gemel::nvidia {

struct Chip {
  llvm::StringRef target;      ///< as --target spells it, LLVM and ptxas too
  llvm::StringRef ptxFeature;  ///< of the oldest PTX that names the chip
  int64_t multiprocessors;     ///< of the card that the rates are of
  int64_t megabytesPerSecond;  ///< a device's copy, read and written
  int64_t megahertz;           ///< under load
  int64_t sharedBytes;         ///< of a multiprocessor
  bool hasBf16Rounding = true; ///< cvt.rn.bf16.f32: sm_80 (PTX ISA, cvt)
  bool overlapsLaunches;       ///< griddepcontrol: sm_90 (PTX ISA)
};

/// PTX versions: PTX ISA 9.0, release notes. Multiprocessors and clocks: the
/// A100 SXM 80 GB and H100 SXM data sheets. Shared memory: CUDA C++ Programming
/// Guide, table of compute capabilities. Copy rates: 1.6 of 2.0 TB/s and
/// 3.0 of 3.35 TB/s, what copies of arrays beyond the L2 cache reach. They
/// order plans and predict times; they never change a result.
inline constexpr Chip chips[] = {
    {"sm_80", "+ptx71", 108, 1600000, 1410, 164 << 10, true, false},
    {"sm_90", "+ptx80", 132, 3000000, 1755, 228 << 10, true, true},
    {"sm_90a", "+ptx80", 132, 3000000, 1755, 228 << 10, true, true},
};

/// Lanes of a warp, threads of the largest block (CUDA C++ Programming Guide,
/// table of compute capabilities), bytes of the widest access (PTX ISA, ld).
inline constexpr int64_t kWarp = 32, kMostThreads = 1024, kAccess = 16;

/// Threads of a block whose work does not ask for more: eight such blocks fill
/// a multiprocessor at 32 registers a thread, two at 128.
inline constexpr int64_t kBlock = 256;

/// L1 and shared memory of a multiprocessor of sm_80, which has the least (CUDA
/// programming guide, compute capabilities).
inline constexpr int64_t kCacheBytes = 192 << 10;

/// Positions of a row that a thread holds: two or four values of each fit its
/// 255 registers. Positions of a chunk that it holds, where nothing is
/// reduced along the lanes: two 16-byte accesses of f32 in flight.
inline constexpr int64_t kHeld = 32, kChunkHeld = 8;

/// Terms of one work item of a reduction that crosses launches: few enough for
/// blocks on every multiprocessor, and for the stacks of eight such sums to
/// stay in registers; enough that partial sums cost little.
inline constexpr int64_t kRuns = 16;

/// Rows of a contraction's register tile.
inline constexpr int64_t kRows = 8;

/// The tile of a product of 16-bit floats: eight warps, two by four, of 64 x 64
/// results each, which are 128 registers of a thread and 32 mma.m16n8k16 for
/// eight ldmatrix (PTX ISA, mma); of the terms four steps of that, 128 bytes,
/// which are 48 KiB of operands a stage.
inline constexpr int64_t kMatrixRows = 128, kMatrixLanes = 256,
                         kMatrixTerms = 64, kMatrixTeam = 256, kMatrixBits = 16;

/// mma.m16n8k16 (PTX ISA, warp-level matrix instructions), and its elements.
inline constexpr int64_t kInstructionRows = 16, kInstructionTerms = 16,
                         kElementBytes = 2;

/// Stages of operands in flight: 144 KiB of the 163 KiB that a block may have
/// (CUDA C++ Programming Guide, table of compute capabilities, 8.0).
inline constexpr int64_t kStages = 3;

/// Positions of a step of the axis that chains two products, and lanes of the
/// second: each warp has sixteen rows and all of these, so that rows are
/// combined within it; 64 registers hold a step's results, 64 the second
/// product's.
inline constexpr int64_t kMatrixChain = 128;

/// Rows of tiles in a band: the 132 blocks that run together are 2048 by 2048
/// results, which read the fewest rows and columns of operands; of 4096 terms
/// 32 MiB, which an H100's L2 cache holds.
inline constexpr int64_t kBandTiles = 16;

/// Registers of a block that hold rows: five of eight of all it may have (CUDA
/// C++ Programming Guide, table of compute capabilities: 65536 of 32 bits), so
/// that what is computed of them has the rest.
inline constexpr int64_t kRowRegisters = 65536 / 8 * 5;

/// Rows up to these sizes get code of their own that holds them in registers:
/// a few rows a warp, one a warp, and blocks of 128, 256 and 512 threads. With
/// 1024 threads a block, 64 registers of a thread do not hold 32 values and
/// what is computed of them.
inline constexpr int64_t kRowSizes[] = {256, 1024, 4096, 8192, 16384};

inline const Chip *findChip(llvm::StringRef target) {
  for (const Chip &chip : chips)
    if (chip.target == target)
      return &chip;
  return nullptr;
}

} // namespace gemel::nvidia

#endif // GEMEL_CODEGEN_NVIDIA_CHIPS_H
