// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Buffers that pipes take turns at.
//
// A turn is what one run of a block does with a buffer: each pipe once, in the
// same order in every block that uses it. Wherever these blocks stand, in loops
// or choices, or twice, a flag from each pipe to the next, and from the last
// one to the first one of the next turn, orders all there is: the latter is set
// before the first turn and waited for behind the last, not at every loop.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_TURNS_H
#define GEMEL_CODEGEN_ASCEND_CCE_TURNS_H

#include "codegen/ascend/cce/ScalarBranches.h"

namespace gemel::cce {

/// A pipe's part of a turn: the first and the last op of the turn's block that
/// it is, or that hold it.
struct Phase {
  Pipe pipe;
  mlir::Operation *first, *last;
};

struct Turn {
  mlir::Block *block;
  llvm::SmallVector<Phase> phases;
};

/// Buffers with the same turns.
struct Turns {
  llvm::SmallVector<Turn> turns; ///< in the order of the program
  /// Events from each phase to the next, the last one's to the next turn; -1
  /// where the flag of other buffers orders these, too.
  llvm::SmallVector<int64_t> events;
};

class TurnTable {
public:
  /// `events`: how many of each pair of pipes may be taken, beside what
  /// branches of the scalar unit take. Where they do not suffice, buffers have
  /// some together; those that cannot are not in the table, nor is what those
  /// branches do.
  TurnTable(KernelOp kernel, int64_t events, const ScalarBranches &apart);

  llvm::ArrayRef<Turns> all() const { return groups; }
  /// Whether the flags of a buffer's turns order an instruction behind another,
  /// as seen from `block`, in which both stand or are held: `carried` from one
  /// run of it to the next.
  bool order(AllocOp buffer, mlir::Operation *first, mlir::Operation *next,
             mlir::Block *block, bool carried) const;

  /// Whether turns of whatever buffers do: the first is over when its pipe
  /// hands over, and the other is behind what its pipe waits for in a later
  /// turn.
  bool orderTurns(mlir::Operation *first, mlir::Operation *next,
                  mlir::Block *block, bool carried) const;

private:
  /// Where an instruction stands in a group's turns.
  struct Place {
    mlir::Block *turn = nullptr; ///< none in which its pipe has a part
    bool isHandedOver = false;   ///< over when its pipe hands over
    bool hasWaited = false;      ///< behind what its pipe waits for
  };
  static Place placeOf(const Turns &group, mlir::Operation *op);

  std::optional<size_t> assign();
  void remove(size_t group, std::optional<size_t> into);
  void reduce(size_t group);
  bool isTooHigh(const Turns &group, size_t phase) const;

  int64_t events;
  llvm::SmallVector<std::pair<Pipe, Pipe>> taken; ///< of these one less
  llvm::SmallVector<Turns> groups;
  llvm::DenseMap<mlir::Operation *, size_t> groupOf; ///< of an alloc
  /// Of each instruction, group by group.
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<Place>> places;
};

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_TURNS_H
