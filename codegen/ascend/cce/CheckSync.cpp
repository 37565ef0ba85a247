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
// into steps whose accesses have numbers, and what holds is sets of these.
#include "codegen/ascend/cce/SyncProof.h"

#include "codegen/ascend/cce/Memory.h"
#include "codegen/ascend/cce/Passes.h"
#include "codegen/ascend/cce/Reach.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

#include <map>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

namespace {

constexpr unsigned kPipes = 7; // S to FIX

unsigned of(Pipe pipe) { return static_cast<unsigned>(pipe); }

/// What a pipe does to bytes of a memory: of its kind in a block the latest
/// counts, for what is behind that is behind those before it, too. Blocks are
/// apart, so that what a loop does never takes the place of what came before
/// it; so are products, for their sizes. Or a pipe's wait for an event.
struct Use {
  unsigned pipe;
  bool waits, writes;
  int64_t space, first, end; ///< bytes; of a wait its pipe and event
  int64_t place = -1;        ///< the block's number, or the product's

  auto all() const {
    return std::tie(pipe, waits, writes, space, first, end, place);
  }
  bool operator<(const Use &o) const { return all() < o.all(); }
  bool operator==(const Use &o) const { return all() == o.all(); }
  bool meets(const Use &o) const {
    return !waits && !o.waits && (writes || o.writes) && space == o.space &&
           first < o.end && o.first < end;
  }
};

struct Step {
  enum Kind { Set, Wait, Barrier, AskSizes, Access, Loop, Choice, Unknown };
  Kind kind = Unknown;
  Operation *op = nullptr;
  unsigned from = 0, to = 0;       ///< pipes of a flag; of an access `from`
  unsigned flag = 0;               ///< its number
  SmallVector<unsigned, 4> uses{}; ///< of a flag its wait
  SmallVector<unsigned, 1> read{}; ///< what the scalar unit has read by then
  bool isInOrder = false; ///< over before what its pipe does next begins
  bool isAll = false;     ///< a barrier of all pipes
  std::vector<Step> body{}, other{};
};

using Word = uint64_t;
constexpr size_t kBits = 64;

} // namespace

/// Who learns what a flag tells a pipe that waits: of the scalar unit all, for
/// what it hands out from there on comes behind.
static std::pair<unsigned, unsigned> learnsFrom(unsigned to) {
  return to == of(Pipe::S) ? std::pair(0u, kPipes) : std::pair(to, to + 1);
}

//===----------------------------------------------------------------------===//
// A kernel's steps
//===----------------------------------------------------------------------===//

class SyncProof::Course {
public:
  LogicalResult read(KernelOp kernel);

  std::vector<Step> steps;
  std::vector<Use> uses;                            ///< in order, each once
  SmallVector<std::pair<unsigned, unsigned>> flags; ///< pipes of each
  size_t words = 0;                                 ///< of a set of uses
  /// Sets of uses: of each pipe, and those that meet one.
  std::vector<Word> ofPipe, meeting;
  /// Of a product its op, of an iteration before or not.
  SmallVector<std::pair<unsigned, MadOp>> products;

private:
  FailureOr<std::vector<Step>> read(Block &block);
  LogicalResult read(InstructionOpInterface op, Step &step);
  template <typename Flag>
  void readFlag(Flag op, Step &step);
  void number(std::vector<Step> &steps);
  void findRead(Block &block, std::vector<Step> &steps);

  std::optional<Reaches> reaches;
  /// The uses of each step, before they have numbers; by what they are then.
  std::vector<Use> found;
  llvm::DenseMap<void *, int64_t> places;
  std::map<std::tuple<unsigned, unsigned, int64_t>, unsigned> events;
};

LogicalResult SyncProof::Course::read(InstructionOpInterface op, Step &step) {
  unsigned pipe = of(op.getPipe());
  auto mad = dyn_cast<MadOp>(*op);
  void *place = mad ? static_cast<void *>(op) : op->getBlock();
  int64_t number = places.try_emplace(place, places.size()).first->second;
  step.kind = Step::Access;
  step.from = pipe;
  step.isInOrder = pipe == of(Pipe::S) || (mad && mad.isLong());
  auto add = [&](const Use &use) {
    step.uses.push_back(found.size());
    found.push_back(use);
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
      Reach reach = reaches->of(op, pointer);
      add({pipe, false, writes, space, begin + reach.first, begin + reach.end,
           number});
    }
  for (RegisterUse used : op.getRegisters()) {
    auto first = static_cast<int64_t>(used.which);
    add({pipe, false, used.writes, static_cast<int64_t>(kRegisters), first,
         first + 1});
  }
  return success();
}

template <typename Flag>
void SyncProof::Course::readFlag(Flag op, Step &step) {
  step.from = of(op.getFrom());
  step.to = of(op.getTo());
  auto event = static_cast<int64_t>(op.getEvent());
  auto [known, isNew] =
      events.try_emplace({step.from, step.to, event}, events.size());
  step.flag = known->second;
  if (isNew)
    flags.push_back({step.from, step.to});
  step.uses.push_back(found.size());
  found.push_back({step.to, /*waits=*/true, false, step.from, event, event});
}

