// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Flags and barriers between instructions that share bytes of a core.
//
// Each block is a list of items: an instruction, or an op with regions, which
// stands for all that it holds. Two items whose accesses meet in a buffer, one
// of them a write, are ordered: by a barrier if one pipe runs both, else by a
// flag that is set behind the first and waited for before the second, unless
// what has been waited for before orders them already. In a loop also an item
// and one that stands before it, which meet an iteration later: their flag is
// set before the loop and waited for behind it, too. Where the events do not
// suffice, all pipes wait for each other.
//
// GM needs no order here: a kernel's iterations write positions of their own,
// and read what is written in this kernel from a core's memory.
#include "codegen/ascend/cce/Memory.h"
#include "codegen/ascend/cce/Passes.h"

#include "mlir/Interfaces/LoopLikeInterface.h"

#include <array>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

namespace {

constexpr unsigned kPipes = 7; // S to FIX

struct Access {
  Pipe pipe;
  Space space;
  int64_t first, end; ///< bytes
  bool writes;

  bool meets(const Access &other) const {
    return (writes || other.writes) && space == other.space &&
           first < other.end && other.first < end;
  }
};

/// Of each pipe, the last item of each other whose work it has waited for.
using Known = std::array<std::array<int64_t, kPipes>, kPipes>;

struct Flag {
  Pipe from, to;
  int64_t set, wait; ///< behind this item, before that one
  bool carried;      ///< an iteration later
  int64_t event = -1;
};

/// Events of pairs of pipes.
using Events =
    llvm::DenseSet<std::pair<std::pair<unsigned, unsigned>, int64_t>>;

/// The last wait that stands behind a loop for flags that it carries.
using Drains = llvm::DenseMap<Operation *, Operation *>;

unsigned of(Pipe pipe) { return static_cast<unsigned>(pipe); }

class Ordering {
public:
  Ordering(Block &block, bool loops, const Events &taken, Drains &drains);
  void run();

private:
  void order(int64_t item);
  void orderCarried();
  bool isCarried(int64_t first, Pipe from, int64_t next, Pipe to,
                 const Flag *except);
  void assignEvents();
  void insert();
  bool isKnown(int64_t first, Pipe from, Pipe to) const {
    return known[of(to)][of(from)] >= first;
  }
  bool takeEvent(Flag &flag);

  /// Behind an item is behind what a loop leaves to wait for.
  void standBehind(OpBuilder &b, Operation *item) {
    Operation *drain = drains.lookup(item);
    b.setInsertionPointAfter(drain ? drain : item);
  }

  Block &block;
  bool loops;
  Events taken; ///< by blocks beside this one, and in it
  Drains &drains;
  SmallVector<Operation *> items;
  SmallVector<SmallVector<Access>> accesses;
  Known known;
  std::vector<Known> snapshots; ///< after each item
  SmallVector<Flag> flags;
  llvm::DenseMap<int64_t, SmallVector<Pipe>> barriers; ///< before an item
  bool meetsAtEnd = false; ///< all pipes wait at the loop's end
};

} // namespace

static void collect(Operation *op, SmallVectorImpl<Access> &into) {
  op->walk([&](InstructionOpInterface one) {
    auto add = [&](ArrayRef<Value> pointers, bool writes) {
      for (Value pointer : pointers) {
        auto alloc = rootOf(pointer).getDefiningOp<AllocOp>();
        if (!alloc)
          continue;
        int64_t first = *alloc.getAddress();
        into.push_back(
            {one.getPipe(), cast<PtrType>(alloc.getType()).getSpace(), first,
             first + static_cast<int64_t>(alloc.getBytes()), writes});
      }
    };
    add(one.getReads(), false);
    add(one.getWrites(), true);
    for (RegisterUse use : one.getRegisters()) {
      auto first = static_cast<int64_t>(use.which);
      into.push_back({one.getPipe(), kRegisters, first, first + 1, use.writes});
    }
  });
}

Ordering::Ordering(Block &block, bool loops, const Events &taken,
                   Drains &drains)
    : block(block), loops(loops), taken(taken), drains(drains) {
  for (Operation &op : block)
    if (isa<InstructionOpInterface>(op) || op.getNumRegions()) {
      items.push_back(&op);
      collect(&op, accesses.emplace_back());
    }
  for (auto &row : known)
    row.fill(-1);
}

