// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What holds where ways through a kernel meet.
#include "codegen/ascend/cce/SyncState.h"

using namespace gemel::cce;
using namespace gemel::cce::sync;

void State::age(unsigned now, unsigned before) {
  if (!has(seen(), now))
    return;
  bool wasSeen = has(seen(), before);
  // Who knows of both knows of what stands for both.
  for (size_t at = 0; at < sets.size(); at += words) {
    Word *set = sets.data() + at;
    bool known = has(set, now) && (!wasSeen || has(set, before));
    for (unsigned use : {now, before})
      set[use / kBits] &= ~(Word(1) << use % kBits);
    if (known)
      put(set, before);
  }
  if (!latest.empty())
    latest[before] = latest[now];
  put(seen(), before);
}

void State::meet(const State &other) {
  for (unsigned use = 0; use < latest.size(); ++use)
    if (!has(seen(), use))
      latest[use] = other.latest[use];
  for (size_t w = 0; w < words; ++w) {
    Word mine = seen()[w], theirs = other.seen()[w];
    // A flag tells of an access if it does on both ways, or where one way lacks
    // the access, or knows of it without the flag.
    for (unsigned flag = 0; flag < flags.size(); ++flag) {
      Word &told = tells(flag)[w], toldThere = other.tells(flag)[w];
      if (!flags[flag].set || !other.flags[flag].set) {
        told |= toldThere;
        continue;
      }
      auto [first, end] = learnsFrom(kernel->flags[flag].second);
      Word known = ~Word(0), knownThere = ~Word(0);
      for (unsigned p = first; p < end; ++p) {
        known &= by(p)[w];
        knownThere &= other.by(p)[w];
      }
      told = (told & (toldThere | ~theirs | knownThere)) |
             (toldThere & (told | ~mine | known));
    }
    const unsigned cube = of(Pipe::M);
    old()[w] = (old()[w] & ~by(cube)[w]) |
               (other.sets[words + w] & ~other.by(cube)[w]);
    // On both ways, or on the only one that has it.
    for (unsigned p = 0; p < kPipes; ++p) {
      Word &known = by(p)[w], knownThere = other.by(p)[w];
      known = (known & knownThere) | (known & ~theirs) | (knownThere & ~mine);
    }
    seen()[w] |= theirs;
  }
  for (auto [flag, there] : llvm::zip_equal(flags, other.flags)) {
    if (!flag.set && !there.set)
      continue;
    flag.always = flag.set && there.set && flag.always && there.always;
    if (!flag.set)
      flag.set = there.set;
  }
}
