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
// suffice, all pipes wait for each other. Buffers that pipes take turns at have
// their flags first (Turns.h), across blocks, and branches of the scalar unit
// are ordered by flags inside (ScalarBranches.h); what is said here is for the
// rest.
//
// What the scalar unit reads to decide where to go on, or what to hand out, is
// over before it hands out anything behind that.
//
// Products need a barrier between them only where they are small: of ten
// fractals and more one is over before the next reaches it.
//
// GM needs no order here: a kernel's iterations write positions of their own,
// and read what is written in this kernel from a core's memory.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/cce/Accesses.h"
#include "codegen/ascend/cce/Passes.h"
#include "codegen/ascend/cce/Turns.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

#include <array>
#include <map>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

namespace {

/// Of each pipe, the last item of each other whose work it has waited for.
using Known = std::array<std::array<int64_t, kPipes>, kPipes>;

struct Flag {
  Pipe from, to;
  int64_t set, wait; ///< behind this item, before that one
  bool carried;      ///< an iteration later
  int64_t event = -1;
  bool ofTurn = false; ///< from the table
};

/// Events of pairs of pipes.
using Events =
    llvm::DenseSet<std::pair<std::pair<unsigned, unsigned>, int64_t>>;

/// The last wait that stands behind a loop for flags that it carries.
using Drains = llvm::DenseMap<Operation *, Operation *>;

class Ordering {
public:
  Ordering(Block &block, bool loops, const Events &taken, Drains &drains,
           const TurnTable &table, const ScalarBranches &apart,
           Reaches &reaches);
  void run();

private:
  void takeTurns();
  void learn(const Flag &flag);
  bool areOrdered(const Access &first, const Access &next, bool carried) const;
  bool isDecided(const Access &first, const Access &next, bool carried) const;
  void order(int64_t item);
  void orderCarried();
  bool isCarried(int64_t first, Pipe from, int64_t next, Pipe to,
                 const Flag *except);
  Known comesAround(int64_t item) const;
  bool isRoundBehind(const Flag &late, const Flag &early) const;
  void assignCarried();
  void assignEvents();
  void wantBarrier(int64_t item, const Access &first, bool carried);
  bool standsBefore(int64_t item, int64_t before, const Access &first) const;
  void insert();
  bool isKnown(int64_t first, Pipe from, Pipe to) const {
    return known[of(to)][of(from)] >= first;
  }
  bool takeEvent(Flag &flag);
  bool goesThrough(const Flag &flag, int64_t item) const;

  /// Behind an item is behind what a loop leaves to wait for.
  void standBehind(OpBuilder &b, Operation *item) {
    Operation *drain = drains.lookup(item);
    b.setInsertionPointAfter(drain ? drain : item);
  }

  Block &block;
  bool loops;
  Events taken; ///< by blocks beside this one, and in it, and by turns
  std::map<int64_t, Events> inside; ///< by items, for the scalar unit
  Drains &drains;
  const TurnTable &table;
  const ScalarBranches &apart;
  Reaches &reaches;
  SmallVector<Operation *> items;
  Accesses accesses;
  Known known;
  std::vector<Known> snapshots; ///< after each item
  SmallVector<Flag> flags;
  llvm::MapVector<int64_t, SmallVector<Barrier>> barriers; ///< before an item
  llvm::DenseMap<Operation *, Operation *>
      decided;             ///< by loads, what needs them first
  bool meetsAtEnd = false; ///< all pipes wait at the loop's end
};

} // namespace

/// Whether a pipe, on the way through `item` to an op in it, waits for what
/// another one does there: which comes behind all that it did before.
static bool waitsOnTheWay(Operation *op, Operation *item, Pipe from, Pipe to) {
  for (; op != item; op = op->getParentOp())
    for (Operation *up = op->getPrevNode(); up; up = up->getPrevNode()) {
      auto wait = dyn_cast<WaitFlagOp>(up);
      if (!wait || wait.getFrom() != from || wait.getTo() != to)
        continue;
      for (Operation *o = up->getPrevNode(); o; o = o->getPrevNode())
        if (auto set = dyn_cast<SetFlagOp>(o);
            set && set.getFrom() == from && set.getTo() == to &&
            set.getEvent() == wait.getEvent())
          return true;
    }
  return false;
}