FailureOr<std::vector<Step>> SyncProof::Course::read(Block &block) {
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
  findRead(block, steps);
  return steps;
}

/// What a choice's condition or an instruction's operands are loaded from, if
/// all that the block loads from there is over by then: is what this op or one
/// before it needs or, of a loop's iteration before, one behind it.
void SyncProof::Course::findRead(Block &block, std::vector<Step> &steps) {
  struct Loaded {
    LoadOp load;
    Operation *needs; ///< the first op that does
    SmallVector<unsigned, 4> uses;
  };
  llvm::MapVector<Operation *, Loaded> all;
  for (auto load : block.getOps<LoadOp>()) {
    Step own;
    if (succeeded(read(cast<InstructionOpInterface>(*load), own)))
      all[load] = {load, nullptr, own.uses};
  }
  if (all.empty())
    return;
  for (Step &step : steps) {
    if (!isa<scf::IfOp, InstructionOpInterface>(step.op))
      continue;
    for (LoadOp load : loadsDeciding(step.op))
      if (Operation *&needs = all[load].needs; !needs)
        needs = step.op;
  }
  for (Step &step : steps) {
    auto isOpen = [&](const Loaded &other, unsigned use) {
      bool isHere = llvm::any_of(
          other.uses, [&](unsigned its) { return found[its] == found[use]; });
      return isHere &&
             (!other.needs || (other.load->isBeforeInBlock(step.op) &&
                               step.op->isBeforeInBlock(other.needs)));
    };
    for (auto &[op, loaded] : all)
      if (loaded.needs == step.op)
        for (unsigned use : loaded.uses)
          if (llvm::none_of(
                  all, [&](auto &other) { return isOpen(other.second, use); }))
            step.read.push_back(use);
  }
}

/// Numbers of uses in place of where they were found.
void SyncProof::Course::number(std::vector<Step> &steps) {
  for (Step &step : steps) {
    for (unsigned &use : llvm::concat<unsigned>(step.uses, step.read))
      use = llvm::lower_bound(uses, found[use]) - uses.begin();
    if (step.kind == Step::Access)
      if (auto mad = dyn_cast<MadOp>(step.op))
        for (unsigned use : step.uses)
          products.push_back({use, mad});
    number(step.body);
    number(step.other);
  }
}

LogicalResult SyncProof::Course::read(KernelOp kernel) {
  reaches.emplace(kernel);
  FailureOr<std::vector<Step>> all = read(kernel.getBody().front());
  if (failed(all))
    return failure();
  steps = std::move(*all);
  uses = found;
  llvm::sort(uses);
  uses.erase(llvm::unique(uses), uses.end());
  number(steps);
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

//===----------------------------------------------------------------------===//
// What holds at a place of the kernel
//===----------------------------------------------------------------------===//

namespace {

/// Sets of accesses, one behind the other: those that were seen; products of
/// sizes of an iteration before, which the cube does not know to be over; of
/// each pipe those that it does; of each flag that is set what it tells.
class State {
public:
  explicit State(const SyncProof::Course &course, bool reports)
      : words(course.words), sets((kTells + course.flags.size()) * words, 0),
        flags(course.flags.size()), latest(reports ? course.uses.size() : 0),
        course(&course) {}

  /// A flag that is set, on every way or on some; or is not.
  struct Flag {
    Operation *set = nullptr;
    bool always = true;
    bool operator==(const Flag &o) const {
      return set == o.set && always == o.always;
    }
  };

  bool operator==(const State &o) const {
    return sets == o.sets && flags == o.flags;
  }

  Word *seen() { return sets.data(); }
  Word *old() { return sets.data() + words; }
  Word *by(unsigned pipe) { return sets.data() + (kBy + pipe) * words; }
  Word *tells(unsigned flag) { return sets.data() + (kTells + flag) * words; }
  const Word *seen() const { return sets.data(); }
  const Word *by(unsigned pipe) const {
    return sets.data() + (kBy + pipe) * words;
  }
  const Word *tells(unsigned flag) const {
    return sets.data() + (kTells + flag) * words;
  }
  static bool has(const Word *set, unsigned use) {
    return set[use / kBits] >> use % kBits & 1;
  }
  static void put(Word *set, unsigned use) {
    set[use / kBits] |= Word(1) << use % kBits;
  }
  /// Nobody knows of it, and no flag tells of it.
  void forget(unsigned use) {
    for (size_t at = use / kBits; at < sets.size(); at += words)
      sets[at] &= ~(Word(1) << use % kBits);
  }
  /// What holds on this way and on another.
  void meet(const State &other);

  size_t words;
  std::vector<Word> sets;
  SmallVector<Flag> flags;
  std::vector<Operation *> latest; ///< of each use, where reports are wanted

private:
  const SyncProof::Course *course;
  static constexpr size_t kBy = 2, kTells = kBy + kPipes;
};

/// All ways through a kernel.
class Walk {
public:
  Walk(const SyncProof::Course &course, const SyncProof::Ops &without,
       bool reports)
      : course(course), without(without), reports(reports) {}

  LogicalResult run();

private:
  LogicalResult walk(ArrayRef<Step> steps, State &state);
  LogicalResult take(const Step &step, State &state);
  LogicalResult set(const Step &step, State &state);
  LogicalResult wait(const Step &step, State &state);
  LogicalResult access(const Step &step, State &state);
  void hasRead(const Step &step, State &state) const;
  void record(const Step &step, unsigned use, State &state);
  void askSizes(PipeBarrierOp op, State &state);
  void grow(scf::ForOp loop, State &state);

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
                       const State &state) const;

  const SyncProof::Course &course;
  const SyncProof::Ops &without;
  bool reports;
};

} // namespace

