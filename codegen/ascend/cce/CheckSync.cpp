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
//
// What the scalar unit waits for, and what it reads to decide where to go on,
// or what to hand out, is over before it hands out anything behind that: all
// pipes know of it.
//
// Every compile asks, of some kernels a hundred times: the kernel is read once,
// into steps whose accesses have numbers, and what holds is sets of these. What
// holds before each flag and barrier, and where blocks end, is kept: without a
// flag a kernel is ordered if it is from there to where all that is kept holds
// again, at the latest where the block ends, for what follows is as it was, and
// what a loop does is if what its iterations begin with is. Only where that
// fails for other reasons than two accesses, which whatever else is left out
// cannot order, the whole is walked.
#include "codegen/ascend/cce/SyncProof.h"

#include "codegen/ascend/cce/Memory.h"
#include "codegen/ascend/cce/Passes.h"
#include "codegen/ascend/cce/SyncState.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;
using namespace gemel::cce::sync;

namespace {

/// Where a flag or a barrier stands.
struct Site {
  const std::vector<Step> *steps;
  size_t index;
  const Step *parent; ///< null: the kernel
  bool isOther;       ///< of a choice its second branch
};

/// What holds, by places; of those that are left out it is not asked.
using Held = std::vector<std::optional<State>>;

/// All ways through a kernel.
class Walk {
public:
  Walk(const Steps &kernel, const llvm::BitVector &out, bool reports)
      : kernel(kernel), out(out), reports(reports) {}

  LogicalResult run();
  /// Whether, without steps from a site to a place, all that held before holds
  /// again from some place behind these on.
  bool rejoins(const Site &site, size_t last, const Held &before);

  /// Whether it failed for two accesses.
  bool isUnordered() const { return unordered; }
  /// What holds at the places that were passed; the last of one counts.
  std::vector<std::pair<size_t, State>> takeHeld() { return std::move(held); }

private:
  LogicalResult walk(ArrayRef<Step> steps, State &state);
  LogicalResult take(const Step &step, State &state);
  LogicalResult set(const Step &step, State &state);
  LogicalResult wait(const Step &step, State &state);
  LogicalResult access(const Step &step, State &state);
  LogicalResult end(const State &state) const;
  void hasRead(const Step &step, State &state) const;
  void record(const Step &step, unsigned use, State &state);
  void askSizes(PipeBarrierOp op, State &state);
  void grow(scf::ForOp loop, State &state);
  void hold(size_t place, const State &state) {
    if (!reports)
      held.push_back({place, state});
  }

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
  LogicalResult failAt(const Step &step, unsigned use, unsigned before,
                       const State &state);

  const Steps &kernel;
  const llvm::BitVector &out;
  bool reports, unordered = false;
  std::vector<std::pair<size_t, State>> held;
};

} // namespace

/// A new access: nobody knows of it yet, but its own pipe if that goes in
/// order.
void Walk::record(const Step &step, unsigned use, State &state) {
  state.forget(use);
  State::put(state.seen(), use);
  if (step.isInOrder)
    State::put(state.by(step.from), use);
  if (reports)
    state.latest[use] = step.op;
}

LogicalResult Walk::set(const Step &step, State &state) {
  State::Flag &flag = state.flags[step.flag];
  if (flag.set)
    return fail(step.op, "sets an event that is set already", flag.set,
                "here, and nothing has waited for it since; wait first, or "
                "take another event");
  unsigned wait = step.uses.front();
  if (State::has(state.seen(), wait) &&
      !State::has(state.by(step.from), wait)) {
    StringRef from = stringifyPipe(static_cast<Pipe>(step.from));
    StringRef to = stringifyPipe(static_cast<Pipe>(step.to));
    return fail(
        step.op, "may set its event before " + to + " has waited for it",
        reports ? state.latest[wait] : nullptr,
        "here; nothing tells " + from + " of this wait; take another event");
  }
  flag.set = step.op;
  const Word *own = &kernel.ofPipe[step.from * kernel.words];
  for (size_t w = 0; w < kernel.words; ++w)
    state.tells(step.flag)[w] =
        (own[w] & state.seen()[w]) | state.by(step.from)[w];
  return success();
}

LogicalResult Walk::wait(const Step &step, State &state) {
  State::Flag &flag = state.flags[step.flag];
  if (!flag.set || !flag.always)
    return fail(step.op, "waits for an event that nothing has set on a way to "
                         "here; set it on every way");
  Word *told = state.tells(step.flag);
  auto [first, end] = learnsFrom(step.to);
  for (size_t w = 0; w < kernel.words; ++w) {
    for (unsigned p = first; p < end; ++p)
      state.by(p)[w] |= told[w];
    told[w] = 0;
  }
  flag = {};
  record(step, step.uses.front(), state);
  for (unsigned p = first; p < end; ++p)
    State::put(state.by(p), step.uses.front());
  return success();
}

