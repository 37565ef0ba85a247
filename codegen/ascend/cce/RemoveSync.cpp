// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes out the flags and barriers that a kernel is ordered without.
//
// Who inserts looks at two items at a time, and cannot see all that others
// bring. So each is left out once, what holds up most first, and the proof is
// asked: what it does not miss goes. A flag goes as a set and a wait that
// follow each other in a block, in either order: inner blocks first, so that
// what stands around a loop for it is a pair, too, when its turn comes. What a
// kernel needs once it needs without others, too, but for what orders two uses
// of an event, one of which may go: so all are asked again until none goes.
#include "codegen/ascend/cce/Passes.h"
#include "codegen/ascend/cce/SyncProof.h"
#include "dialect/Silence.h"

#include <map>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

namespace {

/// What goes together: a barrier, or a flag's set and wait.
using Unit = std::pair<Operation *, Operation *>;

class Removal {
public:
  Removal(KernelOp part, KernelOp kernel, KernelOp vector)
      : part(part), kernel(kernel), vector(vector), proof(part) {}
  void run();

private:
  bool tryWithout(Unit unit);
  bool othersHold(Operation *without);
  void ofBlock(Block &block);

  KernelOp part, kernel, vector; ///< of a launch the one that is looked at
  SyncProof proof;
  SmallVector<Operation *> removed;
  llvm::DenseSet<Unit> needed; ///< whatever else goes
};

} // namespace

/// Whether cores of a group rely on it, too: the proof of their order does not
/// look at flags of one core.
static bool isSeenByOthers(Operation *op) {
  auto barrier = dyn_cast<PipeBarrierOp>(op);
  return barrier && barrier.getOf() == Pipe::ALL;
}

/// Whether the cores of a group are ordered without a barrier.
bool Removal::othersHold(Operation *without) {
  Silence silence(part.getContext());
  Operation *next = without->getNextNode();
  Block *block = without->getBlock();
  without->remove();
  bool hold = succeeded(checkCrossCore(kernel, vector));
  block->getOperations().insert(next ? Block::iterator(next) : block->end(),
                                without);
  return hold;
}

bool Removal::tryWithout(Unit unit) {
  if (needed.contains(unit))
    return false;
  SmallVector<Operation *, 2> ops{unit.first};
  if (unit.second)
    ops.push_back(unit.second);
  if (vector && isSeenByOthers(unit.first) && !othersHold(unit.first))
    return false;
  switch (proof.leaveOut(ops)) {
  case SyncProof::Answer::LeftOut:
    for (Operation *op : ops)
      op->remove();
    llvm::append_range(removed, ops);
    return true;
  case SyncProof::Answer::Needed:
    needed.insert(unit);
    return false;
  case SyncProof::Answer::NeededWithRest:
    return false;
  }
  llvm_unreachable("an answer");
}

void Removal::ofBlock(Block &block) {
  for (Operation &op : block)
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        ofBlock(inner);
  std::map<std::tuple<Pipe, Pipe, int64_t>, SmallVector<Operation *>> flags;
  SmallVector<Operation *> all, one;
  // The last barrier stands by convention: a core leaves nothing under way.
  Operation *last = &part.getBody().front().back();
  for (Operation &op : block) {
    if (auto set = dyn_cast<SetFlagOp>(op))
      flags[{set.getFrom(), set.getTo(), set.getEvent()}].push_back(&op);
    else if (auto wait = dyn_cast<WaitFlagOp>(op))
      flags[{wait.getFrom(), wait.getTo(), wait.getEvent()}].push_back(&op);
    else if (auto barrier = dyn_cast<PipeBarrierOp>(op); barrier && &op != last)
      (barrier.getOf() == Pipe::ALL ? all : one).push_back(&op);
  }
  for (Operation *barrier : llvm::concat<Operation *>(all, one))
    tryWithout({barrier, nullptr});
  for (auto &[key, ops] : flags)
    for (size_t i = 0; i + 1 < ops.size(); ++i)
      if (isa<SetFlagOp>(ops[i]) != isa<SetFlagOp>(ops[i + 1]) &&
          tryWithout({ops[i], ops[i + 1]}))
        ++i;
}

void Removal::run() {
  if (failed(proof.holds(/*reports=*/false)))
    return;
  for (size_t before = SIZE_MAX; before != removed.size();) {
    before = removed.size();
    ofBlock(part.getBody().front());
  }
  for (Operation *op : removed)
    op->destroy();
}

void cce::removeSync(KernelOp kernel, KernelOp vector) {
  Removal(kernel, kernel, vector).run();
  if (vector)
    Removal(vector, kernel, vector).run();
}

LogicalResult cce::removeSync(ModuleOp module) {
  for (auto [kernel, vector] : launchesOf(module))
    removeSync(kernel, vector);
  return success();
}
