// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads a kernel's steps.
#include "codegen/ascend/cce/SyncSteps.h"

#include "codegen/ascend/cce/Memory.h"
#include "codegen/ascend/cce/Reach.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

#include <map>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;
using namespace gemel::cce::sync;

namespace {

class Reading {
public:
  Reading(KernelOp kernel, Steps &into) : into(into), reaches(kernel) {}
  LogicalResult run(Block &body);

private:
  FailureOr<std::vector<Step>> read(Block &block);
  LogicalResult read(InstructionOpInterface op, Step &step);
  template <typename Flag>
  void readFlag(Flag op, Step &step);
  unsigned numberOf(unsigned use) const;
  void number(std::vector<Step> &steps);
  void findRead(std::vector<Step> &steps);

  Steps &into;
  Reaches reaches;
  /// The uses of each step, before they have numbers; by what they are then.
  std::vector<Use> found;
  llvm::DenseMap<void *, int64_t> blocks; ///< numbers, of products, too
  std::map<std::tuple<unsigned, unsigned, int64_t>, unsigned> events;
};

} // namespace

LogicalResult Reading::read(InstructionOpInterface op, Step &step) {
  unsigned pipe = of(op.getPipe());
  auto mad = dyn_cast<MadOp>(*op);
  void *block = mad ? static_cast<void *>(op) : op->getBlock();
  int64_t number = blocks.try_emplace(block, blocks.size()).first->second;
  step.kind = Step::Access;
  step.from = pipe;
  step.isInOrder = pipe == of(Pipe::S) || (mad && mad.isLong());
  auto add = [&](const Use &use) {
    step.uses.push_back(found.size());
    found.push_back(use);
  };
  auto addApart = [&](Use use, Operation *loop) {
    auto before = static_cast<unsigned>(found.size());
    found.push_back(use);
    use.apart = before;
    into.runs[loop].push_back({before + 1, before});
    add(use);
  };
  for (bool writes : {false, true})
    for (Value pointer : writes ? op.getWrites() : op.getReads()) {
      auto alloc = rootOf(pointer).getDefiningOp<AllocOp>();
      if (!alloc)
        continue; // GM
      if (!alloc.getAddress())
        return alloc.emitOpError() << "has no address; plan the memory first";
      auto space =
          static_cast<int64_t>(cast<PtrType>(alloc.getType()).getSpace());
      auto begin = static_cast<int64_t>(*alloc.getAddress());
      Reach reach = reaches.of(op, pointer);
      Use use{
          pipe,  false, writes, space, begin + reach.first, begin + reach.end,
          number};
      if (Operation *loop = reaches.loopApart(op, pointer))
        addApart(use, loop);
      else
        add(use);
    }
  for (RegisterUse used : op.getRegisters()) {
    auto first = static_cast<int64_t>(used.which);
    add({pipe, false, used.writes, static_cast<int64_t>(kRegisters), first,
         first + 1});
  }
  return success();
}

template <typename Flag>
void Reading::readFlag(Flag op, Step &step) {
  step.from = of(op.getFrom());
  step.to = of(op.getTo());
  auto event = static_cast<int64_t>(op.getEvent());
  auto [known, isNew] =
      events.try_emplace({step.from, step.to, event}, events.size());
  step.flag = known->second;
  if (isNew)
    into.flags.push_back({step.from, step.to});
  step.uses.push_back(found.size());
  found.push_back({step.to, /*waits=*/true, false, step.from, event, event});
}

