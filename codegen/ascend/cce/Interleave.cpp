// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vector instructions in an order in which fewer wait.
//
// An instruction that reads what the one before writes waits until that is
// over, some twenty cycles in which the unit does nothing; where two chains of
// instructions stand one behind the other, each of them waits. Here
// instructions go in groups: in a group none needs another one, and one barrier
// before it does for all. A group takes, of those that come next in the
// program, each whose needs are met; how far it looks ahead bounds how long
// buffers are in use. One that takes up more bytes than it gives back goes in
// the last group before what needs it, any other one in the first; if that is
// wanted, rows go in the last one, too, so that the unit has something to do
// while the scalar unit reads what small instructions made.
//
// What stands between other instructions, loops and choices stays there. The
// mask is no instruction's operand: it goes with the program. Each keeps the
// one that it had.
#include "codegen/ascend/cce/Passes.h"
#include "codegen/ascend/cce/Reach.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

namespace {

/// Bytes of a buffer that makes its instruction count among those that a group
/// looks ahead: more than one value of each row.
constexpr uint64_t kLarge = 2048;

/// The most instructions that a group looks ahead.
constexpr size_t kMostAhead = 96;

struct Use {
  Operation *buffer;
  bool writes;
  Reach reach;
};

struct Entry {
  Operation *op;
  SetVectorMaskOp mask; ///< null: it needs none
  SmallVector<Use, 4> uses;
  SmallVector<RegisterUse, 1> registers;
  bool isLarge;

  bool meets(const Entry &o) const {
    for (const Use &mine : uses)
      for (const Use &other : o.uses)
        if (mine.buffer == other.buffer && (mine.writes || other.writes) &&
            mine.reach.meets(other.reach))
          return true;
    for (const RegisterUse &mine : registers)
      for (const RegisterUse &other : o.registers)
        if (mine.which == other.which && (mine.writes || other.writes))
          return true;
    return false;
  }
};

} // namespace

static Entry entryOf(InstructionOpInterface op, SetVectorMaskOp mask,
                     Reaches &reaches) {
  Entry entry{op, mask, {}, op.getRegisters(), false};
  for (bool writes : {false, true})
    for (Value pointer : writes ? op.getWrites() : op.getReads()) {
      auto alloc = rootOf(pointer).getDefiningOp<AllocOp>();
      entry.uses.push_back(
          {alloc, writes, alloc ? reaches.of(op, pointer) : Reach{0, 1}});
    }
  entry.isLarge = llvm::any_of(entry.uses, [](const Use &use) {
    auto alloc = dyn_cast_or_null<AllocOp>(use.buffer);
    return !alloc || alloc.getBytes() >= kLarge;
  });
  return entry;
}

/// Behind all that used the buffer, before all that will.
static Entry entryOf(ReleaseOp release) {
  auto alloc = release.getBuffer().getDefiningOp<AllocOp>();
  Reach all{0, static_cast<int64_t>(alloc.getBytes())};
  return {release, {}, {{alloc, true, all}}, {}, false};
}

using Groups = SmallVector<SmallVector<size_t>>;

/// Groups of the entries' numbers, each entry in the first that it may be in.
static Groups groupsOf(ArrayRef<Entry> entries, int64_t ahead) {
  SmallVector<size_t> left = llvm::to_vector(llvm::seq(entries.size()));
  Groups groups;
  while (!left.empty()) {
    SmallVector<size_t> group, passed, rest;
    int64_t seen = 0;
    for (size_t number : left) {
      auto isFree = [&](size_t other) {
        return !entries[number].meets(entries[other]);
      };
      bool isNear = seen < ahead && group.size() + passed.size() < kMostAhead;
      bool goes =
          isNear && llvm::all_of(group, isFree) && llvm::all_of(passed, isFree);
      seen += isNear && entries[number].isLarge;
      if (goes)
        group.push_back(number);
      else if (isNear)
        passed.push_back(number);
      if (!goes)
        rest.push_back(number);
    }
    groups.push_back(std::move(group));
    left = std::move(rest);
  }
  return groups;
}