/// Orders an item behind those before it.
void Ordering::order(int64_t item) {
  // From each pipe to each, the last item that has to be over.
  std::array<std::array<int64_t, kPipes>, kPipes> needed;
  for (auto &row : needed)
    row.fill(-1);
  for (int64_t before = 0; before < item; ++before)
    for (const Access &a : accesses[before])
      for (const Access &b : accesses[item])
        if (a.meets(b) && !isKnown(before, a.pipe, b.pipe)) {
          int64_t &last = needed[of(b.pipe)][of(a.pipe)];
          last = std::max(last, before);
        }
  for (unsigned to = 0; to < kPipes; ++to) {
    // The latest first: it may bring what others would.
    SmallVector<unsigned> from;
    for (unsigned p = 0; p < kPipes; ++p)
      if (needed[to][p] >= 0)
        from.push_back(p);
    llvm::sort(from, [&](unsigned a, unsigned b) {
      return needed[to][a] > needed[to][b];
    });
    for (unsigned p : from) {
      int64_t last = needed[to][p];
      if (known[to][p] >= last)
        continue;
      if (p == to) {
        if (to == of(Pipe::S)) // goes in order
          continue;
        barriers[item].push_back(static_cast<Pipe>(p));
        known[to][p] = item - 1;
        continue;
      }
      flags.push_back({static_cast<Pipe>(p), static_cast<Pipe>(to), last, item,
                       /*carried=*/false});
      known[to][p] = last;
      for (unsigned r = 0; r < kPipes; ++r)
        known[to][r] = std::max(known[to][r], snapshots[last][p][r]);
    }
  }
}

/// Whether a carried flag beside number `except` orders `next` of pipe `to`
/// behind `first` of pipe `from`, an iteration before: the pipe that sets it
/// has waited for `first`, or is its own.
bool Ordering::isCarried(int64_t first, Pipe from, int64_t next, Pipe to,
                         const Flag *except) {
  return llvm::any_of(flags, [&](const Flag &flag) {
    if (&flag == except || !flag.carried || flag.to != to || flag.wait > next)
      return false;
    return flag.from == from
               ? flag.set >= first
               : snapshots[flag.set][of(flag.from)][of(from)] >= first;
  });
}

/// Orders items behind those of the iteration before.
void Ordering::orderCarried() {
  SmallVector<Flag> onePipe;
  for (int64_t first = 0, count = items.size(); first < count; ++first)
    for (int64_t next = 0; next <= first; ++next)
      for (const Access &a : accesses[first])
        for (const Access &b : accesses[next]) {
          if (!a.meets(b))
            continue;
          Flag flag = {a.pipe, b.pipe, first, next, /*carried=*/true};
          if (a.pipe == b.pipe && a.pipe == Pipe::S)
            continue; // goes in order
          if (a.pipe == b.pipe)
            onePipe.push_back(flag);
          else if (first == next)
            meetsAtEnd = true; // each pipe's work is all through the item
          else if (!isCarried(first, a.pipe, next, b.pipe, nullptr))
            flags.push_back(flag);
        }
  // Those that came before what brings them.
  for (size_t i = flags.size(); i-- > 0;)
    if (flags[i].carried && isCarried(flags[i].set, flags[i].from,
                                      flags[i].wait, flags[i].to, &flags[i]))
      flags.erase(flags.begin() + static_cast<int64_t>(i));
  for (const Flag &meeting : onePipe) {
    bool stands = llvm::any_of(barriers, [&](auto &barrier) {
      return (barrier.first > meeting.set || barrier.first <= meeting.wait) &&
             llvm::is_contained(barrier.second, meeting.from);
    });
    if (!stands && !meetsAtEnd &&
        !isCarried(meeting.set, meeting.from, meeting.wait, meeting.to,
                   nullptr))
      barriers[meeting.wait].push_back(meeting.from);
  }
}

