// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Proves the order of a kernel's instructions, however it came to be.
//
// Every way through the kernel is walked, loops up to two trips, which is as
// far as an order reaches: an instruction that is behind the one before, and
// that behind its own before, is behind both. Each pipe has a clock, and knows
// of each other pipe how far it has come: a barrier tells a pipe of itself, a
// flag tells the pipe that waits all that the setting one knew. Two accesses
// that meet in a core's memory, one of them a write, are ordered if the later
// one's pipe knows of the earlier.
#include "codegen/ascend/cce/Memory.h"
#include "codegen/ascend/cce/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

#include <array>
#include <map>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

namespace {

constexpr unsigned kPipes = 7; // S to FIX
using Clock = std::array<int64_t, kPipes>;
using Key = std::tuple<unsigned, unsigned, int64_t>; // from, to, event

/// Ways through a kernel that are followed side by side.
constexpr size_t kMostWays = 512;

struct Use {
  Space space;
  int64_t first, end; ///< bytes
  bool writes;
  unsigned pipe;
  int64_t time;
  Operation *op;
};

struct Pending {
  Clock known;
  Operation *set;
};

struct Waited {
  int64_t time;
  Operation *wait;
};

/// A way through the kernel, up to somewhere.
struct Way {
  Clock now{};
  std::array<Clock, kPipes> known{};
  std::map<Key, Pending> pending;
  std::map<Key, Waited> waited;
  std::vector<Use> uses; ///< the latest of each pipe, buffer and kind
};

class Proof {
public:
  LogicalResult run(KernelOp kernel);

private:
  using Ways = std::vector<Way>;
  LogicalResult walk(Block &block, Ways &ways);
  LogicalResult step(Operation &op, Way &way);
  LogicalResult set(SetFlagOp op, Way &way);
  LogicalResult wait(WaitFlagOp op, Way &way);
  void meet(PipeBarrierOp op, Way &way);
  LogicalResult use(InstructionOpInterface op, Way &way);
  LogicalResult access(Operation *op, Value pointer, bool writes, unsigned pipe,
                       Way &way, SmallVectorImpl<Use> &fresh);
};

} // namespace

static void learn(Clock &known, const Clock &more) {
  for (unsigned p = 0; p < kPipes; ++p)
    known[p] = std::max(known[p], more[p]);
}

static unsigned of(Pipe pipe) { return static_cast<unsigned>(pipe); }

LogicalResult Proof::set(SetFlagOp op, Way &way) {
  Key key{of(op.getFrom()), of(op.getTo()), op.getEvent()};
  if (auto it = way.pending.find(key); it != way.pending.end()) {
    InFlightDiagnostic error = op.emitOpError()
                               << "sets an event that is set already";
    error.attachNote(it->second.set->getLoc())
        << "here, and nothing has waited for it since; wait first, or take "
           "another event";
    return error;
  }
  Clock &known = way.known[of(op.getFrom())];
  if (auto it = way.waited.find(key);
      it != way.waited.end() && known[of(op.getTo())] < it->second.time) {
    InFlightDiagnostic error = op.emitOpError() << "may set its event before "
                                                << stringifyPipe(op.getTo())
                                                << " has waited for it";
    error.attachNote(it->second.wait->getLoc())
        << "here; nothing tells " << stringifyPipe(op.getFrom())
        << " of this wait; take another event";
    return error;
  }
  unsigned from = of(op.getFrom());
  Clock told = known;
  told[from] = ++way.now[from];
  way.pending[key] = {told, op};
  return success();
}

LogicalResult Proof::wait(WaitFlagOp op, Way &way) {
  Key key{of(op.getFrom()), of(op.getTo()), op.getEvent()};
  auto it = way.pending.find(key);
  if (it == way.pending.end())
    return op.emitOpError() << "waits for an event that nothing has set on a "
                               "way to here; set it on every way";
  unsigned to = of(op.getTo());
  learn(way.known[to], it->second.known);
  // What the scalar unit hands out from here on comes behind.
  if (op.getTo() == Pipe::S)
    for (Clock &known : way.known)
      learn(known, it->second.known);
  way.waited[key] = {++way.now[to], op};
  way.pending.erase(it);
  return success();
}

void Proof::meet(PipeBarrierOp op, Way &way) {
  if (op.getOf() != Pipe::ALL) {
    unsigned pipe = of(op.getOf());
    way.known[pipe][pipe] = ++way.now[pipe];
    return;
  }
  for (Clock &known : way.known)
    learn(known, way.now);
}

