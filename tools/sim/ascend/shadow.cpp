// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who touched each byte of a memory last, and which bytes are defined.

#include "shadow.h"

namespace ascendsim {

const char *const kPipeNames[kPipes] = {"PIPE_S",    "PIPE_V",    "PIPE_M",
                                        "PIPE_MTE1", "PIPE_MTE2", "PIPE_MTE3",
                                        "PIPE_FIX",  "PIPE_S"};

void Clock::joinRemote(const std::shared_ptr<const Remote> &other) {
  if (!other || other == remote)
    return;
  if (!remote) {
    remote = other;
    return;
  }
  auto merged = std::make_shared<Remote>(*remote);
  if (merged->size() < other->size())
    merged->resize(other->size());
  for (size_t c = 0; c < other->size(); ++c)
    for (int p = 0; p < kPipes; ++p)
      (*merged)[c][p] = std::max((*merged)[c][p], (*other)[c][p]);
  remote = std::move(merged);
}

void Cell::add(const Access &a) {
  if (!more) {
    if (count < 3) {
      inl[count++] = a;
      return;
    }
    more = std::make_unique<std::vector<Access>>(inl, inl + 3);
    more->resize(8);
  }
  if (count == more->size())
    more->resize(2 * count);
  (*more)[count++] = a;
}

const Access *enterSome(Cell &cell, uint32_t mask, Kind kind,
                        const Accessor &who) {
  Access *first = cell.begin();
  if (kind == kRead) {
    Access *own = nullptr;
    for (Access *a = first + cell.count; a-- > first;) {
      if (a->kind() != kRead) {
        if ((a->mask & mask) && !isOrdered(*a, who))
          return a;
      } else if (a->core() == who.core && a->pipe() == who.pipe) {
        // A later instruction of the pipe ends no earlier.
        if (!(a->mask & ~mask) || a->number == who.number)
          own = a;
      }
    }
    if (own) {
      own->mask |= mask;
      own->number = who.number;
      own->site = who.site;
      return nullptr;
    }
  } else {
    for (Access *a = first + cell.count; a-- > first;) {
      if (!(a->mask & mask))
        continue;
      if (!(kind == kAtomic && a->kind() == kAtomic) && !isOrdered(*a, who))
        return a;
      // What comes after this access comes after that one, too.
      if (kind == kWrite || a->kind() == kRead ||
          (a->core() == who.core && a->pipe() == who.pipe)) {
        a->mask &= ~mask;
        if (!a->mask)
          cell.remove(a);
      }
    }
  }
  cell.add(
      {mask, who.number, Access::pack(who.core, who.pipe, kind), who.site});
  return nullptr;
}

} // namespace ascendsim