Ordering::Ordering(Block &block, bool loops, const Events &taken,
                   Drains &drains, const TurnTable &table,
                   const ScalarBranches &apart, Reaches &reaches)
    : block(block), loops(loops), taken(taken), drains(drains), table(table),
      apart(apart), reaches(reaches) {
  for (Operation &op : block)
    if (isa<InstructionOpInterface>(op) || op.getNumRegions())
      items.push_back(&op);
  for (auto &row : known)
    row.fill(-1);
}

/// The flags of turns that this block is.
void Ordering::takeTurns() {
  auto number = [&](Operation *item) {
    return static_cast<int64_t>(llvm::find(items, item) - items.begin());
  };
  for (const Turns &group : table.all())
    for (const Turn &turn : group.turns)
      for (size_t i = 0; turn.block == &block && i < turn.phases.size(); ++i) {
        if (group.events[i] < 0)
          continue;
        bool isLast = i + 1 == turn.phases.size();
        const Phase &next = turn.phases[isLast ? 0 : i + 1];
        flags.push_back({turn.phases[i].pipe, next.pipe,
                         number(turn.phases[i].last), number(next.first),
                         /*carried=*/isLast, group.events[i],
                         /*ofTurn=*/true});
      }
}

/// What a pipe knows when it has waited for a flag of this run.
void Ordering::learn(const Flag &flag) {
  unsigned from = of(flag.from), to = of(flag.to);
  known[to][from] = std::max(known[to][from], flag.set);
  for (unsigned r = 0; r < kPipes; ++r)
    known[to][r] = std::max(known[to][r], snapshots[flag.set][from][r]);
}

/// Whether the scalar unit has to know what it read before it hands out `next`.
bool Ordering::isDecided(const Access &first, const Access &next,
                         bool carried) const {
  Operation *user = decided.lookup(first.op);
  return user &&
         (carried || first.op->getBlock() != &block ||
          !block.findAncestorOpInBlock(*next.op)->isBeforeInBlock(user));
}

/// Of two that meet.
bool Ordering::areOrdered(const Access &first, const Access &next,
                          bool carried) const {
  Region *loop = carried ? block.getParent() : nullptr;
  return isDecided(first, next, carried) ||
         (first.pipe == next.pipe && next.followsBySelf(first, loop)) ||
         (first.buffer && first.buffer == next.buffer &&
          table.order(first.buffer, first.op, next.op, &block, carried)) ||
         table.orderTurns(first.op, next.op, &block, carried);
}

/// A barrier before an item: for the sizes of the product before it, if these
/// are what all meetings there have, else whatever the sizes.
void Ordering::wantBarrier(int64_t item, const Access &first, bool carried) {
  Barrier barrier{first.pipe, {}, {}};
  if (auto mad = dyn_cast<MadOp>(first.op)) {
    DominanceInfo dominance;
    Region *loop = carried ? block.getParent() : nullptr;
    if (!mad.isShort() && !Barrier::isOf(loop, mad.getM()) &&
        !Barrier::isOf(loop, mad.getN()) &&
        dominance.dominates(mad.getM(), items[item]) &&
        dominance.dominates(mad.getN(), items[item]))
      barrier = {first.pipe, mad.getM(), mad.getN()};
  }
  for (Barrier &other : barriers[item])
    if (other.pipe == barrier.pipe) {
      if (other.m != barrier.m || other.n != barrier.n)
        other.m = other.n = {};
      return;
    }
  barriers[item].push_back(barrier);
}

/// Whether a barrier between two items is for an access of the first.
bool Ordering::standsBefore(int64_t item, int64_t before,
                            const Access &first) const {
  for (const auto &[at, those] : barriers)
    if (at > before && at <= item)
      for (const Barrier &barrier : those)
        if (barrier.pipe == first.pipe &&
            barrier.isFor(first.op, /*loop=*/nullptr))
          return true;
  return false;
}

