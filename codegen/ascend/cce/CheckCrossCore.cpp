// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Proves the order of a mixed kernel's three cores: the cube core of a group
// and its two vector cores. What a core does by itself is CheckSync's.
//
// Courses (Course.h) say what each core tells, waits for and does to memory
// that both sides use, for every launch. The three go through them together,
// one tile after the other, with what holds: which accesses there were, and for
// each the cores that know it to be over; which flags are set, and what each of
// them tells. A core's k-th wait for a flag goes with the k-th time that it has
// been told of it, whichever core is fast: so one order of the three shows for
// all orders who knows of what. An access that meets another core's, one of
// them a write, has to know of it.
//
// After every number of tiles the kernel may end, and is led to its end from
// there: no flag may be left. When what holds before a tile is what held a
// period earlier, in the steady part of the courses, all that is to come has
// been seen, and it is proved for any number of tiles. That is bound to happen:
// of each array, pipe and range only the latest access counts, for what is
// behind it is behind those before it, and a flag counts to 15.
//
// A flag tells of all that is before in its pipe, of what its core's scalar
// unit knew when it handed it out, and of no other pipe's work, though in-core
// flags may order it; a barrier of all pipes does for those. Memory that only
// one side uses, or nobody writes, needs no order here: arrays of a launch do
// not overlap, and vector cores share their own among them as any two blocks.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/cce/Course.h"
#include "codegen/ascend/cce/Passes.h"

#include <array>
#include <map>
#include <numeric>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

namespace {

constexpr unsigned kCores = 3; // the cube core, two vector cores
constexpr size_t kFlags = ascend::kCrossFlags;
constexpr int64_t kMost = ascend::kMostCrossSignals;

/// How many waits of each core, for each flag.
using Counts = std::array<std::array<int64_t, kFlags>, kCores>;

struct Use {
  unsigned core, pipe;
  bool writes;
  unsigned array;
  int64_t first, end; ///< bytes of the group's part
  auto all() const { return std::tie(core, pipe, writes, array, first, end); }
  bool operator<(const Use &o) const { return all() < o.all(); }
  bool operator==(const Use &o) const { return all() == o.all(); }
  bool meets(const Use &o) const {
    return (writes || o.writes) && array == o.array && first < o.end &&
           o.first < end && (core != o.core || pipe != o.pipe);
  }
};

struct Known {
  Operation *op;
  unsigned by; ///< a bit for each core that knows it to be over
  bool operator==(const Known &o) const { return op == o.op && by == o.by; }
};

/// A flag that is set.
struct Told {
  Operation *op;
  std::set<Use> uses;
  Counts waits; ///< that are over
  bool operator==(const Told &o) const {
    return op == o.op && uses == o.uses && waits == o.waits;
  }
};

/// What holds between two events.
struct State {
  std::map<Use, Known> uses;
  std::array<std::array<std::vector<Told>, kFlags>, kCores> told;
  /// What a vector core has told, and the other one has not yet.
  std::array<std::array<std::vector<Told>, kFlags>, kCores> half;
  std::array<Counts, kCores> sent{};  ///< by, to
  std::array<Counts, kCores> known{}; ///< waits, by who knows of them
  Counts waits{};
  bool operator==(const State &o) const {
    return std::tie(uses, told, half, sent, known, waits) ==
           std::tie(o.uses, o.told, o.half, o.sent, o.known, o.waits);
  }

  State relative() const;
};

class Proof {
public:
  Proof(KernelOp cube, KernelOp vector) : kernels{cube, vector} {}
  LogicalResult run();

private:
  LogicalResult together(std::array<const Events *, kCores> events,
                         State &state);
  /// False if it has to wait.
  FailureOr<bool> step(unsigned core, const Event &event, State &state);
  LogicalResult access(unsigned core, const Event &event, State &state);
  LogicalResult tell(unsigned core, const Event &event, State &state);
  bool wait(unsigned core, const Event &event, State &state);
  LogicalResult tellOne(unsigned core, unsigned to, const Event &event,
                        State &state);
  LogicalResult stuck(std::array<const Event *, kCores> at);
  LogicalResult left(const State &state);
  FailureOr<std::set<unsigned>> shared();
  LogicalResult readCourses();

  std::array<KernelOp, 2> kernels;
  std::array<Course, kCores> courses;
  std::map<unsigned, std::pair<int64_t, Operation *>> parts; ///< of arrays
  std::map<std::pair<bool, int64_t>, Operation *> tellers;
  size_t tile = 0; ///< of the group, that is gone through
};

} // namespace

