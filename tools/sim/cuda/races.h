// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Happens-before between the threads of a grid, and the races it finds.

#ifndef GEMEL_SIM_CUDA_RACES_H
#define GEMEL_SIM_CUDA_RACES_H

#include "exec.h"

namespace cudasim {

/// What a thread knows of others: of each, up to which time its accesses
/// happened before. Time is one counter of the grid; a release ends a period,
/// so an access belongs to a release exactly if its time is not later. Entries
/// name a whole CTA, a warp or a thread; what holds is the latest that names
/// it. Clocks are shared and immutable.
struct Clock {
  uint32_t refs = 0;
  // Sorted by key: (level, index); level 0 CTA, 1 warp, 2 thread.
  std::vector<std::pair<uint64_t, uint32_t>> entries;
};

class Races {
public:
  explicit Races(Launch &launch);
  ~Races();

  void startCta(Cta &cta);
  void finishCta(Cta &cta);

  /// One access of lanes \p m, at byte \p offsets in \p cells.
  bool check(Warp &warp, const Instr &instr, uint32_t lane, uint32_t lanes,
             Space space, uint64_t address, Cell *cell, unsigned bytes,
             uint32_t kind);

  // Barriers: arrivals are joined, then all who wait take the result.
  void arrive(Warp &warp, uint32_t m, Clock *&into, bool ends);
  void completeBarrier(Cta &cta, Barrier &barrier);
  void acquire(Warp &warp, uint32_t m, Clock *clock);
  void warpSync(Warp &warp, uint32_t members);

  // Atomics and strong accesses of one lane.
  void fence(Warp &warp, uint32_t m);
  void strongRead(Warp &warp, uint32_t lane, uint64_t key, bool acquire);
  void strongWrite(Warp &warp, uint32_t lane, uint64_t key, bool release,
                   bool readModifyWrite);
  void weakWrite(uint64_t key);

  /// A cp.async's arrival: what was pending becomes the lane's write now.
  void arriveAsync(Warp &warp, uint32_t lane, Cell *cells, unsigned bytes,
                   const Instr &instr);

  static void retain(Clock *c) {
    if (c)
      ++c->refs;
  }
  static void drop(Clock *&c) {
    if (c && --c->refs == 0)
      delete c;
    c = nullptr;
  }
  static void set(Clock *&to, Clock *from) {
    retain(from);
    drop(to);
    to = from;
  }
  void join(Clock *&into, Clock *from);
  void tick() { ++now; }

  /// Times of all launches: a launch's accesses are later than \p start.
  static uint32_t now;
  uint32_t start;

private:
  uint32_t known(const Clock *clock, uint32_t warp, uint32_t lane) const;
  bool ordered(const Warp &warp, uint32_t lane, const Entry &e) const;
  bool orderedAll(const Warp &warp, uint32_t lanes, const Entry &e) const;
  bool report(Warp &warp, const Instr &instr, uint32_t lane, Space space,
              uint64_t address, unsigned bytes, uint32_t kind, const Entry &e);
  Clock *with(Clock *base, uint64_t key, uint32_t time);

  /// The reads of a cell against a write; forgets those it is ordered after.
  bool checkReads(Warp &warp, const Instr &instr, uint32_t lane, uint32_t lanes,
                  Space space, uint64_t address, Cell &cell, ReadSets &sets,
                  unsigned bytes, uint32_t kind, uint32_t mask);
  bool conflicts(const Warp &warp, const Entry &e, uint32_t kind) const;

  Launch &launch;
  ReadSets globalReads;
  uint32_t warpsPerCta;
  std::unordered_map<uint64_t, Clock *> released; // by address
};

} // namespace cudasim

#endif
