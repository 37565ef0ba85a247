// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What holds at a place of a kernel, as the proof of its order walks it.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_SYNCSTATE_H
#define GEMEL_CODEGEN_ASCEND_CCE_SYNCSTATE_H

#include "codegen/ascend/cce/SyncSteps.h"

namespace gemel::cce::sync {

/// Who learns what a flag tells a pipe that waits: of the scalar unit all, for
/// what it hands out from there on comes behind.
constexpr std::pair<unsigned, unsigned> learnsFrom(unsigned to) {
  return to == of(Pipe::S) ? std::pair(0u, kPipes) : std::pair(to, to + 1);
}

/// Sets of accesses, one behind the other: those that were seen; products of
/// sizes of an iteration before, which the cube does not know to be over; of
/// each pipe those that it does; of each flag that is set what it tells.
class State {
public:
  explicit State(const Steps &kernel, bool reports)
      : words(kernel.words), sets((kTells + kernel.flags.size()) * words, 0),
        flags(kernel.flags.size()), latest(reports ? kernel.uses.size() : 0),
        kernel(&kernel) {}

  /// A flag that is set, on every way or on some; or is not.
  struct Flag {
    mlir::Operation *set = nullptr;
    bool always = true;
    bool operator==(const Flag &o) const {
      return set == o.set && always == o.always;
    }
  };

  bool operator==(const State &o) const {
    return sets == o.sets && flags == o.flags;
  }

  Word *seen() { return sets.data(); }
  Word *old() { return sets.data() + words; }
  Word *by(unsigned pipe) { return sets.data() + (kBy + pipe) * words; }
  Word *tells(unsigned flag) { return sets.data() + (kTells + flag) * words; }
  const Word *seen() const { return sets.data(); }
  const Word *by(unsigned pipe) const {
    return sets.data() + (kBy + pipe) * words;
  }
  const Word *tells(unsigned flag) const {
    return sets.data() + (kTells + flag) * words;
  }
  static bool has(const Word *set, unsigned use) {
    return set[use / kBits] >> use % kBits & 1;
  }
  static void put(Word *set, unsigned use) {
    set[use / kBits] |= Word(1) << use % kBits;
  }
  /// Nobody knows of it, and no flag tells of it.
  void forget(unsigned use) {
    for (size_t at = use / kBits; at < sets.size(); at += words)
      sets[at] &= ~(Word(1) << use % kBits);
  }
  /// What `now` stands for is of an earlier run of its loop.
  void age(unsigned now, unsigned before);
  /// What holds on this way and on another.
  void meet(const State &other);
  /// Whether all that holds here holds there, too.
  bool holdsIn(const State &there) const {
    State both = *this;
    both.meet(there);
    return both == *this;
  }

  size_t words;
  std::vector<Word> sets;
  llvm::SmallVector<Flag> flags;
  /// Of each use, where reports are wanted.
  std::vector<mlir::Operation *> latest;

private:
  const Steps *kernel;
  static constexpr size_t kBy = 2, kTells = kBy + kPipes;
};

} // namespace gemel::cce::sync

#endif // GEMEL_CODEGEN_ASCEND_CCE_SYNCSTATE_H
