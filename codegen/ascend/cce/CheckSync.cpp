// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Proves the order of a kernel's instructions, however it came to be.
//
// The kernel is walked with what holds on every way to a place: which accesses
// there were, and for each the pipes that know it to be over. A barrier tells a
// pipe of its own accesses, a flag tells the pipe that waits of all that the
// setting one knew, and had done. Two accesses that meet in a core's memory,
// one of them a write, are ordered if the later one's pipe knows of the
// earlier. Where ways meet, a pipe knows what it knows on both; loops are
// walked until nothing changes. So nothing is lost: each pair of accesses is
// ordered on all ways, or there is one way on which it is not.
#include "codegen/ascend/cce/Memory.h"
#include "codegen/ascend/cce/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

#include <map>
#include <set>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

namespace {

constexpr unsigned kPipes = 7; // S to FIX
constexpr unsigned kAll = (1u << kPipes) - 1;
using Key = std::tuple<unsigned, unsigned, int64_t>; // from, to, event

/// What a pipe did to bytes of a memory, the latest of its kind in a block:
/// what is behind that is behind those before it, too. Blocks are apart, so
/// that what a loop does never takes the place of what came before it; so are
/// products, for their sizes. Or a pipe's latest wait for an event.
struct Use {
  unsigned pipe;
  bool waits, writes;
  int64_t space, first, end; ///< bytes; of a wait its pipe and event
  int64_t place = -1;        ///< the block's number, or the product's

  bool operator<(const Use &o) const {
    return std::tie(pipe, waits, writes, space, first, end, place) <
           std::tie(o.pipe, o.waits, o.writes, o.space, o.first, o.end,
                    o.place);
  }
  bool operator==(const Use &o) const { return !(*this < o) && !(o < *this); }
  bool meets(const Use &o) const {
    return !waits && !o.waits && (writes || o.writes) && space == o.space &&
           first < o.end && o.first < end;
  }
};

struct Known {
  Operation *op;
  unsigned by; ///< a bit for each pipe that knows it to be over
  /// A product whose pipe does not know, of sizes of an iteration before.
  bool isOld = false;
  bool operator==(const Known &o) const {
    return op == o.op && by == o.by && isOld == o.isOld;
  }
};

/// A flag that is set, on every way or on some.
struct Pending {
  Operation *set;
  std::set<Use> tells;
  bool always = true;
  bool operator==(const Pending &o) const {
    return set == o.set && tells == o.tells && always == o.always;
  }
};

/// What holds at a place of the kernel.
struct State {
  std::map<Use, Known> uses;
  std::map<Key, Pending> pending;
  bool operator==(const State &o) const {
    return uses == o.uses && pending == o.pending;
  }
};

class Proof {
public:
  LogicalResult run(KernelOp kernel);

private:
  LogicalResult walk(Block &block, State &state);
  LogicalResult step(Operation &op, State &state);
  LogicalResult set(SetFlagOp op, State &state);
  LogicalResult wait(WaitFlagOp op, State &state);
  LogicalResult use(InstructionOpInterface op, State &state);
  LogicalResult check(Operation *op, const Use &mine, const State &state);
  void meet(PipeBarrierOp op, State &state);
  void grow(scf::ForOp loop, State &state);

  llvm::DenseMap<void *, int64_t> numbers; ///< of blocks and products
};

} // namespace

static unsigned of(Pipe pipe) { return static_cast<unsigned>(pipe); }

/// Who learns what a flag tells a pipe that waits: of the scalar unit all, for
/// what it hands out from there on comes behind.
static unsigned learnsFrom(unsigned to) {
  return to == of(Pipe::S) ? kAll : 1u << to;
}

static Use waitOf(const Key &key) {
  auto [from, to, event] = key;
  return {to, /*waits=*/true, false, from, event, event};
}

/// A new access: nobody knows of it yet, but the scalar unit of its own, and
/// the cube of a product of many fractals, which is over before the next
/// reaches it.
static void record(State &state, const Use &use, Operation *op) {
  for (auto &[key, pending] : state.pending)
    pending.tells.erase(use);
  auto mad = dyn_cast<MadOp>(op);
  bool goesInOrder = use.pipe == of(Pipe::S) || (mad && mad.isLong());
  state.uses[use] = {op, goesInOrder ? 1u << use.pipe : 0};
}

