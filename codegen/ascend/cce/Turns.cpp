// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the buffers that pipes take turns at, and gives them events.
#include "codegen/ascend/cce/Turns.h"

#include "mlir/Interfaces/LoopLikeInterface.h"

#include <limits>
#include <map>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

static Pipe pipeOf(Operation *op) {
  return cast<InstructionOpInterface>(op).getPipe();
}

/// The turns of the uses that stand in a block, behind those that are known.
/// False: it is no turn, nor do all its ops hold turns.
static bool findTurns(Block &block, ArrayRef<Operation *> uses,
                      SmallVectorImpl<Turn> &turns) {
  SmallVector<std::pair<Operation *, SmallVector<Operation *>>> items;
  for (Operation *use : uses) {
    Operation *item = block.findAncestorOpInBlock(*use);
    if (items.empty() || items.back().first != item)
      items.push_back({item, {}});
    items.back().second.push_back(use);
  }
  auto isOfOnePipe = [](const auto &item) {
    return llvm::all_of(item.second, [&](Operation *use) {
      return pipeOf(use) == pipeOf(item.second.front());
    });
  };
  if (!llvm::all_of(items, isOfOnePipe)) {
    for (auto &[item, inside] : items) {
      if (isOfOnePipe(std::pair(item, inside)))
        return false;
      for (Region &region : item->getRegions())
        for (Block &inner : region) {
          SmallVector<Operation *> there;
          llvm::copy_if(inside, std::back_inserter(there), [&](Operation *use) {
            return inner.findAncestorOpInBlock(*use) != nullptr;
          });
          if (!there.empty() && !findTurns(inner, there, turns))
            return false;
        }
    }
    return true;
  }
  Turn turn{&block, {}};
  for (auto &[item, inside] : items) {
    Pipe pipe = pipeOf(inside.front());
    if (turn.phases.empty() || turn.phases.back().pipe != pipe)
      turn.phases.push_back({pipe, item, item});
    turn.phases.back().last = item;
  }
  turns.push_back(turn);
  return true;
}

