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
#include "codegen/ascend/cce/SyncProof.h"

#include "codegen/ascend/cce/Memory.h"
#include "codegen/ascend/cce/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

#include <map>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;
using llvm::BitVector;

static unsigned of(Pipe pipe) { return static_cast<unsigned>(pipe); }

/// Who learns what a flag tells a pipe that waits: of the scalar unit all, for
/// what it hands out from there on comes behind.
static std::pair<unsigned, unsigned> learnsFrom(unsigned to) {
  return to == of(Pipe::S) ? std::pair(0u, kPipes) : std::pair(to, to + 1);
}

//===----------------------------------------------------------------------===//
// What a kernel does
//===----------------------------------------------------------------------===//

bool SyncProof::Use::operator<(const Use &o) const {
  return std::tie(pipe, waits, writes, space, first, end, place) <
         std::tie(o.pipe, o.waits, o.writes, o.space, o.first, o.end, o.place);
}

bool SyncProof::Use::meets(const Use &o) const {
  return !waits && !o.waits && (writes || o.writes) && space == o.space &&
         first < o.end && o.first < end;
}

/// The accesses of an instruction; places are numbered as they come.
static LogicalResult collect(InstructionOpInterface op,
                             llvm::DenseMap<void *, int64_t> &places,
                             SmallVectorImpl<SyncProof::Use> &into) {
  unsigned pipe = of(op.getPipe());
  void *place = op->getBlock();
  if (isa<MadOp>(op))
    place = op;
  int64_t number = places.try_emplace(place, places.size()).first->second;
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
      into.push_back({pipe, false, writes, space, first,
                      first + static_cast<int64_t>(alloc.getBytes()), number});
    }
  for (RegisterUse used : op.getRegisters()) {
    auto first = static_cast<int64_t>(used.which);
    into.push_back({pipe, false, used.writes, static_cast<int64_t>(kRegisters),
                    first, first + 1});
  }
  return success();
}

/// The wait for an event, as an access.
template <typename Flag>
static SyncProof::Use waitOf(Flag flag) {
  unsigned to = of(flag.getTo());
  auto event = static_cast<int64_t>(flag.getEvent());
  return {to, /*waits=*/true, false, of(flag.getFrom()), event, event};
}

SyncProof::SyncProof(KernelOp kernel) : kernel(kernel) {
  llvm::DenseMap<void *, int64_t> places;
  std::vector<std::pair<Operation *, SmallVector<Use>>> found;
  isKnown = !kernel
                 .walk<WalkOrder::PreOrder>([&](Operation *op) {
                   SmallVector<Use> mine;
                   if (auto set = dyn_cast<SetFlagOp>(op))
                     mine.push_back(waitOf(set));
                   else if (auto wait = dyn_cast<WaitFlagOp>(op))
                     mine.push_back(waitOf(wait));
                   else if (auto one = dyn_cast<InstructionOpInterface>(op))
                     if (failed(collect(one, places, mine)))
                       return WalkResult::interrupt();
                   uses.insert(uses.end(), mine.begin(), mine.end());
                   found.push_back({op, std::move(mine)});
                   return WalkResult::advance();
                 })
                 .wasInterrupted();
  llvm::sort(uses);
  uses.erase(
      llvm::unique(uses, [](const Use &a,
                            const Use &b) { return !(a < b) && !(b < a); }),
      uses.end());
  for (auto &[op, mine] : found)
    for (const Use &use : mine)
      numbers[op].push_back(llvm::lower_bound(uses, use) - uses.begin());
  ofPipe.assign(kPipes, BitVector(uses.size()));
  meeting.assign(uses.size(), BitVector(uses.size()));
  for (auto [i, use] : llvm::enumerate(uses)) {
    ofPipe[use.pipe].set(i);
    for (auto [j, other] : llvm::enumerate(uses))
      if (use.meets(other))
        meeting[i].set(j);
  }
}

//===----------------------------------------------------------------------===//
// What holds at a place of the kernel
//===----------------------------------------------------------------------===//

namespace {

/// A flag that is set, on every way or on some.
struct Pending {
  Operation *set;
  BitVector tells;
  bool always = true;
  bool operator==(const Pending &o) const {
    return set == o.set && tells == o.tells && always == o.always;
  }
};

/// Sets of accesses, by their numbers.
struct State {
  explicit State(size_t uses) : seen(uses), old(uses), latest(uses, nullptr) {
    by.fill(BitVector(uses));
  }
  bool operator==(const State &o) const {
    return seen == o.seen && by == o.by && old == o.old && pending == o.pending;
  }