LogicalResult Walk::failAt(const Step &step, unsigned use, unsigned before,
                           const State &state) {
  unordered = true;
  if (!reports)
    return failure();
  const Use &here = kernel.uses[use], &other = kernel.uses[before];
  std::string what = here.writes ? "writes" : "reads";
  if (here.space == static_cast<int64_t>(kRegisters))
    what += " a register";
  else
    what += " bytes " + std::to_string(std::max(here.first, other.first)) +
            " to " + std::to_string(std::min(here.end, other.end)) + " of " +
            stringifySpace(static_cast<Space>(here.space)).str();
  what += " in pipe " + stringifyPipe(static_cast<Pipe>(here.pipe)).str() +
          ", which another instruction " + (other.writes ? "writes" : "reads") +
          "; nothing orders the two";
  return fail(
      step.op, what, state.latest[before],
      "here, in pipe " + stringifyPipe(static_cast<Pipe>(other.pipe)) +
          (other.pipe == here.pipe
               ? "; put a barrier of the pipe between them"
               : "; set a flag behind this one, and wait before the other"));
}

/// What the scalar unit has read is over for all that it hands out.
void Walk::hasRead(const Step &step, State &state) const {
  for (unsigned use : step.read)
    if (State::has(state.seen(), use))
      for (unsigned p = 0; p < kPipes; ++p)
        State::put(state.by(p), use);
}

LogicalResult Walk::access(const Step &step, State &state) {
  hasRead(step, state);
  const Word *known = state.by(step.from);
  for (unsigned use : step.uses) {
    const Word *meeting = &kernel.meeting[use * kernel.words];
    for (size_t w = 0; w < kernel.words; ++w)
      if (Word open = meeting[w] & state.seen()[w] & ~known[w])
        return failAt(step, use, w * kBits + llvm::countr_zero(open), state);
  }
  for (unsigned use : step.uses)
    record(step, use, state);
  return success();
}

/// A barrier that asks for sizes: where it does not stand, products of these
/// are over by themselves.
void Walk::askSizes(PipeBarrierOp op, State &state) {
  for (auto [use, mad] : kernel.products)
    if (State::has(state.seen(), use) && !State::has(state.old(), use) &&
        mad.getM() == op.getM() && mad.getN() == op.getN())
      State::put(state.by(of(Pipe::M)), use);
}

/// Another iteration: what sizes were in the loop they may be no more.
void Walk::grow(scf::ForOp loop, State &state) {
  auto isOf = [&](Value value) {
    return loop.getRegion().isAncestor(value.getParentRegion());
  };
  for (auto [use, mad] : kernel.products)
    if (State::has(state.seen(), use) && (isOf(mad.getM()) || isOf(mad.getN())))
      if (!State::has(state.by(of(Pipe::M)), use))
        State::put(state.old(), use);
}

LogicalResult Walk::take(const Step &step, State &state) {
  switch (step.kind) {
  case Step::Set:
    return set(step, state);
  case Step::Wait:
    return wait(step, state);
  case Step::Access:
    return access(step, state);
  case Step::AskSizes:
    askSizes(cast<PipeBarrierOp>(step.op), state);
    return success();
  case Step::Barrier:
    for (size_t w = 0; w < kernel.words; ++w)
      if (step.isAll)
        for (unsigned p = 0; p < kPipes; ++p)
          state.by(p)[w] = state.seen()[w];
      else
        state.by(step.from)[w] |=
            state.seen()[w] & kernel.ofPipe[step.from * kernel.words + w];
    return success();
  case Step::Loop: {
    if (auto runs = kernel.runs.find(step.op); runs != kernel.runs.end())
      for (auto [now, before] : runs->second)
        state.age(now, before);
    size_t before = held.size();
    for (bool changes = true; changes;) {
      held.erase(held.begin() + static_cast<int64_t>(before), held.end());
      hold(step.place, state);
      State next = state;
      if (failed(walk(step.body, next)))
        return failure();
      grow(cast<scf::ForOp>(step.op), next);
      State both = state;
      both.meet(next);
      changes = !(both == state);
      state = std::move(both);
    }
    return success();
  }
  case Step::Choice: {
    hasRead(step, state);
    State other = state;
    if (failed(walk(step.body, state)) || failed(walk(step.other, other)))
      return failure();
    hold(step.place, state);
    hold(step.place + 1, other);
    state.meet(other);
    return success();
  }
  case Step::Unknown:
    break;
  }
  return fail(step.op, "is no loop and no choice that the order of "
                       "instructions can be proved through");
}