FailureOr<std::vector<Step>> Reading::read(Block &block) {
  std::vector<Step> steps;
  for (Operation &op : block) {
    Step step{Step::Unknown, &op};
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      FailureOr<std::vector<Step>> body = read(*loop.getBody());
      if (failed(body))
        return failure();
      step.kind = Step::Loop;
      step.body = std::move(*body);
    } else if (auto choice = dyn_cast<scf::IfOp>(op)) {
      FailureOr<std::vector<Step>> body = read(*choice.thenBlock());
      if (failed(body))
        return failure();
      step.kind = Step::Choice;
      step.body = std::move(*body);
      if (choice.elseBlock()) {
        FailureOr<std::vector<Step>> other = read(*choice.elseBlock());
        if (failed(other))
          return failure();
        step.other = std::move(*other);
      }
    } else if (op.getNumRegions() > 0) {
      // Whoever comes here cannot prove what is in it.
    } else if (auto set = dyn_cast<SetFlagOp>(op)) {
      step.kind = Step::Set;
      readFlag(set, step);
    } else if (auto wait = dyn_cast<WaitFlagOp>(op)) {
      step.kind = Step::Wait;
      readFlag(wait, step);
    } else if (auto barrier = dyn_cast<PipeBarrierOp>(op)) {
      step.kind = barrier.getSizes().empty() ? Step::Barrier : Step::AskSizes;
      step.isAll = barrier.getOf() == Pipe::ALL;
      step.from = of(barrier.getOf());
    } else if (auto one = dyn_cast<InstructionOpInterface>(op)) {
      if (failed(read(one, step)))
        return failure();
    } else {
      continue;
    }
    steps.push_back(std::move(step));
  }
  findRead(steps);
  return steps;
}

/// What a choice's condition or an instruction's operands are loaded from, if
/// all that the block loads from there is over by then: is what this op or one
/// before it needs or, of a loop's iteration before, one behind it.
void Reading::findRead(std::vector<Step> &steps) {
  struct Loaded {
    LoadOp load;
    Operation *needs; ///< first
    unsigned use;
  };
  SmallVector<Loaded> all;
  for (Step &step : steps)
    if (auto load = dyn_cast<LoadOp>(step.op))
      for (unsigned use : step.uses)
        all.push_back({load, firstNeeding(load), use});
  if (all.empty())
    return;
  for (Step &step : steps)
    for (const Loaded &loaded : all) {
      auto isOpen = [&](const Loaded &other) {
        return found[other.use] == found[loaded.use] &&
               (!other.needs || (other.load->isBeforeInBlock(step.op) &&
                                 step.op->isBeforeInBlock(other.needs)));
      };
      if (loaded.needs == step.op && llvm::none_of(all, isOpen))
        step.read.push_back(loaded.use);
    }
}

unsigned Reading::numberOf(unsigned use) const {
  return llvm::lower_bound(into.uses, found[use]) - into.uses.begin();
}

/// Numbers of uses in place of where they were found.
void Reading::number(std::vector<Step> &steps) {
  for (Step &step : steps) {
    for (unsigned &use : llvm::concat<unsigned>(step.uses, step.read))
      use = numberOf(use);
    if (step.kind == Step::Access)
      if (auto mad = dyn_cast<MadOp>(step.op))
        for (unsigned use : step.uses)
          into.products.push_back({use, mad});
    step.place = into.places;
    if (step.isSync() || step.kind == Step::Loop)
      into.places += 1;
    else if (step.kind == Step::Choice)
      into.places += 2;
    number(step.body);
    number(step.other);
  }
}

LogicalResult Reading::run(Block &body) {
  FailureOr<std::vector<Step>> all = read(body);
  if (failed(all))
    return failure();
  into.steps = std::move(*all);
  into.uses = found;
  llvm::sort(into.uses);
  into.uses.erase(llvm::unique(into.uses), into.uses.end());
  number(into.steps);
  for (auto &[loop, uses] : into.runs)
    for (auto &[now, before] : uses)
      for (unsigned *use : {&now, &before})
        *use = numberOf(*use);
  return success();
}

LogicalResult Steps::read(KernelOp kernel) {
  if (failed(Reading(kernel, *this).run(kernel.getBody().front())))
    return failure();
  words = (uses.size() + kBits - 1) / kBits;
  ofPipe.assign(kPipes * words, 0);
  meeting.assign(uses.size() * words, 0);
  for (auto [i, use] : llvm::enumerate(uses)) {
    ofPipe[use.pipe * words + i / kBits] |= Word(1) << i % kBits;
    for (auto [j, other] : llvm::enumerate(uses))
      if (use.meets(other))
        meeting[i * words + j / kBits] |= Word(1) << j % kBits;
  }
  return success();
}
