// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The state of a running kernel: launch, CTAs, warps and their paths.

#ifndef GEMEL_SIM_CUDA_EXEC_H
#define GEMEL_SIM_CUDA_EXEC_H

#include "device_memory.h"
#include "module.h"

#include <deque>
#include <random>
#include <unordered_map>

namespace cudasim {

struct Chip;
struct Cta;
struct Launch;

/// Registers and parameters of one call, for the lanes that made it.
struct Frame {
  const Function *fn = nullptr;
  uint8_t *regs = nullptr;     // 64-byte aligned, fn->regBytes
  std::vector<uint8_t> params; // [lane][fn->laneParamBytes]
  uint32_t localBase = 0;
  Frame *parent = nullptr;
  uint32_t returnTo = 0;
  const CallSite *call = nullptr;
};

/// Where the sides of a divergent branch meet again.
struct Join {
  Frame *frame = nullptr; // null: free
  uint32_t pc = 0, expected = 0, arrived = 0;
  int parent = -1;
};

enum class Wait : uint8_t { None, Barrier, WarpSync };

/// Lanes of a warp that share a program counter.
struct Path {
  uint32_t pc = 0, mask = 0;
  Frame *frame = nullptr;
  int join = -1;
  Wait wait = Wait::None;
  uint8_t barrier = 0;
  uint64_t pollKey = 0;      // what its last poll saw
  uint32_t polls = 0;        // how often in a row it saw that
  const Instr *at = nullptr; // waiting or polling here
  uint32_t members = 0;      // of WarpSync
};

/// One cp.async whose issuer has not waited for it, or an arrival on an
/// mbarrier that waits for those before it.
struct AsyncCopy {
  uint64_t source = 0; // device address
  uint32_t target = 0; // shared address
  uint8_t bytes = 0, copied = 0;
  bool delivered = false; // the bytes are there, which nobody may rely on
  bool arrival = false;   // of the mbarrier at `target`
  const Instr *instr = nullptr;
};

/// What a thread has issued asynchronously.
struct AsyncQueue {
  std::deque<AsyncCopy> copies; // oldest first
  std::deque<uint32_t> groups;  // copies of each committed group
  uint32_t open = 0;            // copies of no group yet
};

struct Clock;

struct Warp {
  Cta *cta = nullptr;
  Launch *launch = nullptr;
  uint32_t index = 0; // in the CTA
  uint32_t live = 0;
  uint32_t tid[3][kWarpSize];
  uint8_t *regs = nullptr; // of the current frame
  Frame *frame = nullptr;
  uint32_t pathMask = 0;
  uint32_t waited = 0; // lanes that have waited for the launch before
  uint32_t pc = 0;
  bool blocked = false; // set by a Sync instruction: park this path
  bool yield = false;   // set by a poll: let others run
  uint64_t pollKey = 0; // what the poll saw, 0 for no poll
  Path park;            // how the blocked path waits
  std::vector<Path> paths;
  std::vector<Frame *> frames;
  std::vector<Join> joins;
  std::vector<uint8_t> local, localInit; // [lane][localStride]
  uint32_t localStride = 0;
  AsyncQueue async[kWarpSize];
  bool hasAsync = false;
  Clock *clock[kWarpSize] = {};  // what each lane knows
  Clock *fenced[kWarpSize] = {}; // what it knew at its last fence
  Clock *seen[kWarpSize] = {};   // observed, acquired at its next fence
  uint64_t cachedBase = 1;       // last allocation looked up
  Allocation *cached = nullptr;
};

struct Barrier {
  uint32_t arrived = 0, expected = 0;          // expected 0: the live threads
  uint32_t population = 0, all = ~0u, any = 0; // bar.red
  bool partial = false; // used with a thread count or bar.arrive
  Clock *clock = nullptr;
};

struct MBarrierClock {
  Clock *current = nullptr, *completed[2] = {};
};

struct Cta {
  Launch *launch = nullptr;
  uint32_t id[3];
  uint64_t linear = 0;
  uint32_t liveThreads = 0;
  uint32_t startTime = 0;
  std::vector<Warp> warps;
  std::vector<uint8_t> shared, sharedInit;
  std::vector<Cell> cells; // one a shared word; empty without race detection
  ReadSets reads;
  Barrier barriers[16];
  std::unordered_map<uint32_t, MBarrierClock> mbarriers;
  std::mt19937 random;
  bool exited = false; // lanes have, since barriers were looked at
};

struct Launch {
  std::shared_ptr<Module> module;
  const Function *kernel = nullptr;
  uint32_t grid[3], block[3];
  uint32_t dynamicShared = 0;
  std::vector<uint8_t> params;
  const Chip *chip = nullptr;
  DeviceMemory *memory = nullptr;
  class Races *races = nullptr; // null: fast mode
  bool overlaps = false;        // the launch before it may still run
  uint64_t seed = 0;
  uint64_t instructions = 0;
  uint64_t limit = ~0ull;
  uint64_t changes = 0; // stores, arrivals, exits: what others may wait for
  bool failed = false;
  int result = 0; // CUresult
  std::string report;