/// Orders an item behind those before it.
void Ordering::order(int64_t item) {
  for (const Flag &flag : flags)
    if (flag.ofTurn && !flag.carried && flag.wait == item)
      learn(flag);
  // From each pipe to each, the last item that has to be over.
  std::array<std::array<int64_t, kPipes>, kPipes> needed;
  for (auto &row : needed)
    row.fill(-1);
  auto forEachBefore = [&](auto visit) {
    for (const Access &b : accesses.of(item))
      for (unsigned number : b.met)
        if (accesses[number].item < item)
          visit(accesses[number], b);
  };
  forEachBefore([&](const Access &a, const Access &b) {
    int64_t &last = needed[of(b.pipe)][of(a.pipe)];
    if (last < a.item && !isKnown(a.item, a.pipe, b.pipe) &&
        !areOrdered(a, b, /*carried=*/false) &&
        !(a.pipe == b.pipe && standsBefore(item, a.item, a)))
      last = a.item;
  });
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
        forEachBefore([&](const Access &a, const Access &b) {
          if (of(a.pipe) == p && of(b.pipe) == p && a.item > known[to][p] &&
              !areOrdered(a, b, /*carried=*/false) &&
              !standsBefore(item, a.item, a))
            wantBarrier(item, a, /*carried=*/false);
        });
        if (llvm::any_of(barriers[item], [p](const Barrier &barrier) {
              return of(barrier.pipe) == p && !barrier.m;
            }))
          known[to][p] = item - 1;
        continue;
      }
      flags.push_back({static_cast<Pipe>(p), static_cast<Pipe>(to), last, item,
                       /*carried=*/false});
      learn(flags.back());
    }
  }
}

/// Whether a flag beside `except` orders `next` of pipe `to` behind `first` of
/// pipe `from`, an iteration before: the pipe that sets it has waited for
/// `first`, or is its own, of which one of this iteration tells, too.
bool Ordering::isCarried(int64_t first, Pipe from, int64_t next, Pipe to,
                         const Flag *except) {
  return llvm::any_of(flags, [&](const Flag &flag) {
    if (&flag == except || flag.to != to || flag.wait > next)
      return false;
    if (!flag.carried)
      return flag.from == from;
    return flag.from == from
               ? flag.set >= first
               : snapshots[flag.set][of(flag.from)][of(from)] >= first;
  });
}

/// Orders items behind those of the iteration before.
void Ordering::orderCarried() {
  SmallVector<std::pair<Flag, const Access *>> onePipe;
  for (int64_t first = 0, count = items.size(); first < count; ++first) {
    // Those of the next iteration one item behind the other.
    SmallVector<std::tuple<int64_t, const Access *, const Access *>> open;
    for (const Access &a : accesses.of(first))
      for (unsigned number : a.met)
        if (const Access &b = accesses[number];
            !areOrdered(a, b, /*carried=*/true))
          open.push_back({b.item, &a, &b});
    llvm::sort(open);
    for (auto [next, a, b] : open) {
      Flag flag = {a->pipe, b->pipe, first, next, /*carried=*/true};
      if (a->pipe == b->pipe)
        onePipe.push_back({flag, a});
      else if (first == next) // each pipe's work is all through the item
        meetsAtEnd |= !waitsOnTheWay(b->op, items[next], a->pipe, b->pipe);
      else if (!isCarried(first, a->pipe, next, b->pipe, nullptr))
        flags.push_back(flag);
    }
  }
  // Those that came before what brings them.
  for (size_t i = flags.size(); i-- > 0;)
    if (flags[i].carried && !flags[i].ofTurn &&
        isCarried(flags[i].set, flags[i].from, flags[i].wait, flags[i].to,
                  &flags[i]))
      flags.erase(flags.begin() + static_cast<int64_t>(i));
  assignCarried();
  for (auto &[flag, access] : onePipe) {
    const Flag &meeting = flag;
    auto isFor = [&, op = access->op](const Barrier &barrier) {
      return barrier.pipe == meeting.from &&
             barrier.isFor(op, block.getParent());
    };
    bool stands = llvm::any_of(barriers, [&](auto &barrier) {
      return (barrier.first > meeting.set || barrier.first <= meeting.wait) &&
             llvm::any_of(barrier.second, isFor);
    });
    if (!stands && !meetsAtEnd &&
        !isCarried(meeting.set, meeting.from, meeting.wait, meeting.to,
                   nullptr))
      wantBarrier(meeting.wait, *access, /*carried=*/true);
  }
}