void State::meet(const State &other) {
  for (unsigned use = 0; use < latest.size(); ++use)
    if (!has(seen(), use))
      latest[use] = other.latest[use];
  for (size_t w = 0; w < words; ++w) {
    Word mine = seen()[w], theirs = other.seen()[w];
    // A flag tells of an access if it does on both ways, or where one way lacks
    // the access, or knows of it without the flag.
    for (unsigned flag = 0; flag < flags.size(); ++flag) {
      Word &told = tells(flag)[w], toldThere = other.tells(flag)[w];
      if (!flags[flag].set || !other.flags[flag].set) {
        told |= toldThere;
        continue;
      }
      auto [first, end] = learnsFrom(course->flags[flag].second);
      Word known = ~Word(0), knownThere = ~Word(0);
      for (unsigned p = first; p < end; ++p) {
        known &= by(p)[w];
        knownThere &= other.by(p)[w];
      }
      told = (told & (toldThere | ~theirs | knownThere)) |
             (toldThere & (told | ~mine | known));
    }
    const unsigned cube = of(Pipe::M);
    old()[w] = (old()[w] & ~by(cube)[w]) |
               (other.sets[words + w] & ~other.by(cube)[w]);
    // On both ways, or on the only one that has it.
    for (unsigned p = 0; p < kPipes; ++p) {
      Word &known = by(p)[w], knownThere = other.by(p)[w];
      known = (known & knownThere) | (known & ~theirs) | (knownThere & ~mine);
    }
    seen()[w] |= theirs;
  }
  for (auto [flag, there] : llvm::zip_equal(flags, other.flags)) {
    if (!flag.set && !there.set)
      continue;
    flag.always = flag.set && there.set && flag.always && there.always;
    if (!flag.set)
      flag.set = there.set;
  }
}

//===----------------------------------------------------------------------===//
// All ways
//===----------------------------------------------------------------------===//

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
  const Word *own = &course.ofPipe[step.from * course.words];
  for (size_t w = 0; w < course.words; ++w)
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
  for (size_t w = 0; w < course.words; ++w) {
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
                           const State &state) const {
  if (!reports)
    return failure();
  const Use &here = course.uses[use], &other = course.uses[before];
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
    const Word *meeting = &course.meeting[use * course.words];
    for (size_t w = 0; w < course.words; ++w)
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
  for (auto [use, mad] : course.products)
    if (State::has(state.seen(), use) && !State::has(state.old(), use) &&
        mad.getM() == op.getM() && mad.getN() == op.getN())
      State::put(state.by(of(Pipe::M)), use);
}

/// Another iteration: what sizes were in the loop they may be no more.
void Walk::grow(scf::ForOp loop, State &state) {
  auto isOf = [&](Value value) {
    return loop.getRegion().isAncestor(value.getParentRegion());
  };
  for (auto [use, mad] : course.products)
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
    for (size_t w = 0; w < course.words; ++w)
      if (step.isAll)
        for (unsigned p = 0; p < kPipes; ++p)
          state.by(p)[w] = state.seen()[w];
      else
        state.by(step.from)[w] |=
            state.seen()[w] & course.ofPipe[step.from * course.words + w];
    return success();
  case Step::Loop:
    for (bool changes = true; changes;) {
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
  case Step::Choice: {
    hasRead(step, state);
    State other = state;
    if (failed(walk(step.body, state)) || failed(walk(step.other, other)))
      return failure();
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
  for (const Step &step : steps)
    if (!without.contains(step.op) && failed(take(step, state)))
      return failure();
  return success();
}

LogicalResult Walk::run() {
  State state(course, reports);
  if (failed(walk(course.steps, state)))
    return failure();
  for (const State::Flag &flag : state.flags)
    if (flag.set)
      return fail(flag.set, "sets an event that is still set when the kernel "
                            "ends; the next kernel would find it; wait for it");
  return success();
}

SyncProof::SyncProof(KernelOp kernel) : course(std::make_unique<Course>()) {
  if (failed(course->read(kernel)))
    course.reset();
}

SyncProof::~SyncProof() = default;

LogicalResult SyncProof::holds(const Ops &without, bool reports) const {
  return success(course && succeeded(Walk(*course, without, reports).run()));
}

LogicalResult cce::checkSync(KernelOp kernel) {
  return SyncProof(kernel).holds({}, /*reports=*/true);
}
