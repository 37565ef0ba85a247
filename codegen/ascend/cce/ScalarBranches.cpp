// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the branches in which the scalar unit does all, and orders them.
#include "codegen/ascend/cce/ScalarBranches.h"

#include "codegen/ascend/Facts.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

#include <set>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

/// The last one: the first are for what stands between pipes for long.
const int64_t ScalarBranches::kEvent = ascend::kFreeEvents - 1;

namespace {
struct Bytes {
  Space space;
  int64_t first, end;
  bool writes;
  bool meets(const Bytes &o) const {
    return (writes || o.writes) && space == o.space && first < o.end &&
           o.first < end;
  }
};
} // namespace

static SmallVector<Bytes> bytesUsed(InstructionOpInterface op) {
  SmallVector<Bytes> all;
  for (bool writes : {false, true})
    for (Value pointer : writes ? op.getWrites() : op.getReads())
      if (auto alloc = rootOf(pointer).getDefiningOp<AllocOp>()) {
        auto first = static_cast<int64_t>(*alloc.getAddress());
        all.push_back({cast<PtrType>(alloc.getType()).getSpace(), first,
                       first + static_cast<int64_t>(alloc.getBytes()), writes});
      }
  return all;
}

ScalarBranches::ScalarBranches(KernelOp kernel) {
  kernel.walk<WalkOrder::PreOrder>([&](scf::IfOp choice) {
    for (Region &region : choice->getRegions())
      for (Block &block : region) {
        SmallVector<Bytes> mine;
        bool isScalar = true;
        block.walk([&](InstructionOpInterface op) {
          isScalar &= op.getPipe() == Pipe::S;
          llvm::append_range(mine, bytesUsed(op));
        });
        if (!isScalar || mine.empty() || hold(choice))
          continue;
        std::set<Pipe> pipes;
        kernel.walk([&](InstructionOpInterface op) {
          if (op.getPipe() != Pipe::S &&
              llvm::any_of(bytesUsed(op), [&](const Bytes &other) {
                return llvm::any_of(
                    mine, [&](const Bytes &one) { return one.meets(other); });
              }))
            pipes.insert(op.getPipe());
        });
        branches[&block].assign(pipes.begin(), pipes.end());
      }
  });
}

bool ScalarBranches::hold(Operation *op) const {
  if (branches.empty())
    return false;
  for (Block *block = op->getBlock(); block;
       block = block->getParentOp()->getBlock())
    if (branches.contains(block))
      return true;
  return false;
}

SmallVector<std::pair<Pipe, Pipe>> ScalarBranches::pairs() const {
  SmallVector<std::pair<Pipe, Pipe>> all;
  for (const auto &[block, pipes] : branches)
    for (Pipe pipe : pipes) {
      all.push_back({pipe, Pipe::S});
      all.push_back({Pipe::S, pipe});
    }
  return all;
}

void ScalarBranches::insertFlags() const {
  for (const auto &[block, pipes] : branches) {
    auto flags = [&, pipes = ArrayRef<Pipe>(pipes)](OpBuilder b, Location loc,
                                                    bool begins) {
      for (bool sets : {true, false})
        for (Pipe pipe : pipes) {
          Pipe from = begins ? pipe : Pipe::S, to = begins ? Pipe::S : pipe;
          if (sets)
            SetFlagOp::create(b, loc, from, to, kEvent);
          else
            WaitFlagOp::create(b, loc, from, to, kEvent);
        }
    };
    Operation *last = &block->back(); // a yield
    flags(OpBuilder(last), last->getLoc(), /*begins=*/false);
    Operation *first = &block->front();
    flags(OpBuilder(first), first->getLoc(), /*begins=*/true);
  }
}