/// Before an item, of each pipe what it knows of the iteration before.
Known Ordering::comesAround(int64_t item) const {
  auto all = static_cast<int64_t>(items.size());
  Known now = snapshots.back();
  std::vector<Known> behind; // each item
  for (int64_t i = 0; i <= item; ++i) {
    for (const Flag &flag : flags) {
      if (flag.wait != i)
        continue;
      auto &to = now[of(flag.to)];
      const auto &told =
          (flag.carried ? snapshots : behind)[flag.set][of(flag.from)];
      for (unsigned r = 0; r < kPipes; ++r)
        to[r] = std::max(to[r], told[r]);
      // In its queue all of the iteration before stands before this one's.
      int64_t &self = to[of(flag.from)];
      self = std::max(self, flag.carried ? flag.set : all);
    }
    auto standing = barriers.find(i);
    if (standing != barriers.end())
      for (const Barrier &barrier : standing->second) {
        if (barrier.pipe == Pipe::ALL)
          for (auto &row : now)
            row.fill(all);
        else if (!barrier.m)
          now[of(barrier.pipe)][of(barrier.pipe)] = all;
      }
    behind.push_back(now);
  }
  return now;
}

/// Whether the block's next run, if there is one, sets `early` behind this
/// run's wait for `late`.
bool Ordering::isRoundBehind(const Flag &late, const Flag &early) const {
  Operation *parent = block.getParentOp();
  if (loops)
    return meetsAtEnd ||
           comesAround(early.set)[of(early.from)][of(late.to)] >= late.wait;
  // In a choice what the loop around it knows is not seen.
  return !parent->getParentOfType<LoopLikeOpInterface>();
}

/// Whether a flag may be set while an item runs. A loop has flags beside it.
bool Ordering::goesThrough(const Flag &flag, int64_t item) const {
  int64_t beside = isa<LoopLikeOpInterface>(items[item]) ? 1 : 0;
  return flag.carried ||
         (flag.set < item + beside && item < flag.wait + beside);
}