/// What holds on both ways.
static State meet(const State &a, const State &b) {
  State both = a;
  for (const auto &[use, known] : b.uses) {
    auto [it, isNew] = both.uses.insert({use, known});
    if (isNew)
      continue;
    Known &mine = it->second;
    unsigned self = 1u << use.pipe;
    mine.isOld = (mine.isOld && !(mine.by & self)) ||
                 (known.isOld && !(known.by & self));
    mine.by &= known.by;
  }
  // A flag tells of an access if it does on both ways, or where one way lacks
  // the access, or knows of it without the flag.
  auto keep = [](std::set<Use> &tells, const State &other,
                 const std::set<Use> &told, unsigned learns) {
    for (auto it = tells.begin(); it != tells.end();) {
      auto known = other.uses.find(*it);
      bool holds = known == other.uses.end() || told.count(*it) ||
                   (known->second.by & learns) == learns;
      it = holds ? std::next(it) : tells.erase(it);
    }
  };
  for (auto &[key, pending] : both.pending) {
    auto it = b.pending.find(key);
    if (it == b.pending.end()) {
      pending.always = false;
      continue;
    }
    const Pending &other = it->second;
    std::set<Use> more = other.tells;
    unsigned learns = learnsFrom(std::get<1>(key));
    keep(more, a, pending.tells, learns);
    keep(pending.tells, b, other.tells, learns);
    pending.tells.insert(more.begin(), more.end());
    pending.always &= other.always;
  }
  for (const auto &[key, pending] : b.pending)
    if (auto [it, isNew] = both.pending.insert({key, pending}); isNew)
      it->second.always = false;
  return both;
}

LogicalResult Proof::set(SetFlagOp op, State &state) {
  Key key{of(op.getFrom()), of(op.getTo()), op.getEvent()};
  if (auto it = state.pending.find(key); it != state.pending.end()) {
    InFlightDiagnostic error = op.emitOpError()
                               << "sets an event that is set already";
    error.attachNote(it->second.set->getLoc())
        << "here, and nothing has waited for it since; wait first, or take "
           "another event";
    return error;
  }
  unsigned from = of(op.getFrom());
  if (auto it = state.uses.find(waitOf(key));
      it != state.uses.end() && !(it->second.by & 1u << from)) {
    InFlightDiagnostic error = op.emitOpError() << "may set its event before "
                                                << stringifyPipe(op.getTo())
                                                << " has waited for it";
    error.attachNote(it->second.op->getLoc())
        << "here; nothing tells " << stringifyPipe(op.getFrom())
        << " of this wait; take another event";
    return error;
  }
  Pending pending{op, {}};
  for (const auto &[use, known] : state.uses)
    if (use.pipe == from || (known.by & 1u << from))
      pending.tells.insert(use);
  state.pending.insert({key, pending});
  return success();
}

LogicalResult Proof::wait(WaitFlagOp op, State &state) {
  Key key{of(op.getFrom()), of(op.getTo()), op.getEvent()};
  auto it = state.pending.find(key);
  if (it == state.pending.end() || !it->second.always)
    return op.emitOpError() << "waits for an event that nothing has set on a "
                               "way to here; set it on every way";
  unsigned learns = learnsFrom(of(op.getTo()));
  for (const Use &use : it->second.tells)
    if (auto known = state.uses.find(use); known != state.uses.end())
      known->second.by |= learns;
  state.pending.erase(it);
  record(state, waitOf(key), op);
  return success();
}

LogicalResult Proof::check(Operation *op, const Use &mine, const State &state) {
  for (const auto &[other, known] : state.uses) {
    if (!mine.meets(other) || (known.by & 1u << mine.pipe))
      continue;
    InFlightDiagnostic error = op->emitOpError()
                               << (mine.writes ? "writes" : "reads");
    if (mine.space == static_cast<int64_t>(kRegisters))
      error << " a register";
    else
      error << " bytes " << std::max(mine.first, other.first) << " to "
            << std::min(mine.end, other.end) << " of "
            << stringifySpace(static_cast<Space>(mine.space));
    error << " in pipe " << stringifyPipe(static_cast<Pipe>(mine.pipe))
          << ", which another instruction "
          << (other.writes ? "writes" : "reads") << "; nothing orders the two";
    error.attachNote(known.op->getLoc())
        << "here, in pipe " << stringifyPipe(static_cast<Pipe>(other.pipe))
        << (other.pipe == mine.pipe
                ? "; put a barrier of the pipe between them"
                : "; set a flag behind this one, and wait before the other");
    return error;
  }
  return success();
}