LogicalResult Walk::walk(ArrayRef<Step> steps, State &state) {
  for (const Step &step : steps) {
    if (step.isSync()) {
      if (out.test(step.place))
        continue;
      hold(step.place, state);
    }
    if (failed(take(step, state)))
      return failure();
  }
  return success();
}

LogicalResult Walk::end(const State &state) const {
  for (const State::Flag &flag : state.flags)
    if (flag.set)
      return fail(flag.set, "sets an event that is still set when the kernel "
                            "ends; the next kernel would find it; wait for it");
  return success();
}

LogicalResult Walk::run() {
  held.clear();
  State state(kernel, reports);
  return success(succeeded(walk(kernel.steps, state)) && succeeded(end(state)));
}

bool Walk::rejoins(const Site &site, size_t last, const Held &before) {
  ArrayRef<Step> rest = ArrayRef(*site.steps).drop_front(site.index);
  State state = *before[rest.front().place];
  size_t passed = 0;
  for (const Step &step : rest) {
    // It is asked less often the farther away.
    if (step.isSync() && !out.test(step.place) && step.place > last &&
        llvm::isPowerOf2_64(++passed) && before[step.place]->holdsIn(state))
      return true;
    if (failed(walk(step, state)))
      return false;
  }
  if (!site.parent)
    return succeeded(end(state));
  size_t place = site.parent->place + site.isOther;
  if (site.parent->kind == Step::Loop)
    grow(cast<scf::ForOp>(site.parent->op), state);
  return before[place]->holdsIn(state);
}

//===----------------------------------------------------------------------===//
// What may be left out
//===----------------------------------------------------------------------===//

struct SyncProof::Kernel {
  Steps steps;
  llvm::BitVector out; ///< by places
  Held held;           ///< before each place, if it holds
  llvm::DenseMap<Operation *, Site> sites;

  void find(const std::vector<Step> &block, const Step *parent, bool isOther) {
    for (auto [i, step] : llvm::enumerate(block)) {
      if (step.isSync())
        sites[step.op] = {&block, i, parent, isOther};
      find(step.body, &step, /*isOther=*/false);
      find(step.other, &step, /*isOther=*/true);
    }
  }
  unsigned placeOf(Operation *op) const {
    const Site &site = sites.find(op)->second;
    return static_cast<unsigned>((*site.steps)[site.index].place);
  }
  void take(std::vector<std::pair<size_t, State>> &&states) {
    for (auto &[place, state] : states)
      held[place] = std::move(state);
  }
};

SyncProof::SyncProof(KernelOp op) : kernel(std::make_unique<Kernel>()) {
  if (failed(kernel->steps.read(op))) {
    kernel.reset();
    return;
  }
  kernel->out.resize(static_cast<unsigned>(kernel->steps.places));
  kernel->held.resize(kernel->steps.places);
  kernel->find(kernel->steps.steps, /*parent=*/nullptr, /*isOther=*/false);
}

SyncProof::~SyncProof() = default;

LogicalResult SyncProof::holds(bool reports) {
  if (!kernel)
    return failure();
  Walk walk(kernel->steps, kernel->out, reports);
  if (failed(walk.run()))
    return failure();
  kernel->take(walk.takeHeld());
  return success();
}

SyncProof::Answer SyncProof::leaveOut(ArrayRef<Operation *> ops) {
  for (Operation *op : ops)
    kernel->out.set(kernel->placeOf(op));
  Walk walk(kernel->steps, kernel->out, /*reports=*/false);
  bool holds = walk.rejoins(kernel->sites.find(ops.front())->second,
                            kernel->placeOf(ops.back()), kernel->held);
  // Where ways come around with less they may do with less.
  if (!holds && !walk.isUnordered())
    holds = succeeded(walk.run());
  if (holds) {
    kernel->take(walk.takeHeld());
    return Answer::LeftOut;
  }
  for (Operation *op : ops)
    kernel->out.reset(kernel->placeOf(op));
  return walk.isUnordered() ? Answer::Needed : Answer::NeededWithRest;
}

LogicalResult cce::checkSync(KernelOp kernel) {
  return SyncProof(kernel).holds(/*reports=*/true);
}