LogicalResult Proof::access(Operation *op, Value pointer, bool writes,
                            unsigned pipe, Way &way,
                            SmallVectorImpl<Use> &fresh) {
  auto alloc = rootOf(pointer).getDefiningOp<AllocOp>();
  if (!alloc)
    return success(); // GM
  if (!alloc.getAddress())
    return alloc.emitOpError() << "has no address; plan the memory first";
  Use mine{cast<PtrType>(alloc.getType()).getSpace(),
           static_cast<int64_t>(*alloc.getAddress()),
           static_cast<int64_t>(*alloc.getAddress() + alloc.getBytes()),
           writes,
           pipe,
           way.now[pipe],
           op};
  for (const Use &other : way.uses) {
    bool meets = (writes || other.writes) && other.space == mine.space &&
                 other.first < mine.end && mine.first < other.end;
    bool same = other.time == mine.time && other.pipe == pipe;
    if (!meets || same || way.known[pipe][other.pipe] >= other.time)
      continue;
    InFlightDiagnostic error = op->emitOpError()
                               << (writes ? "writes" : "reads") << " bytes "
                               << std::max(mine.first, other.first) << " to "
                               << std::min(mine.end, other.end) << " of "
                               << stringifySpace(mine.space) << " in pipe "
                               << stringifyPipe(static_cast<Pipe>(pipe))
                               << ", which another instruction "
                               << (other.writes ? "writes" : "reads")
                               << "; nothing orders the two";
    error.attachNote(other.op->getLoc())
        << "here, in pipe " << stringifyPipe(static_cast<Pipe>(other.pipe))
        << (other.pipe == pipe
                ? "; put a barrier of the pipe between them"
                : "; set a flag behind this one, and wait before the other");
    return error;
  }
  fresh.push_back(mine);
  return success();
}

LogicalResult Proof::use(InstructionOpInterface op, Way &way) {
  unsigned pipe = of(op.getPipe());
  ++way.now[pipe];
  SmallVector<Use> fresh;
  for (Value pointer : op.getReads())
    if (failed(access(op, pointer, /*writes=*/false, pipe, way, fresh)))
      return failure();
  for (Value pointer : op.getWrites())
    if (failed(access(op, pointer, /*writes=*/true, pipe, way, fresh)))
      return failure();
  // What is behind the latest is behind those before it, too.
  for (const Use &mine : fresh) {
    llvm::erase_if(way.uses, [&](const Use &use) {
      return use.pipe == pipe && use.writes == mine.writes &&
             use.space == mine.space && use.first == mine.first &&
             use.end == mine.end;
    });
    way.uses.push_back(mine);
  }
  return success();
}

LogicalResult Proof::step(Operation &op, Way &way) {
  if (auto flag = dyn_cast<SetFlagOp>(op))
    return set(flag, way);
  if (auto flag = dyn_cast<WaitFlagOp>(op))
    return wait(flag, way);
  if (auto barrier = dyn_cast<PipeBarrierOp>(op))
    return meet(barrier, way), success();
  if (auto one = dyn_cast<InstructionOpInterface>(op))
    return use(one, way);
  return success();
}

LogicalResult Proof::walk(Block &block, Ways &ways) {
  for (Operation &op : block) {
    if (op.getNumRegions() == 0) {
      for (Way &way : ways)
        if (failed(step(op, way)))
          return failure();
      continue;
    }
    Ways out;
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      out = ways;
      for (int trip = 0; trip < 2; ++trip) {
        if (failed(walk(*loop.getBody(), ways)))
          return failure();
        out.insert(out.end(), ways.begin(), ways.end());
      }
    } else if (auto choice = dyn_cast<scf::IfOp>(op)) {
      out = ways;
      if (failed(walk(*choice.thenBlock(), out)) ||
          (choice.elseBlock() && failed(walk(*choice.elseBlock(), ways))))
        return failure();
      out.insert(out.end(), ways.begin(), ways.end());
    } else {
      return op.emitOpError() << "is no loop and no choice that the order of "
                                 "instructions can be proved through";
    }
    ways = std::move(out);
    if (ways.size() > kMostWays)
      return op.emitOpError() << "leaves more than " << kMostWays
                              << " ways through the kernel; the order of its "
                                 "instructions is not proved; take fewer loops "
                                 "beside each other";
  }
  return success();
}

LogicalResult Proof::run(KernelOp kernel) {
  Ways ways(1);
  if (failed(walk(kernel.getBody().front(), ways)))
    return failure();
  for (const Way &way : ways)
    if (!way.pending.empty())
      return way.pending.begin()->second.set->emitOpError()
             << "sets an event that is still set when the kernel ends; the "
                "next kernel would find it; wait for it";
  return success();
}

LogicalResult cce::checkSync(KernelOp kernel) { return Proof().run(kernel); }