  uint32_t sharedBytes = 0;       // static and dynamic
  uint32_t dynamicSharedBase = 0; // address
};

/// Shared addresses begin here: the first KiB is the system's, as on the chip
/// (CUDA C++ Programming Guide, compute capability 8.x and 9.0).
inline constexpr uint32_t kSharedBase = 1024;
/// Windows of the generic address space.
inline constexpr uint64_t kSharedWindow = 0x0000000100000000ull;
inline constexpr uint64_t kLocalWindow = 0x0000000200000000ull;
inline constexpr uint64_t kParamWindow = 0x0000000300000000ull;
inline constexpr uint64_t kWindowBytes = 0x0000000100000000ull;
/// A thread's stack of local memory at most (Programming Guide, table of
/// technical specifications: 512 KB).
inline constexpr uint32_t kLocalLimit = 512 * 1024;

/// Runs a launch to its end or first report. Returns a CUresult.
int runLaunch(Launch &launch);

/// Ends the launch with \p result and a report made of \p what and the place.
void fault(Warp &warp, const Instr &instr, uint32_t lane, int result,
           const std::string &what);
/// "kernel 'k', CTA (0,0,0), thread (1,0,0)".
std::string threadName(const Warp &warp, uint32_t lane);
/// "PTX line 12: `st.global...` (file.cu:3)".
std::string placeName(const Module &module, const Instr &instr);

// paths.cpp
bool runWarp(Warp &warp, uint32_t budget);
void startWarp(Warp &warp);
void finishWarp(Warp &warp);
void checkBarriersAfterExit(Cta &cta);
void releaseWarpSync(Warp &warp);

// async.cpp
/// Settles the lane's oldest \p count copies.
void settleCopies(Warp &warp, uint32_t lane, uint32_t count);
/// Lets bytes of unfinished copies arrive, and mbarrier arrivals that wait for
/// them; \p all: every one of these arrivals. True if an mbarrier changed.
bool deliverSome(Warp &warp, bool all);
/// Reports a lane of `mask` that exits before its cp.async have arrived.
void checkCopiesAtExit(Warp &warp, uint32_t mask);
// barrier.cpp
void arriveMBarrier(Warp &warp, const Instr &instr, uint32_t lane,
                    uint32_t address, uint32_t count);

/// A register's lanes as an array of T.
template <typename T>
inline T *lanes(Warp &w, const Ref &r) {
  const uint8_t *p = r.abs ? r.abs : w.regs + r.off;
  return reinterpret_cast<T *>(const_cast<uint8_t *>(p));
}
inline uint32_t predicate(Warp &w, const Ref &r) {
  uint32_t bits = *lanes<uint32_t>(w, r);
  return r.negated ? ~bits : bits;
}
inline void setPredicate(Warp &w, const Ref &r, uint32_t m, uint32_t bits) {
  if (!r.valid())
    return;
  uint32_t *p = lanes<uint32_t>(w, r);
  *p = (*p & ~m) | (bits & m);
}

/// Writes \p from to the lanes of \p m of \p to.
template <typename T>
inline void blend(T *__restrict to, const T *__restrict from, uint32_t m) {
  if (m == kFull) {
    for (uint32_t l = 0; l < kWarpSize; ++l)
      to[l] = from[l];
    return;
  }
  for (uint32_t l = 0; l < kWarpSize; ++l)
    if (m >> l & 1)
      to[l] = from[l];
}

} // namespace cudasim

#endif
