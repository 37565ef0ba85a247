// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The chips that can be simulated: one table of their facts.

#ifndef GEMEL_SIM_CUDA_CHIP_H
#define GEMEL_SIM_CUDA_CHIP_H

#include <cstdint>
#include <string_view>

namespace cudasim {

struct Launch;

struct Chip {
  std::string_view name; // of the target
  const char *product;
  int major, minor;
  int smCount;
  int sharedPerBlockBytes, sharedOptInBytes, sharedPerSmBytes;
  int sharedReservedBytes; // by the system, per CTA
  int registersPerBlock, registersPerSm;
  int threadsPerSm, ctasPerSm;
  int clockKHz, memoryClockKHz, busBits;
  int l2Bytes, l2PersistingBytes;
  uint64_t memoryBytes;

  /// CTAs of the launch that run on the chip at a time.
  uint32_t residentCtas(const Launch &launch) const;
  uint32_t ctasPerMultiprocessor(uint32_t threads, uint32_t sharedBytes,
                                 uint32_t registers) const;
};

/// The chip that \p target names, or null.
const Chip *findChip(std::string_view target);

} // namespace cudasim

#endif