  BitVector seen;
  std::array<BitVector, kPipes> by; ///< of each pipe: it knows these to be over
  BitVector old; ///< products of sizes of an iteration before; not `by` its own
  std::vector<Operation *> latest;     ///< of each that was seen
  std::map<unsigned, Pending> pending; ///< by the number of its wait
};

/// A way through the kernel, or all ways.
class Walk {
public:
  Walk(const SyncProof &proof, const SyncProof::Ops &without, bool reports)
      : proof(proof), without(without), reports(reports) {}

  LogicalResult run(KernelOp kernel);

private:
  LogicalResult walk(Block &block, State &state);
  LogicalResult step(Operation &op, State &state);
  LogicalResult set(SetFlagOp op, State &state);
  LogicalResult wait(WaitFlagOp op, State &state);
  LogicalResult use(InstructionOpInterface op, State &state);
  void record(State &state, unsigned use, Operation *op);
  void meet(PipeBarrierOp op, State &state);
  void grow(scf::ForOp loop, State &state);
  State meet(const State &a, const State &b);

  /// A failure, with a report and a note if these are wanted.
  LogicalResult fail(Operation *op, const llvm::Twine &what,
                     Operation *other = nullptr,
                     const llvm::Twine &note = "") const {
    if (reports) {
      InFlightDiagnostic error = op->emitOpError() << what;
      if (other)
        error.attachNote(other->getLoc()) << note;
    }
    return failure();
  }

  const SyncProof &proof;
  const SyncProof::Ops &without;
  bool reports;
};

} // namespace

/// A new access: nobody knows of it yet, but the scalar unit of its own, and
/// the cube of a product of many fractals, which is over before the next
/// reaches it.
void Walk::record(State &state, unsigned use, Operation *op) {
  for (auto &[key, pending] : state.pending)
    pending.tells.reset(use);
  state.seen.set(use);
  state.old.reset(use);
  for (BitVector &known : state.by)
    known.reset(use);
  unsigned pipe = proof[use].pipe;
  auto mad = dyn_cast<MadOp>(op);
  if (pipe == of(Pipe::S) || (mad && mad.isLong()))
    state.by[pipe].set(use);
  state.latest[use] = op;
}

static BitVector inverse(BitVector of) { return of.flip(); }
static BitVector common(BitVector a, const BitVector &b) { return a &= b; }

/// What holds on both ways.
State Walk::meet(const State &a, const State &b) {
  State both = a;
  both.seen |= b.seen;
  for (size_t use : b.seen.set_bits())
    if (!a.seen[use])
      both.latest[use] = b.latest[use];
  BitVector notA = inverse(a.seen), notB = inverse(b.seen);
  for (unsigned p = 0; p < kPipes; ++p) {
    // On both ways, or on the only one that has it.
    both.by[p] &= b.by[p];
    both.by[p] |= common(a.by[p], notB);
    both.by[p] |= common(b.by[p], notA);
  }
  const unsigned cube = of(Pipe::M);
  BitVector old = b.old;
  old.reset(b.by[cube]);
  both.old.reset(a.by[cube]);
  both.old |= old;
  // A flag tells of an access if it does on both ways, or where one way lacks
  // the access, or knows of it without the flag.
  auto holds = [&](const State &way, const BitVector &told, unsigned to) {
    auto [first, end] = learnsFrom(to);
    BitVector those = way.by[first];
    for (unsigned p = first + 1; p < end; ++p)
      those &= way.by[p];
    those |= told;
    those |= &way == &a ? notA : notB;
    return those;
  };
  for (auto &[key, pending] : both.pending) {
    auto it = b.pending.find(key);
    if (it == b.pending.end()) {
      pending.always = false;
      continue;
    }
    const Pending &other = it->second;
    unsigned to = proof[key].pipe;
    BitVector more = common(other.tells, holds(a, pending.tells, to));
    pending.tells &= holds(b, other.tells, to);
    pending.tells |= more;
    pending.always &= other.always;
  }
  for (const auto &[key, pending] : b.pending)
    if (auto [it, isNew] = both.pending.insert({key, pending}); isNew)
      it->second.always = false;
  return both;
}

LogicalResult Walk::set(SetFlagOp op, State &state) {
  unsigned key = proof.usesOf(op).front(), from = of(op.getFrom());
  if (auto it = state.pending.find(key); it != state.pending.end())
    return fail(op, "sets an event that is set already", it->second.set,
                "here, and nothing has waited for it since; wait first, or "
                "take another event");
  if (state.seen[key] && !state.by[from][key])
    return fail(op,
                "may set its event before " + stringifyPipe(op.getTo()) +
                    " has waited for it",
                state.latest[key],
                "here; nothing tells " + stringifyPipe(op.getFrom()) +
                    " of this wait; take another event");
  BitVector tells = proof.allOf(from);
  tells |= state.by[from];
  tells &= state.seen;
  state.pending.insert({key, {op, std::move(tells)}});
  return success();
}