/// Bytes that are in use after an entry less those before it, of the buffers
/// that `block` has for itself.
static SmallVector<int64_t> bytesTaken(ArrayRef<Entry> entries,
                                       const Groups &groups, Block &block) {
  SmallVector<int64_t> taken(entries.size(), 0);
  llvm::SmallDenseMap<Operation *, std::pair<size_t, size_t>> spans;
  for (const auto &group : groups)
    for (size_t number : group)
      for (const Use &use : entries[number].uses)
        spans.try_emplace(use.buffer, number, number).first->second.second =
            number;
  for (auto [buffer, span] : spans)
    if (auto alloc = dyn_cast_or_null<AllocOp>(buffer);
        alloc && alloc->getBlock() == &block) {
      auto bytes = static_cast<int64_t>(alloc.getBytes());
      taken[span.first] += bytes;
      taken[span.second] -= bytes;
    }
  return taken;
}

/// The new order, by numbers.
static SmallVector<size_t> orderOf(ArrayRef<Entry> entries, Block &block,
                                   Order wanted) {
  Groups groups = groupsOf(entries, wanted.ahead);
  SmallVector<int64_t> taken = bytesTaken(entries, groups, block);
  for (size_t at = groups.size(); at-- > 0;) {
    SmallVector<size_t> stay;
    for (size_t number : groups[at]) {
      size_t last = at;
      auto isFree = [&](size_t other) {
        return !entries[number].meets(entries[other]);
      };
      bool isLate = wanted.late && entries[number].isLarge;
      while ((taken[number] > 0 || isLate) && last + 1 < groups.size() &&
             llvm::all_of(groups[last + 1], isFree))
        ++last;
      // What nothing here needs is needed elsewhere.
      if (last + 1 == groups.size() && !isLate)
        last = at;
      (last == at ? stay : groups[last]).push_back(number);
    }
    groups[at] = std::move(stay);
  }
  SmallVector<size_t> order;
  for (auto &group : groups) {
    // Of the next group all wait for the last one of this: it should not be one
    // whose result takes long.
    std::stable_partition(group.begin(), group.end(), [&](size_t number) {
      return isa<VcaddOp, VcgaddOp>(entries[number].op);
    });
    llvm::append_range(order, group);
  }
  return order;
}

namespace {

/// Goes through a block, and puts in order what stands between two others.
class Interleaving {
public:
  Interleaving(Block &block, Order wanted, Reaches &reaches)
      : block(block), wanted(wanted), reaches(reaches) {}
  void run();

private:
  void close(Block::iterator end);

  Block &block;
  Order wanted;
  Reaches &reaches;
  SmallVector<Entry> entries;
  SetVectorMaskOp before, now; ///< before the first of them; none: unknown
  SmallVector<SetVectorMaskOp> masks; ///< between them
};

} // namespace

/// Puts the instructions so far before `end`.
void Interleaving::close(Block::iterator end) {
  SmallVector<size_t> order = orderOf(entries, block, wanted);
  if (!llvm::is_sorted(order)) {
    OpBuilder b(&block, end);
    SetVectorMaskOp last = now;
    now = before;
    auto set = [&](SetVectorMaskOp mask) {
      if (!isSameMask(now, mask))
        now = cast<SetVectorMaskOp>(b.clone(*mask));
    };
    for (size_t number : order) {
      if (entries[number].mask)
        set(entries[number].mask);
      entries[number].op->moveBefore(&block, end);
    }
    set(last);
    for (SetVectorMaskOp mask : masks)
      mask.erase();
  }
  entries.clear();
  masks.clear();
}

void Interleaving::run() {
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (op.getNumRegions()) {
      close(op.getIterator());
      now = {}; // whatever it leaves
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          Interleaving(inner, wanted, reaches).run();
    } else if (auto mask = dyn_cast<SetVectorMaskOp>(op)) {
      if (!entries.empty())
        masks.push_back(mask);
      now = mask;
    } else if (auto one = dyn_cast<InstructionOpInterface>(op);
               one && one.getPipe() == Pipe::V && now) {
      if (entries.empty())
        before = now;
      entries.push_back(entryOf(one, now, reaches));
    } else if (auto release = dyn_cast<ReleaseOp>(op)) {
      if (!entries.empty())
        entries.push_back(entryOf(release));
    } else if (op.hasTrait<OpTrait::IsTerminator>() ||
               (!isPure(&op) && !isa<AllocOp>(op))) {
      close(op.getIterator());
    }
  }
  close(block.end());
}

void cce::interleave(KernelOp kernel, Order order) {
  Reaches reaches(kernel);
  for (Block &block : kernel.getBody())
    Interleaving(block, order, reaches).run();
}