/// An event that nothing else holds while the flag may be set.
bool Ordering::takeEvent(Flag &flag) {
  Events used = taken;
  for (const Flag &other : flags) {
    if (other.event < 0 || other.from != flag.from || other.to != flag.to)
      continue;
    // A later set has to come behind the earlier wait: the setting pipe has
    // waited for what follows it.
    bool apart = !other.carried && !flag.carried && other.wait <= flag.set &&
                 snapshots[flag.set][of(flag.from)][of(flag.to)] >= other.wait;
    if (!apart)
      used.insert({{of(flag.from), of(flag.to)}, other.event});
  }
  for (int64_t event = 0; event < ascend::kFreeEvents; ++event)
    if (!used.contains({{of(flag.from), of(flag.to)}, event})) {
      flag.event = event;
      return true;
    }
  return false;
}

void Ordering::assignEvents() {
  // Carried ones hold theirs throughout.
  for (Flag &flag : flags)
    if (flag.carried && !meetsAtEnd)
      meetsAtEnd |= !takeEvent(flag);
  if (meetsAtEnd)
    llvm::erase_if(flags, [](const Flag &flag) { return flag.carried; });
  for (Flag &flag : flags)
    if (!flag.carried && !takeEvent(flag))
      barriers[flag.wait].assign(1, Pipe::ALL);
  llvm::erase_if(flags, [](const Flag &flag) { return flag.event < 0; });
}

void Ordering::insert() {
  OpBuilder b(block.getParentOp()->getContext());
  auto flag = [&](const Flag &one, bool sets) -> Operation * {
    Location loc = items[sets ? one.set : one.wait]->getLoc();
    if (sets)
      return SetFlagOp::create(b, loc, one.from, one.to, one.event);
    return WaitFlagOp::create(b, loc, one.from, one.to, one.event);
  };
  for (auto &[item, pipes] : barriers)
    for (Pipe pipe : pipes) {
      b.setInsertionPoint(items[item]);
      PipeBarrierOp::create(b, items[item]->getLoc(), pipe);
    }
  Operation *loop = block.getParentOp();
  for (const Flag &one : flags) {
    standBehind(b, items[one.set]);
    flag(one, /*sets=*/true);
    b.setInsertionPoint(items[one.wait]);
    flag(one, /*sets=*/false);
    if (!one.carried)
      continue;
    b.setInsertionPoint(loop);
    flag(one, /*sets=*/true);
    standBehind(b, loop);
    drains[loop] = flag(one, /*sets=*/false);
  }
  if (meetsAtEnd) {
    standBehind(b, items.back());
    PipeBarrierOp::create(b, items.back()->getLoc(), Pipe::ALL);
  }
}

void Ordering::run() {
  // What stands inside first, each with events of its own: nothing tells a pipe
  // what another has waited for in there.
  for (Operation *item : items)
    for (Region &region : item->getRegions())
      for (Block &inner : region) {
        Ordering(inner, isa<LoopLikeOpInterface>(item), taken, drains).run();
        inner.walk([&](SetFlagOp set) {
          taken.insert({{of(set.getFrom()), of(set.getTo())},
                        static_cast<int64_t>(set.getEvent())});
        });
      }
  for (int64_t item = 0, count = items.size(); item < count; ++item) {
    order(item);
    snapshots.push_back(known);
  }
  if (loops)
    orderCarried();
  assignEvents();
  insert();
}

LogicalResult cce::insertSync(KernelOp kernel) {
  WalkResult ready = kernel.walk([](Operation *op) {
    auto alloc = dyn_cast<AllocOp>(op);
    if (alloc && !alloc.getAddress()) {
      op->emitOpError() << "has no address; plan the memory first";
      return WalkResult::interrupt();
    }
    if (isa<SetFlagOp, WaitFlagOp, PipeBarrierOp>(op)) {
      op->emitOpError() << "stands in a kernel that is to be synchronised; "
                           "leave all flags and barriers to the pass";
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  if (ready.wasInterrupted())
    return failure();
  Block &body = kernel.getBody().front();
  Drains drains;
  Ordering(body, /*loops=*/false, {}, drains).run();
  // A core leaves nothing under way.
  OpBuilder b = OpBuilder::atBlockEnd(&body);
  PipeBarrierOp::create(b, kernel.getLoc(), Pipe::ALL);
  return success();
}