static StringRef nameOf(unsigned core) {
  return core == 0   ? "the cube core"
         : core == 1 ? "the first vector core"
                     : "the second vector core";
}

static SmallVector<unsigned> othersOf(unsigned core) {
  return core == 0 ? SmallVector<unsigned>{1, 2} : SmallVector<unsigned>{0};
}

/// Counts from what has been waited for: the same after a tile as before it,
/// if as much is under way. More than a flag counts to is as good as nothing.
State State::relative() const {
  State made = *this;
  auto reduce = [&](Counts &counts) {
    for (unsigned core = 0; core < kCores; ++core)
      for (size_t flag = 0; flag < kFlags; ++flag)
        counts[core][flag] =
            std::max(counts[core][flag] - waits[core][flag], -kMost - 1);
  };
  for (auto *all : {&made.sent, &made.known})
    for (Counts &counts : *all)
      reduce(counts);
  for (auto *all : {&made.told, &made.half})
    for (auto &flags : *all)
      for (auto &flag : flags)
        for (Told &one : flag)
          reduce(one.waits);
  made.waits = Counts{};
  return made;
}

LogicalResult Proof::access(unsigned core, const Event &event, State &state) {
  Use mine = {core,         static_cast<unsigned>(event.pipe),
              event.writes, event.array,
              event.first,  event.end};
  auto [part, isNew] =
      parts.try_emplace(event.array, std::pair(event.part, event.op));
  if (!isNew && part->second.first != event.part) {
    InFlightDiagnostic error = event.op->emitOpError()
                               << "takes a group's part of argument "
                               << event.array << " to have " << event.part
                               << " bytes";
    error.attachNote(part->second.second->getLoc())
        << "here it has " << part->second.first
        << "; let both sides step from group to group alike";
    return error;
  }
  for (const auto &[other, known] : state.uses) {
    if (!mine.meets(other) || (known.by & 1u << core))
      continue;
    InFlightDiagnostic error = event.op->emitOpError();
    error << (mine.writes ? "writes" : "reads") << " bytes "
          << std::max(mine.first, other.first) << " to "
          << std::min(mine.end, other.end) << " of argument " << event.array
          << " in " << nameOf(core) << ", tile " << tile
          << " of its group, which " << nameOf(other.core)
          << (other.writes ? " writes" : " reads")
          << "; no flag between cores orders the two";
    error.attachNote(known.op->getLoc())
        << "here, in pipe " << stringifyPipe(static_cast<Pipe>(other.pipe))
        << "; tell of it in this pipe, behind it, and wait before the other";
    return error;
  }
  for (auto *all : {&state.told, &state.half})
    for (auto &flags : *all)
      for (auto &flag : flags)
        for (Told &one : flag)
          one.uses.erase(mine);
  state.uses[mine] = {event.op, 0};
  return success();
}

/// Counts, and whether the flag can: of what has been told, that which is not
/// known to have been waited for.
LogicalResult Proof::tellOne(unsigned core, unsigned to, const Event &event,
                             State &state) {
  int64_t &sent = state.sent[core][to][event.flag];
  ++sent;
  if (sent - state.known[core][to][event.flag] <= kMost)
    return success();
  return event.op->emitOpError()
         << "may set flag " << event.flag << " of " << nameOf(to) << " "
         << kMost + 1 << " times before it has waited once, and a flag counts "
         << "to " << kMost << "; wait for a flag that it sets, at least every "
         << kMost << " times";
}

LogicalResult Proof::tell(unsigned core, const Event &event, State &state) {
  auto [teller, isNew] = tellers.try_emplace({core == 0, event.flag}, event.op);
  Pipe pipe = cast<FftsCrossCoreSyncOp>(teller->second).getOf();
  if (!isNew && pipe != event.pipe) {
    InFlightDiagnostic error = event.op->emitOpError()
                               << "sets flag " << event.flag << " in pipe "
                               << stringifyPipe(event.pipe);
    error.attachNote(teller->second->getLoc())
        << "here pipe " << stringifyPipe(pipe)
        << " does, and nothing says which comes first; take another flag";
    return error;
  }
  Told mine = {event.op, {}, state.known[core]};
  mine.waits[core] = state.waits[core];
  for (const auto &[use, known] : state.uses)
    if ((use.core == core && use.pipe == static_cast<unsigned>(event.pipe)) ||
        (known.by & 1u << core))
      mine.uses.insert(use);
  for (unsigned to : othersOf(core))
    if (failed(tellOne(core, to, event, state)))
      return failure();
  if (core == 0) {
    for (unsigned to : othersOf(core))
      state.told[to][event.flag].push_back(mine);
    return success();
  }
  // The cube core is told when both have told.
  auto &other = state.half[3 - core][event.flag];
  if (other.empty()) {
    state.half[core][event.flag].push_back(mine);
    return success();
  }
  Told &first = other.front();
  mine.uses.insert(first.uses.begin(), first.uses.end());
  for (unsigned of = 0; of < kCores; ++of)
    for (size_t flag = 0; flag < kFlags; ++flag)
      mine.waits[of][flag] =
          std::max(mine.waits[of][flag], first.waits[of][flag]);
  other.erase(other.begin());
  state.told[0][event.flag].push_back(mine);
  return success();
}

