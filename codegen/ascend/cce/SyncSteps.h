// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A kernel as the proof of its order walks it: steps whose accesses have
// numbers, read once.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_SYNCSTEPS_H
#define GEMEL_CODEGEN_ASCEND_CCE_SYNCSTEPS_H

#include "codegen/ascend/cce/Cce.h"

#include <vector>

namespace gemel::cce::sync {

/// What a pipe does to bytes of a memory: of its kind in a block the latest
/// counts, for what is behind that is behind those before it, too. Blocks are
/// apart, so that what a loop does never takes the place of what came before
/// it; so are products, for their sizes. Or a pipe's wait for an event.
///
/// An access whose bytes are others in each iteration of its loop has a use of
/// its own for this run of the loop, which does not meet itself; what earlier
/// runs did is the use that it would have else.
struct Use {
  unsigned pipe;
  bool waits, writes;
  int64_t space, first, end; ///< bytes; of a wait its pipe and event
  int64_t place = -1;        ///< the block's number, or the product's
  int64_t apart = -1;        ///< the access' number, if iterations are apart

  auto all() const {
    return std::tie(pipe, waits, writes, space, first, end, place, apart);
  }
  bool operator<(const Use &o) const { return all() < o.all(); }
  bool operator==(const Use &o) const { return all() == o.all(); }
  bool meets(const Use &o) const {
    return !waits && !o.waits && (writes || o.writes) && space == o.space &&
           first < o.end && o.first < end && (apart < 0 || apart != o.apart);
  }
};

struct Step {
  enum Kind { Set, Wait, Barrier, AskSizes, Access, Loop, Choice, Unknown };
  Kind kind = Unknown;
  mlir::Operation *op = nullptr;
  unsigned from = 0, to = 0; ///< pipes of a flag; of an access `from`
  unsigned flag = 0;         ///< its number
  llvm::SmallVector<unsigned, 4> uses{}; ///< of a flag its wait
  /// What the scalar unit has read by then.
  llvm::SmallVector<unsigned, 1> read{};
  bool isInOrder = false; ///< over before what its pipe does next begins
  bool isAll = false;     ///< a barrier of all pipes
  std::vector<Step> body{}, other{};
  /// The number of a place before a flag or a barrier, of a loop before each
  /// iteration, of a choice behind its first branch and, one more, the other.
  size_t place = 0;

  /// Whether a kernel may be asked for without it.
  bool isSync() const { return kind <= AskSizes; }
};

/// Sets of uses.
using Word = uint64_t;
constexpr size_t kBits = 64;

struct Steps {
  /// Fails, with a report, if a buffer has no address.
  llvm::LogicalResult read(KernelOp kernel);

  std::vector<Step> steps;
  std::vector<Use> uses;                                  ///< each once
  llvm::SmallVector<std::pair<unsigned, unsigned>> flags; ///< pipes of each
  size_t places = 0;
  size_t words = 0; ///< of a set of uses
  /// Sets of uses: of each pipe, and those that meet one.
  std::vector<Word> ofPipe, meeting;
  /// Of a loop, uses of this run of it, each with that of earlier ones.
  llvm::DenseMap<mlir::Operation *,
                 llvm::SmallVector<std::pair<unsigned, unsigned>, 2>>
      runs;
  /// Of a product its op, of an iteration before or not.
  llvm::SmallVector<std::pair<unsigned, MadOp>> products;
};

} // namespace gemel::cce::sync

#endif // GEMEL_CODEGEN_ASCEND_CCE_SYNCSTEPS_H