/// An event that nothing else holds while the flag may be set. What the scalar
/// unit has waited for in an item is over for all that it hands out later.
bool Ordering::takeEvent(Flag &flag) {
  Events used = taken;
  for (const auto &[item, events] : inside)
    if (goesThrough(flag, item))
      used.insert(events.begin(), events.end());
  for (const Flag &other : flags) {
    if (other.event < 0 || other.from != flag.from || other.to != flag.to)
      continue;
    // A later set has to come behind the earlier wait: the setting pipe has
    // waited for what follows it, or the scalar unit, which hands out the set,
    // has waited itself.
    bool apart =
        !other.carried && !flag.carried && other.wait <= flag.set &&
        (flag.to == Pipe::S ||
         (snapshots[flag.set][of(flag.from)][of(flag.to)] >= other.wait &&
          isRoundBehind(flag, other)));
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

/// Of carried flags, which hold theirs throughout; all meet where there are
/// none.
void Ordering::assignCarried() {
  for (Flag &flag : flags)
    if (flag.carried && flag.event < 0 && !meetsAtEnd)
      meetsAtEnd |= !takeEvent(flag);
  if (meetsAtEnd)
    llvm::erase_if(
        flags, [](const Flag &flag) { return flag.carried && !flag.ofTurn; });
}

void Ordering::assignEvents() {
  for (Flag &flag : flags)
    if (!flag.carried && flag.event < 0 && !takeEvent(flag))
      barriers[flag.wait].assign(1, Barrier{Pipe::ALL, {}, {}});
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
  for (auto &[item, those] : barriers)
    for (const Barrier &one : those) {
      b.setInsertionPoint(items[item]);
      PipeBarrierOp::create(b, items[item]->getLoc(), one.pipe,
                            one.m ? ValueRange{one.m, one.n} : ValueRange());
    }
  Operation *loop = block.getParentOp();
  for (const Flag &one : flags) {
    standBehind(b, items[one.set]);
    flag(one, /*sets=*/true);
    b.setInsertionPoint(items[one.wait]);
    flag(one, /*sets=*/false);
    if (!one.carried || one.ofTurn)
      continue;
    b.setInsertionPoint(loop);
    flag(one, /*sets=*/true);
    standBehind(b, loop);
    drains[loop] = flag(one, /*sets=*/false);
  }
  if (meetsAtEnd) {
    standBehind(b, items.back());
    PipeBarrierOp::create(b, items.back()->getLoc(), Pipe::ALL, ValueRange());
  }
}

void Ordering::run() {
  // What stands inside first, each with events of its own: nothing tells a pipe
  // what another has waited for in there.
  for (int64_t item = 0, count = items.size(); item < count; ++item)
    for (Region &region : items[item]->getRegions())
      for (Block &inner : region) {
        Ordering(inner, isa<LoopLikeOpInterface>(items[item]), taken, drains,
                 table, apart, reaches)
            .run();
        inner.walk([&](SetFlagOp set) {
          Events &events = set.getTo() == Pipe::S ? inside[item] : taken;
          events.insert({{of(set.getFrom()), of(set.getTo())},
                         static_cast<int64_t>(set.getEvent())});
        });
      }
  accesses = Accesses(items, loops, apart, reaches);
  for (Operation *item : items)
    item->walk([&](LoadOp load) {
      if (Operation *user = firstNeeding(load))
        decided[load] = user;
    });
  takeTurns();
  for (int64_t item = 0, count = items.size(); item < count; ++item) {
    order(item);
    snapshots.push_back(known);
  }
  if (loops)
    orderCarried();
  assignEvents();
  insert();
}

/// The pipe that comes behind number `phase`.
static Pipe nextOf(const Turns &group, size_t phase) {
  ArrayRef<Phase> phases = group.turns.front().phases;
  return phases[(phase + 1) % phases.size()].pipe;
}

/// The flag from turn to turn: set before all, waited for behind all.
static void openAndClose(const Turns &group, Block &body) {
  if (group.events.back() < 0)
    return;
  ArrayRef<Phase> phases = group.turns.front().phases;
  Pipe from = phases.back().pipe, to = phases.front().pipe;
  Operation *first =
      body.findAncestorOpInBlock(*group.turns.front().block->getParentOp());
  Operation *last =
      body.findAncestorOpInBlock(*group.turns.back().block->getParentOp());
  OpBuilder b(first);
  SetFlagOp::create(b, first->getLoc(), from, to, group.events.back());
  b.setInsertionPointAfter(last);
  WaitFlagOp::create(b, last->getLoc(), from, to, group.events.back());
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
  // One event of each pair is left for what is no turn.
  ScalarBranches apart(kernel);
  TurnTable table(kernel, ascend::kFreeEvents - 1, apart);
  Events taken;
  for (auto [from, to] : apart.pairs())
    taken.insert({{of(from), of(to)}, ScalarBranches::kEvent});
  for (const Turns &group : table.all())
    for (auto [i, phase] : llvm::enumerate(group.turns.front().phases))
      taken.insert({{of(phase.pipe), of(nextOf(group, i))}, group.events[i]});
  Drains drains;
  Reaches reaches(kernel);
  Ordering(body, /*loops=*/false, taken, drains, table, apart, reaches).run();
  for (const Turns &group : table.all())
    openAndClose(group, body);
  apart.insertFlags();
  // A core leaves nothing under way.
  OpBuilder b = OpBuilder::atBlockEnd(&body);
  PipeBarrierOp::create(b, kernel.getLoc(), Pipe::ALL, ValueRange());
  return success();
}
