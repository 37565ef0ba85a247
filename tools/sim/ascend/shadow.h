// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who touched each byte of a memory last, and which bytes are defined.

#ifndef GEMEL_SIM_ASCEND_SHADOW_H
#define GEMEL_SIM_ASCEND_SHADOW_H

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace ascendsim {

/// Pipes that order accesses. The cache stands for scalar stores to GM, which
/// others see only after a write-back.
enum Pipe : uint8_t { kS, kV, kM, kMte1, kMte2, kMte3, kFix, kCache, kPipes };
extern const char *const kPipeNames[kPipes];

enum Kind : uint8_t { kRead, kWrite, kAtomic };

using Counts = std::array<uint32_t, kPipes>;
/// What is known of every core's pipes.
using Remote = std::vector<Counts>;

/// How many instructions of each pipe are known to be complete: of the own
/// core, and of the others once flags have carried it.
struct Clock {
  Counts own{};
  std::shared_ptr<const Remote> remote;

  void join(const Counts &other) {
    for (int i = 0; i < kPipes; ++i)
      own[i] = std::max(own[i], other[i]);
  }
  void join(const Clock &other) {
    join(other.own);
    joinRemote(other.remote);
  }
  void joinRemote(const std::shared_ptr<const Remote> &other);
};

/// An access that later ones have to be ordered after.
struct Access {
  uint32_t mask; // of the 32 bytes
  uint32_t number;
  uint32_t who;  // core, pipe and kind
  uint32_t site; // of the program: position in the launch's list

  static uint32_t pack(uint32_t core, uint32_t pipe, uint32_t kind) {
    return core << 8 | pipe << 4 | kind;
  }
  uint32_t core() const { return who >> 8; }
  Pipe pipe() const { return static_cast<Pipe>(who >> 4 & 15); }
  Kind kind() const { return static_cast<Kind>(who & 15); }
  void setPipe(Pipe p) { who = pack(core(), p, kind()); }
};

/// 32 bytes of a memory.
struct Cell {
  uint32_t defined = 0;
  uint32_t count = 0;
  Access inl[3];
  std::unique_ptr<std::vector<Access>> more;

  Access *begin() { return more ? more->data() : inl; }
  Access *end() { return begin() + count; }
  void clear() {
    count = 0;
    more.reset();
  }
  void add(const Access &a);
  void remove(Access *a) { *a = begin()[--count]; }
};
static_assert(sizeof(Cell) == 64);

/// Who accesses.
struct Accessor {
  uint32_t core, number, site;
  Pipe pipe;
  const Clock *clock;
};

/// Whether \p a is over before the access that \p who makes.
inline bool isOrdered(const Access &a, const Accessor &who) {
  Pipe pipe = a.pipe();
  if (a.core() == who.core) [[likely]] {
    if (who.clock->own[pipe] >= a.number)
      return true;
    if (pipe == who.pipe && a.number == who.number)
      return true; // the same instruction
    // The scalar unit is in order.
    return who.pipe == kS && (pipe == kS || pipe == kCache);
  }
  return who.clock->remote && a.core() < who.clock->remote->size() &&
         (*who.clock->remote)[a.core()][pipe] >= a.number;
}

/// Enters an access to some bytes of a cell. The access it races with, or
/// null.
const Access *enterSome(Cell &cell, uint32_t mask, Kind kind,
                        const Accessor &who);

/// The same, fast where the whole cell is read or written and few touched it.
inline const Access *enter(Cell &cell, uint32_t mask, Kind kind,
                           const Accessor &who) {
  if (mask != ~0u || cell.more || kind == kAtomic) [[unlikely]]
    return enterSome(cell, mask, kind, who);
  Access *own = nullptr;
  uint32_t me = Access::pack(who.core, who.pipe, kRead);
  for (uint32_t i = cell.count; i-- > 0;) { // the last first
    Access &a = cell.inl[i];
    if (a.who == me && kind == kRead)
      own = &a;
    else if ((kind == kWrite || a.kind() != kRead) && !isOrdered(a, who))
      return &a;
  }
  if (kind == kWrite) {
    // What comes after this write comes after all of those, too.
    cell.count = 1;
    cell.inl[0] = {~0u, who.number, Access::pack(who.core, who.pipe, kWrite),
                   who.site};
  } else if (own) {
    *own = {~0u, who.number, me, who.site};
  } else {
    cell.add({~0u, who.number, me, who.site});
  }
  return nullptr;
}

} // namespace ascendsim

#endif
