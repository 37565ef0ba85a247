// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the instructions that touch memory share.

#ifndef GEMEL_SIM_CUDA_MEMORY_OPS_H
#define GEMEL_SIM_CUDA_MEMORY_OPS_H

#include "ops.h"
#include "races.h"

#include <cstring>

namespace cudasim {

/// Instr::order.
enum : uint8_t { kWeak, kRelaxed, kAcquire, kRelease, kAcqRel };
/// Instr::scope.
enum : uint8_t { kScopeCta, kScopeCluster, kScopeGpu, kScopeSys };

/// The addresses of base register instr.a and offset instr.imm.
inline void addressesOf(Warp &w, const Instr &i, uint64_t *addr) {
  if (!i.a.valid()) {
    for (uint32_t l = 0; l < kWarpSize; ++l)
      addr[l] = uint64_t(i.imm);
  } else if (i.a.bytes == 8) {
    const uint64_t *a = lanes<uint64_t>(w, i.a);
    for (uint32_t l = 0; l < kWarpSize; ++l)
      addr[l] = a[l] + uint64_t(i.imm);
  } else {
    const uint32_t *a = lanes<uint32_t>(w, i.a);
    for (uint32_t l = 0; l < kWarpSize; ++l)
      addr[l] = uint32_t(a[l] + uint32_t(i.imm));
  }
}

/// Names a memory location to the race detector, whichever space it is in.
inline uint64_t locationKey(Warp &w, Space space, uint64_t address) {
  bool shared = space == Space::Shared;
  if (space == Space::Generic &&
      (address & ~(kWindowBytes - 1)) == kSharedWindow)
    shared = true;
  if (!shared)
    return address & ~3ull;
  return (w.cta->linear << 32 | (address & ~3u)) | 1ull << 63;
}

inline uint32_t strongKind(const Instr &i) {
  if (!i.strong)
    return 0;
  return kStrong | (i.scope == kScopeCta ? uint32_t(kCtaScope) : 0u);
}

/// Tells the scheduler that the path looked at a place and may be waiting for
/// it to change: a path that keeps seeing the same is polling.
inline void pollAt(Warp &w, uint64_t address, uint64_t value) {
  w.pollKey = (address * 0x9e3779b97f4a7c15ull ^ value) + w.pc + 1;
  w.yield = true;
}

/// Orders after an access: what a lane's strong read or write means.
void strongAccess(Warp &w, const Instr &i, uint32_t m, Space space,
                  const uint64_t *addr, bool reads, bool writes);

/// Takes the state space, memory order, scope and cache hints of a memory
/// instruction.
bool takeMemoryModifiers(Decoder &d);
bool takeOrderAndScope(Decoder &d);

} // namespace cudasim

#endif