LogicalResult Proof::use(InstructionOpInterface op, State &state) {
  unsigned pipe = of(op.getPipe());
  void *place = op->getBlock();
  if (isa<MadOp>(op))
    place = op;
  int64_t number = numbers.try_emplace(place, numbers.size()).first->second;
  SmallVector<Use> mine;
  for (bool writes : {false, true})
    for (Value pointer : writes ? op.getWrites() : op.getReads()) {
      auto alloc = rootOf(pointer).getDefiningOp<AllocOp>();
      if (!alloc)
        continue; // GM
      if (!alloc.getAddress())
        return alloc.emitOpError() << "has no address; plan the memory first";
      auto space =
          static_cast<int64_t>(cast<PtrType>(alloc.getType()).getSpace());
      auto first = static_cast<int64_t>(*alloc.getAddress());
      mine.push_back({pipe, false, writes, space, first,
                      first + static_cast<int64_t>(alloc.getBytes()), number});
    }
  for (RegisterUse used : op.getRegisters()) {
    auto first = static_cast<int64_t>(used.which);
    mine.push_back({pipe, false, used.writes, static_cast<int64_t>(kRegisters),
                    first, first + 1});
  }
  for (const Use &one : mine)
    if (failed(check(op, one, state)))
      return failure();
  for (const Use &one : mine)
    record(state, one, op);
  return success();
}

/// A barrier that asks for sizes: where it does not stand, products of these
/// are over by themselves.
void Proof::meet(PipeBarrierOp op, State &state) {
  for (auto &[use, known] : state.uses)
    if (auto mad = dyn_cast<MadOp>(known.op); mad && !known.isOld &&
                                              mad.getM() == op.getM() &&
                                              mad.getN() == op.getN())
      known.by |= 1u << use.pipe;
}

/// Another iteration: what sizes were in the loop they may be no more.
void Proof::grow(scf::ForOp loop, State &state) {
  auto isOf = [&](Value value) {
    return loop.getRegion().isAncestor(value.getParentRegion());
  };
  for (auto &[use, known] : state.uses)
    if (auto mad = dyn_cast<MadOp>(known.op);
        mad && (isOf(mad.getM()) || isOf(mad.getN())))
      known.isOld |= !(known.by & 1u << use.pipe);
}

LogicalResult Proof::step(Operation &op, State &state) {
  if (auto flag = dyn_cast<SetFlagOp>(op))
    return set(flag, state);
  if (auto flag = dyn_cast<WaitFlagOp>(op))
    return wait(flag, state);
  if (auto barrier = dyn_cast<PipeBarrierOp>(op)) {
    if (!barrier.getSizes().empty())
      return meet(barrier, state), success();
    bool all = barrier.getOf() == Pipe::ALL;
    for (auto &[use, known] : state.uses)
      if (all || use.pipe == of(barrier.getOf()))
        known.by |= all ? kAll : 1u << use.pipe;
    return success();
  }
  if (auto one = dyn_cast<InstructionOpInterface>(op))
    return use(one, state);
  return success();
}

LogicalResult Proof::walk(Block &block, State &state) {
  for (Operation &op : block) {
    if (op.getNumRegions() == 0) {
      if (failed(step(op, state)))
        return failure();
    } else if (auto loop = dyn_cast<scf::ForOp>(op)) {
      for (bool changes = true; changes;) {
        State next = state;
        if (failed(walk(*loop.getBody(), next)))
          return failure();
        grow(loop, next);
        next = ::meet(state, next);
        changes = !(next == state);
        state = std::move(next);
      }
    } else if (auto choice = dyn_cast<scf::IfOp>(op)) {
      State other = state;
      if (failed(walk(*choice.thenBlock(), state)) ||
          (choice.elseBlock() && failed(walk(*choice.elseBlock(), other))))
        return failure();
      state = ::meet(state, other);
    } else {
      return op.emitOpError() << "is no loop and no choice that the order of "
                                 "instructions can be proved through";
    }
  }
  return success();
}

LogicalResult Proof::run(KernelOp kernel) {
  State state;
  if (failed(walk(kernel.getBody().front(), state)))
    return failure();
  if (state.pending.empty())
    return success();
  return state.pending.begin()->second.set->emitOpError()
         << "sets an event that is still set when the kernel ends; the next "
            "kernel would find it; wait for it";
}

LogicalResult cce::checkSync(KernelOp kernel) { return Proof().run(kernel); }