bool Proof::wait(unsigned core, const Event &event, State &state) {
  auto &told = state.told[core][event.flag];
  if (told.empty())
    return false;
  for (const Use &use : told.front().uses)
    state.uses[use].by |= 1u << core;
  for (unsigned of = 0; of < kCores; ++of)
    for (size_t flag = 0; flag < kFlags; ++flag)
      state.known[core][of][flag] =
          std::max(state.known[core][of][flag], told.front().waits[of][flag]);
  told.erase(told.begin());
  ++state.waits[core][event.flag];
  return true;
}

FailureOr<bool> Proof::step(unsigned core, const Event &event, State &state) {
  switch (event.kind) {
  case Event::Access:
    return failed(access(core, event, state)) ? FailureOr<bool>() : true;
  case Event::Tell:
    return failed(tell(core, event, state)) ? FailureOr<bool>() : true;
  case Event::Wait:
    return wait(core, event, state);
  case Event::Barrier:
    for (auto &[use, known] : state.uses)
      if (use.core == core)
        known.by |= 1u << core;
    return true;
  }
  llvm_unreachable("an event is one of these");
}

/// Where a side sets a flag, or the side itself if nowhere.
static Location whereTold(KernelOp kernel, int64_t flag) {
  Location where = kernel.getLoc();
  kernel.walk([&](FftsCrossCoreSyncOp op) {
    if (static_cast<int64_t>(op.getFlag()) == flag)
      where = op.getLoc();
  });
  return where;
}

/// A report of cores that wait for what does not come.
LogicalResult Proof::stuck(std::array<const Event *, kCores> at) {
  unsigned first = 0;
  while (!at[first])
    ++first;
  int64_t flag = at[first]->flag;
  InFlightDiagnostic error = at[first]->op->emitOpError();
  error << "waits for flag " << flag << " in " << nameOf(first) << ", after "
        << tile << " of its group's tiles, and nothing sets it";
  error.attachNote(whereTold(kernels[first == 0], flag))
      << "here the other side sets it, or nowhere; set it as often as it is "
         "waited for";
  for (unsigned core = first + 1; core < kCores; ++core)
    if (at[core] && (first == 0 || at[core]->op != at[first]->op))
      error.attachNote(at[core]->op->getLoc())
          << nameOf(core) << " waits here for flag " << at[core]->flag;
  return error;
}

/// The three as far as they come.
LogicalResult Proof::together(std::array<const Events *, kCores> events,
                              State &state) {
  std::array<size_t, kCores> next{};
  for (bool moves = true; moves;) {
    moves = false;
    for (unsigned core = 0; core < kCores; ++core)
      while (next[core] < events[core]->size()) {
        FailureOr<bool> goesOn = step(core, (*events[core])[next[core]], state);
        if (failed(goesOn))
          return failure();
        if (!*goesOn)
          break;
        moves = true;
        ++next[core];
      }
  }
  std::array<const Event *, kCores> at{};
  for (unsigned core = 0; core < kCores; ++core)
    if (next[core] < events[core]->size())
      at[core] = &(*events[core])[next[core]];
  return at == std::array<const Event *, kCores>{} ? success() : stuck(at);
}

/// Flags that the next kernel would find.
LogicalResult Proof::left(const State &state) {
  for (const auto *all : {&state.told, &state.half})
    for (unsigned core = 0; core < kCores; ++core)
      for (size_t flag = 0; flag < kFlags; ++flag)
        if (const auto &told = (*all)[core][flag]; !told.empty()) {
          InFlightDiagnostic error = told.front().op->emitOpError();
          error << "sets flag " << flag;
          if (all == &state.told)
            error << " of " << nameOf(core);
          else
            error << " in " << nameOf(core) << " alone";
          return error << ", which is still set when the kernel ends, after "
                       << tile << " of its group's tiles; the next kernel "
                       << "would find it; wait for it";
        }
  return success();
}

