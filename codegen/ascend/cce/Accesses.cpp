// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Collects accesses, and finds those that meet.
#include "codegen/ascend/cce/Accesses.h"

#include "codegen/ascend/cce/Memory.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

/// The barriers of a pipe between the beginning of `item` and an op in it: one
/// that is for all products, or those that are for some.
static SmallVector<Barrier, 1> barriersBefore(Operation *op, Operation *item,
                                              Pipe pipe) {
  SmallVector<Barrier, 1> found;
  for (; op != item; op = op->getParentOp())
    for (Operation *up = op->getPrevNode(); up; up = up->getPrevNode())
      if (auto barrier = dyn_cast<PipeBarrierOp>(up))
        if (barrier.getOf() == pipe || barrier.getOf() == Pipe::ALL) {
          found.push_back({pipe, barrier.getM(), barrier.getN()});
          if (!barrier.getM())
            return found;
        }
  return found;
}

/// What an item, or all that it holds, does.
void Accesses::collect(Operation *item, int64_t number,
                       const ScalarBranches &apart, Reaches &reaches) {
  item->walk([&](InstructionOpInterface one) {
    if (apart.hold(one))
      return;
    auto add = [&](Space space, int64_t first, int64_t end, bool writes,
                   AllocOp buffer) {
      all.push_back({one.getPipe(), space, first, end, writes, one, buffer,
                     number, barriersBefore(one, item, one.getPipe())});
    };
    for (bool writes : {false, true})
      for (Value pointer : writes ? one.getWrites() : one.getReads()) {
        auto alloc = rootOf(pointer).getDefiningOp<AllocOp>();
        if (!alloc)
          continue;
        auto begin = static_cast<int64_t>(*alloc.getAddress());
        Reach reach = reaches.of(one, pointer);
        add(cast<PtrType>(alloc.getType()).getSpace(), begin + reach.first,
            begin + reach.end, writes, alloc);
      }
    for (RegisterUse use : one.getRegisters()) {
      auto first = static_cast<int64_t>(use.which);
      add(kRegisters, first, first + 1, use.writes, AllocOp());
    }
  });
}

/// In the order of their first bytes each meets some of those before it.
void Accesses::findMeetings(bool loops) {
  SmallVector<unsigned> order =
      llvm::to_vector(llvm::seq<unsigned>(static_cast<unsigned>(all.size())));
  llvm::stable_sort(order, [&](unsigned a, unsigned b) {
    return std::pair(all[a].space, all[a].first) <
           std::pair(all[b].space, all[b].first);
  });
  SmallVector<unsigned> open; // that may reach what comes
  for (unsigned number : order) {
    Access &access = all[number];
    llvm::erase_if(open, [&](unsigned other) {
      return all[other].space != access.space || all[other].end <= access.first;
    });
    open.push_back(number);
    for (unsigned with : open) {
      Access &other = all[with];
      if (!access.meets(other))
        continue;
      // An item meets itself an iteration later.
      if (other.item < access.item || (loops && other.item == access.item))
        access.met.push_back(with);
      if (access.item < other.item ||
          (loops && other.item == access.item && with != number))
        other.met.push_back(number);
    }
  }
}

Accesses::Accesses(ArrayRef<Operation *> items, bool loops,
                   const ScalarBranches &apart, Reaches &reaches) {
  for (auto [number, item] : llvm::enumerate(items)) {
    begins.push_back(all.size());
    collect(item, static_cast<int64_t>(number), apart, reaches);
  }
  begins.push_back(all.size());
  findMeetings(loops);
}