/// Whether the turns follow each other, each of the same pipes, none twice.
static bool takeTurns(ArrayRef<Turn> turns) {
  ArrayRef<Phase> model = turns.front().phases;
  if (model.size() < 2)
    return false;
  for (size_t i = 0; i < model.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (model[i].pipe == model[j].pipe)
        return false;
  for (const Turn &turn : turns)
    if (!llvm::equal(turn.phases, model, [](const Phase &a, const Phase &b) {
          return a.pipe == b.pipe;
        }))
      return false;
  Operation *parent = turns.front().block->getParentOp();
  return turns.size() > 1 || isa<LoopLikeOpInterface>(parent) ||
         parent->getParentOfType<LoopLikeOpInterface>();
}

/// Both as one: each phase from the earlier begin to the later end. None if
/// phases would overlap.
static std::optional<Turns> merge(const Turns &a, const Turns &b) {
  if (a.turns.size() != b.turns.size())
    return std::nullopt;
  Turns both = a;
  for (size_t t = 0; t < a.turns.size(); ++t) {
    ArrayRef<Phase> one = a.turns[t].phases, other = b.turns[t].phases;
    if (a.turns[t].block != b.turns[t].block || one.size() != other.size())
      return std::nullopt;
    MutableArrayRef<Phase> phases = both.turns[t].phases;
    for (size_t i = 0; i < phases.size(); ++i) {
      if (one[i].pipe != other[i].pipe)
        return std::nullopt;
      if (other[i].first->isBeforeInBlock(one[i].first))
        phases[i].first = other[i].first;
      if (one[i].last->isBeforeInBlock(other[i].last))
        phases[i].last = other[i].last;
    }
    for (size_t i = 0; i + 1 < phases.size(); ++i)
      if (!phases[i].last->isBeforeInBlock(phases[i + 1].first))
        return std::nullopt;
  }
  return both;
}

/// Whether the flag behind a phase of `a` also orders what the one behind that
/// phase of `b` does: in each turn set no earlier, and waited for no later.
static bool covers(const Turns &a, const Turns &b, size_t phase) {
  if (a.turns.size() != b.turns.size())
    return false;
  for (size_t t = 0; t < a.turns.size(); ++t) {
    ArrayRef<Phase> one = a.turns[t].phases, other = b.turns[t].phases;
    size_t next = (phase + 1) % other.size();
    if (a.turns[t].block != b.turns[t].block || one.size() != other.size() ||
        one[phase].pipe != other[phase].pipe ||
        one[next].pipe != other[next].pipe ||
        one[phase].last->isBeforeInBlock(other[phase].last) ||
        other[next].first->isBeforeInBlock(one[next].first))
      return false;
  }
  return true;
}

using Pair = std::pair<Pipe, Pipe>;
static Pair pairOf(const Turns &group, size_t phase) {
  ArrayRef<Phase> phases = group.turns.front().phases;
  return {phases[phase].pipe, phases[(phase + 1) % phases.size()].pipe};
}

/// Whether the flag behind a phase has an event that there is not.
bool TurnTable::isTooHigh(const Turns &group, size_t phase) const {
  bool lacksOne = llvm::is_contained(taken, pairOf(group, phase));
  return group.events[phase] >= events - lacksOne;
}

/// Gives each flag that no other makes up for an event. None if they do not
/// suffice: the number of the last group that then has too few.
std::optional<size_t> TurnTable::assign() {
  std::map<Pair, int64_t> next;
  for (size_t g = 0; g < groups.size(); ++g) {
    Turns &group = groups[g];
    size_t phases = group.turns.front().phases.size();
    group.events.assign(phases, -1);
    for (size_t i = 0; i < phases; ++i) {
      bool isCovered = false;
      for (size_t h = 0; h < groups.size() && !isCovered; ++h)
        isCovered = h != g && covers(groups[h], group, i) &&
                    (h < g || !covers(group, groups[h], i));
      if (!isCovered)
        group.events[i] = next[pairOf(group, i)]++;
    }
  }
  for (size_t g = groups.size(); g-- > 0;)
    for (size_t i = 0; i < groups[g].events.size(); ++i)
      if (isTooHigh(groups[g], i))
        return g;
  return std::nullopt;
}

/// Takes a group out: to another, or altogether.
void TurnTable::remove(size_t group, std::optional<size_t> into) {
  groups.erase(groups.begin() + static_cast<int64_t>(group));
  llvm::DenseMap<Operation *, size_t> kept;
  for (auto [buffer, g] : groupOf) {
    if (g != group)
      kept[buffer] = g - (g > group);
    else if (into)
      kept[buffer] = *into;
  }
  groupOf = std::move(kept);
}

/// Needs fewer events of those that a group has too few of: two groups that
/// have some become one, of few buffers, the last ones of these; else the group
/// goes.
void TurnTable::reduce(size_t group) {
  auto flags = [](const Turns &turns, Pair pair) {
    for (auto [i, event] : llvm::enumerate(turns.events))
      if (event >= 0 && pairOf(turns, i) == pair)
        return true;
    return false;
  };
  size_t lacking = 0;
  while (!isTooHigh(groups[group], lacking))
    ++lacking;
  Pair pair = pairOf(groups[group], lacking);
  SmallVector<size_t> buffers(groups.size(), 0);
  for (auto [buffer, g] : groupOf)
    ++buffers[g];
  size_t least = std::numeric_limits<size_t>::max(), from = 0, into = 0;
  std::optional<Turns> merged;
  for (size_t g = groups.size(); g-- > 0;) {
    if (!flags(groups[g], pair))
      continue;
    for (size_t h = g; h-- > 0;)
      if (size_t sum = buffers[g] + buffers[h]; sum < least)
        if (std::optional<Turns> both = merge(groups[h], groups[g])) {
          merged = both;
          least = sum;
          from = g;
          into = h;
        }
  }
  if (!merged)
    return remove(group, std::nullopt);
  groups[into] = *merged;
  remove(from, into);
}

TurnTable::TurnTable(KernelOp kernel, int64_t events,
                     const ScalarBranches &apart)
    : events(events), taken(apart.pairs()) {
  llvm::MapVector<Operation *, SmallVector<Operation *>> uses;
  kernel.walk<WalkOrder::PreOrder>([&](InstructionOpInterface op) {
    if (apart.hold(op))
      return;
    SmallVector<Value> pointers = op.getReads();
    llvm::append_range(pointers, op.getWrites());
    for (Value pointer : pointers)
      if (auto alloc = rootOf(pointer).getDefiningOp<AllocOp>()) {
        SmallVector<Operation *> &known = uses[alloc];
        if (known.empty() || known.back() != op)
          known.push_back(op);
      }
  });
  for (auto &[alloc, ops] : uses) {
    Turns turns;
    if (findTurns(kernel.getBody().front(), ops, turns.turns) &&
        takeTurns(turns.turns)) {
      groupOf[alloc] = groups.size();
      groups.push_back(std::move(turns));
    }
  }
  while (std::optional<size_t> group = assign())
    reduce(*group);
  kernel.walk([&](InstructionOpInterface op) {
    places[op] = llvm::map_to_vector(
        groups, [&](const Turns &group) { return placeOf(group, op); });
  });
}

TurnTable::Place TurnTable::placeOf(const Turns &group, Operation *op) {
  for (const Turn &turn : group.turns)
    if (Operation *item = turn.block->findAncestorOpInBlock(*op))
      for (const Phase &phase : turn.phases)
        if (phase.pipe == pipeOf(op))
          return {turn.block, !phase.last->isBeforeInBlock(item),
                  !item->isBeforeInBlock(phase.first)};
  return {};
}

bool TurnTable::order(AllocOp buffer, Operation *first, Operation *next,
                      Block *block, bool carried) const {
  auto found = groupOf.find(buffer);
  if (found == groupOf.end())
    return false;
  auto turnOf = [&](Operation *op) {
    for (const Turn &turn : groups[found->second].turns)
      if (turn.block->findAncestorOpInBlock(*op))
        return turn.block;
    llvm_unreachable("every use stands in a turn");
  };
  Block *turn = turnOf(first);
  if (turn != turnOf(next))
    return true;
  // What stands in an op of the turn is of one pipe and one turn.
  if (block != turn && turn->findAncestorOpInBlock(*block->getParentOp()))
    return false;
  return carried || pipeOf(first) != pipeOf(next);
}

bool TurnTable::orderTurns(Operation *first, Operation *next, Block *block,
                           bool carried) const {
  for (auto [one, other] :
       llvm::zip_equal(places.find(first)->second, places.find(next)->second)) {
    if (!one.turn || !other.turn || !one.isHandedOver || !other.hasWaited)
      continue;
    if (one.turn != other.turn)
      return true;
    bool isInside = block != one.turn &&
                    one.turn->findAncestorOpInBlock(*block->getParentOp());
    if (carried && !isInside)
      return true;
  }
  return false;
}