/// Arguments that one side writes and the other uses.
FailureOr<std::set<unsigned>> Proof::shared() {
  std::map<unsigned, unsigned> uses; // two bits a side: it does; it writes
  InstructionOpInterface unknown;
  for (unsigned side : {0, 1})
    kernels[side].walk([&](InstructionOpInterface op) {
      for (bool writes : {false, true})
        for (Value pointer : writes ? op.getWrites() : op.getReads()) {
          if (cast<PtrType>(pointer.getType()).getSpace() != Space::Gm)
            continue;
          auto root = dyn_cast<BlockArgument>(rootOf(pointer));
          if (root && root.getOwner()->getParentOp() == kernels[side])
            uses[root.getArgNumber()] |= (writes ? 3u : 1u) << 2 * side;
          else
            unknown = op;
        }
    });
  if (unknown)
    return unknown->emitOpError()
           << "goes to gm by a pointer that may be of any argument; take "
              "offsets from one";
  if (kernels[0].getBody().getArgumentTypes() !=
      kernels[1].getBody().getArgumentTypes()) {
    InFlightDiagnostic error = kernels[1].emitOpError()
                               << "has other arguments than the cube core's "
                                  "half; one launch starts both";
    error.attachNote(kernels[0].getLoc()) << "here; give both the same";
    return error;
  }
  std::set<unsigned> found;
  for (auto [argument, how] : uses)
    if ((how & 1) && (how & 4) && (how & 10))
      found.insert(argument);
  return found;
}

LogicalResult Proof::readCourses() {
  FailureOr<std::set<unsigned>> both = shared();
  if (failed(both))
    return failure();
  size_t period =
      std::lcm(periodOf(kernels[0], *both), periodOf(kernels[1], *both));
  for (unsigned core = 0; core < kCores; ++core) {
    FailureOr<Course> course =
        courseOf(kernels[core > 0], core == 2, *both, period);
    if (failed(course))
      return failure();
    courses[core] = std::move(*course);
  }
  if (courses[0].items == courses[1].items &&
      courses[0].tiles.empty() == courses[1].tiles.empty())
    return success();
  InFlightDiagnostic error = kernels[1].emitOpError()
                             << "goes over other tiles than the cube core's "
                                "half";
  error.attachNote(kernels[0].getLoc())
      << "here; let both loops over tiles go up to the same argument";
  return error;
}

LogicalResult Proof::run() {
  if (failed(readCourses()))
    return failure();
  auto of = [&](auto part) {
    std::array<const Events *, kCores> events;
    for (unsigned core = 0; core < kCores; ++core)
      events[core] = part(courses[core]);
    return events;
  };
  State state;
  if (failed(together(of([](Course &c) { return &c.begin; }), state)))
    return failure();
  if (courses[0].tiles.empty())
    return left(state);
  size_t period = courses[0].period, steady = courses[0].steady();
  std::vector<State> before;
  for (tile = 0;; ++tile) {
    State now = state.relative();
    if (tile >= steady + period && now == before[tile - period])
      return success();
    before.push_back(std::move(now));
    State last = state;
    if (failed(together(of([&](Course &c) { return &c.end(tile); }), last)) ||
        failed(left(last)) ||
        failed(together(of([&](Course &c) { return &c.tile(tile); }), state)))
      return failure();
  }
}

/// Flags need an other side.
static LogicalResult checkAlone(KernelOp kernel) {
  Operation *flag = nullptr;
  kernel.walk([&](Operation *op) {
    if (!flag && isa<FftsCrossCoreSyncOp, WaitFlagDevOp>(op))
      flag = op;
  });
  if (!flag)
    return success();
  return flag->emitOpError()
         << "is between cores, and the kernel has no other half; write the "
            "half of the other cores of the group, both mixed";
}

LogicalResult cce::checkCrossCore(KernelOp kernel, KernelOp vector) {
  return vector ? Proof(kernel, vector).run() : checkAlone(kernel);
}

LogicalResult cce::checkCrossCore(ModuleOp module) {
  for (auto [kernel, vector] : launchesOf(module))
    if (failed(checkCrossCore(kernel, vector)))
      return failure();
  return success();
}
