// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the items of a block do to bytes of a core, and what of that meets.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_ACCESSES_H
#define GEMEL_CODEGEN_ASCEND_CCE_ACCESSES_H

#include "codegen/ascend/cce/Reach.h"
#include "codegen/ascend/cce/ScalarBranches.h"

#include <vector>

namespace gemel::cce {

/// Before an item; with sizes only where such a product is small.
struct Barrier {
  Pipe pipe;
  mlir::Value m, n;

  /// Whether it orders what follows behind `op`; of an earlier run of a loop if
  /// that is given, in which sizes were others.
  bool isFor(mlir::Operation *op, mlir::Region *loop) const {
    if (!m)
      return true;
    auto mad = llvm::dyn_cast<MadOp>(op);
    return mad && mad.getM() == m && mad.getN() == n && !isOf(loop, m) &&
           !isOf(loop, n);
  }
  static bool isOf(mlir::Region *loop, mlir::Value size) {
    return loop && loop->isAncestor(size.getParentRegion());
  }
};

struct Access {
  Pipe pipe;
  Space space;
  int64_t first, end; ///< bytes
  bool writes;
  mlir::Operation *op;
  AllocOp buffer;
  int64_t item; ///< that holds the instruction
  /// Those of its pipe that stand before it, in the item that holds it.
  llvm::SmallVector<Barrier, 1> behind;
  /// Numbers of those that it meets, of its item or one before that.
  llvm::SmallVector<unsigned> met{};

  bool meets(const Access &other) const {
    return (writes || other.writes) && space == other.space &&
           first < other.end && other.first < end;
  }
  /// Whether one pipe needs nothing here to do the two in their order.
  bool followsBySelf(const Access &before, mlir::Region *loop) const {
    auto mad = llvm::dyn_cast<MadOp>(before.op);
    return pipe == Pipe::S || (mad && mad.isLong()) ||
           llvm::any_of(behind, [&](const Barrier &barrier) {
             return barrier.isFor(before.op, loop);
           });
  }
};

/// Item by item, in the order of the program, but for what is done in branches
/// that are ordered inside.
class Accesses {
public:
  Accesses() = default;
  /// `loops`: items come again; each meets itself then.
  Accesses(llvm::ArrayRef<mlir::Operation *> items, bool loops,
           const ScalarBranches &apart, Reaches &reaches);

  llvm::ArrayRef<Access> of(int64_t item) const {
    return llvm::ArrayRef(all).slice(begins[item],
                                     begins[item + 1] - begins[item]);
  }
  const Access &operator[](unsigned number) const { return all[number]; }

private:
  void collect(mlir::Operation *item, int64_t number,
               const ScalarBranches &apart, Reaches &reaches);
  void findMeetings(bool loops);

  std::vector<Access> all;
  llvm::SmallVector<size_t> begins; ///< of each item's, and behind the last
};

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_ACCESSES_H
