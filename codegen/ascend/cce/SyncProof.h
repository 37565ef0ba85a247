// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The proof of the order of a core's instructions (CheckSync.cpp), which may be
// asked of a kernel more than once: without some flags and barriers, too.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_SYNCPROOF_H
#define GEMEL_CODEGEN_ASCEND_CCE_SYNCPROOF_H

#include "codegen/ascend/cce/Cce.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace gemel::cce {

inline constexpr unsigned kPipes = 7; // S to FIX

class SyncProof {
public:
  using Ops = llvm::SmallDenseSet<mlir::Operation *, 4>;

  /// What a pipe does to bytes of a memory: of its kind in a block the latest
  /// counts, for what is behind that is behind those before it, too. Blocks are
  /// apart, so that what a loop does never takes the place of what came before
  /// it; so are products, for their sizes. Or a pipe's wait for an event.
  struct Use {
    unsigned pipe;
    bool waits, writes;
    int64_t space, first, end; ///< bytes; of a wait its pipe and event
    int64_t place = -1;        ///< the block's number, or the product's

    bool operator<(const Use &o) const;
    bool meets(const Use &o) const;
  };

  /// Reports a buffer that has no address; then nothing holds.
  explicit SyncProof(KernelOp kernel);

  /// Whether the kernel is ordered without these flags and barriers.
  llvm::LogicalResult holds(const Ops &without, bool reports) const;

  size_t size() const { return uses.size(); }
  const Use &operator[](unsigned use) const { return uses[use]; }
  /// Of an instruction its accesses, of a set and of a wait the wait.
  llvm::ArrayRef<unsigned> usesOf(mlir::Operation *op) const {
    auto found = numbers.find(op);
    return found == numbers.end() ? llvm::ArrayRef<unsigned>()
                                  : llvm::ArrayRef<unsigned>(found->second);
  }
  const llvm::BitVector &allOf(unsigned pipe) const { return ofPipe[pipe]; }
  const llvm::BitVector &thoseThatMeet(unsigned use) const {
    return meeting[use];
  }

private:
  KernelOp kernel;
  bool isKnown;
  std::vector<Use> uses;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<unsigned, 4>> numbers;
  std::vector<llvm::BitVector> ofPipe, meeting;
};

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_SYNCPROOF_H