LogicalResult Walk::wait(WaitFlagOp op, State &state) {
  unsigned key = proof.usesOf(op).front();
  auto it = state.pending.find(key);
  if (it == state.pending.end() || !it->second.always)
    return fail(op, "waits for an event that nothing has set on a way to here; "
                    "set it on every way");
  auto [first, end] = learnsFrom(of(op.getTo()));
  for (unsigned p = first; p < end; ++p)
    state.by[p] |= it->second.tells;
  state.pending.erase(it);
  record(state, key, op);
  return success();
}

LogicalResult Walk::use(InstructionOpInterface op, State &state) {
  unsigned pipe = of(op.getPipe());
  ArrayRef<unsigned> mine = proof.usesOf(op);
  for (unsigned one : mine) {
    BitVector open = common(proof.thoseThatMeet(one), state.seen);
    open.reset(state.by[pipe]);
    int which = open.find_first();
    if (which < 0)
      continue;
    const SyncProof::Use &here = proof[one], &other = proof[which];
    std::string what = here.writes ? "writes" : "reads";
    if (here.space == static_cast<int64_t>(kRegisters))
      what += " a register";
    else
      what += " bytes " + std::to_string(std::max(here.first, other.first)) +
              " to " + std::to_string(std::min(here.end, other.end)) + " of " +
              stringifySpace(static_cast<Space>(here.space)).str();
    what += " in pipe " + stringifyPipe(static_cast<Pipe>(pipe)).str() +
            ", which another instruction " +
            (other.writes ? "writes" : "reads") + "; nothing orders the two";
    return fail(
        op, what, state.latest[which],
        "here, in pipe " + stringifyPipe(static_cast<Pipe>(other.pipe)) +
            (other.pipe == pipe
                 ? "; put a barrier of the pipe between them"
                 : "; set a flag behind this one, and wait before the other"));
  }
  for (unsigned one : mine)
    record(state, one, op);
  return success();
}

/// A barrier that asks for sizes: where it does not stand, products of these
/// are over by themselves.
void Walk::meet(PipeBarrierOp op, State &state) {
  BitVector &known = state.by[of(Pipe::M)];
  for (unsigned use : state.seen.set_bits())
    if (auto mad = dyn_cast<MadOp>(state.latest[use]);
        mad && !state.old[use] && mad.getM() == op.getM() &&
        mad.getN() == op.getN())
      known.set(use);
}

/// Another iteration: what sizes were in the loop they may be no more.
void Walk::grow(scf::ForOp loop, State &state) {
  auto isOf = [&](Value value) {
    return loop.getRegion().isAncestor(value.getParentRegion());
  };
  for (unsigned use : state.seen.set_bits())
    if (auto mad = dyn_cast<MadOp>(state.latest[use]);
        mad && (isOf(mad.getM()) || isOf(mad.getN())) &&
        !state.by[of(Pipe::M)][use])
      state.old.set(use);
}

LogicalResult Walk::step(Operation &op, State &state) {
  if (without.contains(&op))
    return success();
  if (auto flag = dyn_cast<SetFlagOp>(op))
    return set(flag, state);
  if (auto flag = dyn_cast<WaitFlagOp>(op))
    return wait(flag, state);
  if (auto barrier = dyn_cast<PipeBarrierOp>(op)) {
    if (!barrier.getSizes().empty())
      return meet(barrier, state), success();
    unsigned pipe = of(barrier.getOf());
    if (barrier.getOf() == Pipe::ALL)
      state.by.fill(state.seen);
    else
      state.by[pipe] |= common(proof.allOf(pipe), state.seen);
    return success();
  }
  if (auto one = dyn_cast<InstructionOpInterface>(op))
    return use(one, state);
  return success();
}

LogicalResult Walk::walk(Block &block, State &state) {
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
        next = meet(state, next);
        changes = !(next == state);
        state = std::move(next);
      }
    } else if (auto choice = dyn_cast<scf::IfOp>(op)) {
      State other = state;
      if (failed(walk(*choice.thenBlock(), state)) ||
          (choice.elseBlock() && failed(walk(*choice.elseBlock(), other))))
        return failure();
      state = meet(state, other);
    } else {
      return fail(&op, "is no loop and no choice that the order of "
                       "instructions can be proved through");
    }
  }
  return success();
}

LogicalResult Walk::run(KernelOp kernel) {
  State state(proof.size());
  if (failed(walk(kernel.getBody().front(), state)))
    return failure();
  if (state.pending.empty())
    return success();
  return fail(state.pending.begin()->second.set,
              "sets an event that is still set when the kernel ends; the next "
              "kernel would find it; wait for it");
}

LogicalResult SyncProof::holds(const Ops &without, bool reports) const {
  return success(isKnown &&
                 succeeded(Walk(*this, without, reports).run(kernel)));
}

LogicalResult cce::checkSync(KernelOp kernel) {
  return SyncProof(kernel).holds({}, /*reports=*/true);
}
