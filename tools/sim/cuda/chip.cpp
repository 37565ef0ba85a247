// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The chips that can be simulated: one table of their facts.

#include "chip.h"

#include "exec.h"

#include <algorithm>

namespace cudasim {

// Shared memory, registers, threads and CTAs of an SM: CUDA C++ Programming
// Guide 13.0, "Technical Specifications per Compute Capability". SM counts,
// clocks, L2 and memory: NVIDIA A100 and H100 Tensor Core GPU Architecture
// white papers (SXM4 80 GB, SXM5 80 GB). Bus and memory clock give 2.0 and
// 3.35 TB/s. Persisting L2: what the driver reports, 3/4 of L2 in whole MiB,
// inferred.
static const Chip kChips[] = {
    {"sm_80", "Simulated A100-SXM4-80GB", 8, 0, 108, 48 << 10, 163 << 10,
     164 << 10, 1 << 10, 65536, 65536, 2048, 32, 1410000, 1593000, 5120,
     40 << 20, 30 << 20, 80ull << 30},
    {"sm_90a", "Simulated H100-SXM5-80GB", 9, 0, 132, 48 << 10, 227 << 10,
     228 << 10, 1 << 10, 65536, 65536, 2048, 32, 1980000, 2619000, 5120,
     50 << 20, 37 << 20, 80ull << 30},
};

const Chip *findChip(std::string_view target) {
  for (const Chip &chip : kChips)
    if (chip.name == target)
      return &chip;
  return nullptr;
}

uint32_t Chip::ctasPerMultiprocessor(uint32_t threads, uint32_t sharedBytes,
                                     uint32_t registers) const {
  uint32_t warps = (threads + kWarpSize - 1) / kWarpSize;
  if (!warps)
    return 0;
  uint32_t n = std::min<uint32_t>(ctasPerSm, threadsPerSm / kWarpSize / warps);
  n = std::min<uint32_t>(n, sharedPerSmBytes /
                                (sharedBytes + sharedReservedBytes));
  // Registers are given to warps in units of 256 (Programming Guide).
  uint32_t perWarp = (std::max(registers, 16u) * kWarpSize + 255) / 256 * 256;
  return std::min<uint32_t>(n, registersPerSm / (perWarp * warps));
}

uint32_t Chip::residentCtas(const Launch &launch) const {
  uint32_t threads = launch.block[0] * launch.block[1] * launch.block[2];
  uint32_t n = ctasPerMultiprocessor(threads, launch.sharedBytes, 32);
  return std::max(1u, n) * static_cast<uint32_t>(smCount);
}

} // namespace cudasim
