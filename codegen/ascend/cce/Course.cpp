// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads a core's course off its kernel, for launches of any size.
//
// A group's tiles are group, group + groups, group + 2 groups, ...: the loop
// that flags stand in goes from `get_block_idx` by `get_block_num`. What the
// launch says (sizes, how many groups) stays unknown, and numbers are sums of
// these, with what bounds them; choices are taken one way where the bounds say
// which. The first tiles are read one by one, those behind them as the
// j periods and r-th, for whatever j from 2 on: j * groups is an unknown of its
// own, of which is known that it is at least 2 groups, and what it is when
// divided by groups. So what is read holds for every launch, and for every
// tile.
//
// A choice that nothing decides is read both ways, and a loop as any of its
// iterations. Neither may hold a flag. Numbers of a kernel do not wrap.
#include "codegen/ascend/cce/Course.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <numeric>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;
using llvm::DynamicAPInt;

// Slots of a group: of more than these nobody counts tiles.
static constexpr int64_t kMostSlots = 8;

static bool isCrossFlag(Operation *op) {
  return isa<FftsCrossCoreSyncOp, WaitFlagDevOp>(op);
}

static bool holdsFlags(Operation *op) {
  return op
      ->walk([](Operation *o) {
        return isCrossFlag(o) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

static std::optional<int64_t> constantOf(Value value) {
  if (auto constant = value.getDefiningOp<arith::ConstantOp>())
    if (auto number = dyn_cast<IntegerAttr>(constant.getValue()))
      return number.getInt();
  return std::nullopt;
}

namespace {

/// Which tile is read, or behind how many: a number, or j periods and `number`.
struct Place {
  int64_t number;
  bool isSteady;
};

class Reader {
public:
  Reader(KernelOp kernel, int64_t half, const std::set<unsigned> &shared,
         int64_t period, const DenseSet<Operation *> &needed);

  LogicalResult begin(Events &events);
  LogicalResult tile(Place place, Events &events);
  LogicalResult end(Place count, Events &events);

  scf::ForOp tiles; ///< the loop, if there is one
  Linear items() { return of(tiles.getUpperBound()); }

private:
  /// What is walked: before the loop over tiles, in it, behind it.
  LogicalResult walk(Block &block, bool isSure);
  LogicalResult step(Operation &op, bool isSure);
  LogicalResult choose(scf::IfOp choice, bool isSure);
  LogicalResult repeat(scf::ForOp loop);
  LogicalResult access(InstructionOpInterface op, Value pointer, bool writes);
  LogicalResult walkEntry(Operation *from, Operation *to);

  void evaluate(Operation &op);
  Linear of(Value value);
  Linear product(const Linear &a, const Linear &b);
  Linear quotient(const Linear &a, const Linear &b);
  Linear remainder(const Linear &a, const Linear &b);
  Linear choice(arith::SelectOp op);
  std::optional<bool> decide(Value condition);
  /// What is not negative where a comparison holds, or where it does not.
  std::optional<Linear> saidBy(Value condition, bool holds);
  std::pair<Linear, Linear> reachOf(Operation *op, Value pointer);
  Linear tileNumber(Place place);

  KernelOp kernel;
  int64_t half;
  const std::set<unsigned> &shared;
  int64_t period;
  const DenseSet<Operation *> &needed;
  Bounds bounds;
  DenseMap<Value, Linear> values;
  unsigned group, groups, turns, turnsOfGroups; ///< numbers of unknowns
  bool hasAddress = false;
  Events *events = nullptr; ///< none where they are of no interest
};

} // namespace

Reader::Reader(KernelOp kernel, int64_t half, const std::set<unsigned> &shared,
               int64_t period, const DenseSet<Operation *> &needed)
    : kernel(kernel), half(half), shared(shared), period(period),
      needed(needed) {
  auto make = [&] { return bounds.make().terms.begin()->first; };
  for (BlockArgument argument : kernel.getBody().getArguments())
    values[argument] = bounds.make();
  group = make(), groups = make(), turns = make(), turnsOfGroups = make();
  bounds.assume(Linear::unknown(group));
  bounds.assume(Linear::unknown(groups) - Linear::unknown(group) - 1);
  for (auto loop : kernel.getBody().getOps<scf::ForOp>())
    if (!tiles && holdsFlags(loop))
      tiles = loop;
}

Linear Reader::of(Value value) {
  auto [it, isNew] = values.try_emplace(value);
  if (isNew)
    it->second = bounds.make();
  return it->second;
}

Linear Reader::product(const Linear &a, const Linear &b) {
  if (a.isConstant())
    return b * a.constant;
  return b.isConstant() ? a * b.constant : bounds.make();
}

Linear Reader::quotient(const Linear &a, const Linear &b) {
  if (b == Linear::unknown(groups)) {
    Linear rest = a;
    rest.terms.erase(groups);
    rest.terms.erase(turnsOfGroups);
    if (rest == Linear(0))
      return Linear::unknown(turns) * a.of(turnsOfGroups) +
             Linear(int64_t(a.of(groups)));
  }
  Linear made = bounds.make();
  if (!b.isConstant() || b.constant <= 0)
    return made;
  // Towards 0: a is d q and what is left, which has a's sign.
  Linear left = a - made * b.constant, most = Linear();
  most.constant = b.constant - 1;
  bounds.assume(most - left);
  bounds.assume(bounds.holds(a) ? left : left + most);
  return made;
}

Linear Reader::remainder(const Linear &a, const Linear &b) {
  if (!b.isConstant() || b.constant <= 0)
    return bounds.make();
  bool isMultiple = llvm::all_of(
      a.terms, [&](auto &term) { return mod(term.second, b.constant) == 0; });
  Linear made;
  if (isMultiple && bounds.holds(a)) {
    made.constant = mod(a.constant, b.constant);
    return made;
  }
  made = bounds.make();
  Linear most;
  most.constant = b.constant - 1;
  bounds.assume(most - made);
  bounds.assume(bounds.holds(a) ? made : made + most);
  return made;
}

std::optional<Linear> Reader::saidBy(Value condition, bool holds) {
  auto compare = condition.getDefiningOp<arith::CmpIOp>();
  if (!compare || !compare.getLhs().getType().isInteger(64))
    return std::nullopt;
  Linear a = of(compare.getLhs()), b = of(compare.getRhs());
  switch (compare.getPredicate()) {
  case arith::CmpIPredicate::slt:
    return holds ? b - a - 1 : a - b;
  case arith::CmpIPredicate::sle:
    return holds ? b - a : a - b - 1;
  case arith::CmpIPredicate::sgt:
    return holds ? a - b - 1 : b - a;
  case arith::CmpIPredicate::sge:
    return holds ? a - b : b - a - 1;
  default:
    return std::nullopt;
  }
}

std::optional<bool> Reader::decide(Value condition) {
  if (std::optional<int64_t> known = constantOf(condition))
    return *known != 0;
  for (bool holds : {true, false})
    if (std::optional<Linear> said = saidBy(condition, holds);
        said && bounds.holds(*said))
      return holds;
  return std::nullopt;
}

Linear Reader::choice(arith::SelectOp op) {
  Linear yes = of(op.getTrueValue()), no = of(op.getFalseValue());
  if (std::optional<bool> known = decide(op.getCondition()))
    return *known ? yes : no;
  Linear made = bounds.make();
  // The lesser or the greater of two.
  std::optional<Linear> said = saidBy(op.getCondition(), true);
  if (said && (*said == no - yes || *said == no - yes - 1)) {
    bounds.assume(yes - made);
    bounds.assume(no - made);
  } else if (said && (*said == yes - no || *said == yes - no - 1)) {
    bounds.assume(made - yes);
    bounds.assume(made - no);
  }
  return made;
}

void Reader::evaluate(Operation &op) {
  Linear made;
  auto operand = [&](unsigned i) { return of(op.getOperand(i)); };
  if (!op.getResult(0).getType().isInteger(64))
    return;
  if (std::optional<int64_t> known = constantOf(op.getResult(0)))
    made = *known;
  else if (isa<GetBlockIdxOp>(op))
    made = Linear::unknown(group);
  else if (isa<GetBlockNumOp>(op))
    made = Linear::unknown(groups);
  else if (isa<GetSubblockidOp>(op))
    made = half;
  else if (isa<arith::AddIOp>(op))
    made = operand(0) + operand(1);
  else if (isa<arith::SubIOp>(op))
    made = operand(0) - operand(1);
  else if (isa<arith::MulIOp>(op))
    made = product(operand(0), operand(1));
  else if (isa<arith::DivSIOp>(op))
    made = quotient(operand(0), operand(1));
  else if (isa<arith::RemSIOp>(op))
    made = remainder(operand(0), operand(1));
  else if (auto select = dyn_cast<arith::SelectOp>(op))
    made = choice(select);
  else
    return; // whatever it is
  values[op.getResult(0)] = made;
}

/// Where an access begins and ends, bytes of its array.
std::pair<Linear, Linear> Reader::reachOf(Operation *op, Value pointer) {
  Linear first;
  for (Value at = pointer; Operation *from = at.getDefiningOp();) {
    if (auto offset = dyn_cast<OffsetOp>(from))
      first +=
          of(offset.getElements()) *
          DynamicAPInt(bytesOf(cast<PtrType>(offset.getType()).getElement()));
    at = from->getOperand(0);
  }
  DynamicAPInt element(bytesOf(cast<PtrType>(pointer.getType()).getElement()));
  Linear bytes = bounds.make(); // whatever another op reaches
  auto bursts = [&](Value count, Value length, Value gap) {
    return product(of(count), of(length) + of(gap)) - of(gap);
  };
  if (auto load = dyn_cast<CopyGmToUbufAlignOp>(op))
    bytes = bursts(load.getBursts(), load.getLength(), load.getSrcGap());
  else if (auto store = dyn_cast<CopyUbufToGmAlignOp>(op))
    bytes = bursts(store.getBursts(), store.getLength(), store.getDstGap());
  else if (auto product = dyn_cast<CopyMatrixCcToGmOp>(op))
    bytes = (this->product(of(product.getM()) - 1, of(product.getDstStride())) +
             of(product.getN())) *
            element;
  return {first, first + bytes};
}

LogicalResult Reader::access(InstructionOpInterface op, Value pointer,
                             bool writes) {
  auto root = dyn_cast<BlockArgument>(rootOf(pointer));
  if (!events || !root || !shared.count(root.getArgNumber()))
    return success();
  auto [first, end] = reachOf(op, pointer);
  DynamicAPInt part = first.of(group);
  Linear before = Linear::unknown(group) * part;
  std::optional<DynamicAPInt> from = bounds.least(first - before),
                              to = bounds.most(end - before);
  auto say = [&] {
    return op->emitOpError() << (writes ? "writes" : "reads") << " argument "
                             << root.getArgNumber()
                             << ", which the other side of the group uses, ";
  };
  if (!from || !to)
    return say() << "and nothing bounds which bytes; flags can only order "
                    "tiles in slots of a known size";
  if (*from < 0 || *to > part)
    return say() << "from byte " << int64_t(*from) << " to " << int64_t(*to)
                 << " of its group's part, which has " << int64_t(part)
                 << "; each group needs one of its own, for no flag orders "
                    "two groups";
  events->push_back({Event::Access, op, op.getPipe(), -1, writes,
                     root.getArgNumber(), int64_t(*from), int64_t(*to),
                     int64_t(part)});
  return success();
}

LogicalResult Reader::choose(scf::IfOp choice, bool isSure) {
  std::optional<bool> known = decide(choice.getCondition());
  if (!known && holdsFlags(choice))
    return choice.emitOpError()
           << "holds a flag between cores, and nothing says that the other "
              "core chooses the same; let it depend on the tile's number alone";
  for (bool holds : {true, false}) {
    Block *block = holds ? choice.thenBlock() : choice.elseBlock();
    if (!block || (known && *known != holds))
      continue;
    size_t mark = bounds.mark();
    if (std::optional<Linear> said = saidBy(choice.getCondition(), holds))
      bounds.assume(*said);
    if (failed(walk(*block, isSure && known)))
      return failure();
    bounds.forget(mark);
  }
  return success();
}

LogicalResult Reader::repeat(scf::ForOp loop) {
  if (holdsFlags(loop))
    return loop.emitOpError()
           << "holds a flag between cores, and nothing says that the other "
              "core goes through it as often; flags belong into one loop over "
              "the group's tiles, from get_block_idx by get_block_num";
  size_t mark = bounds.mark();
  Linear at = values[loop.getInductionVar()] = bounds.make();
  bounds.assume(at - of(loop.getLowerBound()));
  bounds.assume(of(loop.getUpperBound()) - at - 1);
  bounds.assume(of(loop.getStep()) - 1);
  if (failed(walk(*loop.getBody(), /*isSure=*/false)))
    return failure();
  bounds.forget(mark);
  return success();
}

LogicalResult Reader::step(Operation &op, bool isSure) {
  if (needed.count(&op) && op.getNumRegions() == 0 && op.getNumResults() == 1)
    evaluate(op);
  if (auto choice = dyn_cast<scf::IfOp>(op))
    return needed.count(&op) ? choose(choice, isSure) : success();
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return needed.count(&op) ? repeat(loop) : success();
  if (op.getNumRegions() > 0 && needed.count(&op))
    return op.emitOpError() << "is no loop and no choice that the order of "
                               "cores can be proved through";
  hasAddress |= isa<SetFftsBaseAddrOp>(op);
  if (!events)
    return success();
  if (auto barrier = dyn_cast<PipeBarrierOp>(op)) {
    if (barrier.getOf() == Pipe::ALL && isSure)
      events->push_back({Event::Barrier, &op});
  } else if (auto tell = dyn_cast<FftsCrossCoreSyncOp>(op)) {
    if (tell.getMode() != 2)
      return tell.emitOpError()
             << "has mode " << tell.getMode()
             << ", whose order is not proved; take 2, between the cube core "
                "and the vector cores of a group";
    if (!hasAddress)
      return tell.emitOpError() << "comes before any set_ffts_base_addr, and "
                                   "reaches nobody; let that be first";
    events->push_back(
        {Event::Tell, &op, tell.getOf(), static_cast<int64_t>(tell.getFlag())});
  } else if (auto wait = dyn_cast<WaitFlagDevOp>(op)) {
    events->push_back(
        {Event::Wait, &op, Pipe::S, static_cast<int64_t>(wait.getFlag())});
  } else if (auto one = dyn_cast<InstructionOpInterface>(op)) {
    for (bool writes : {false, true})
      for (Value pointer : writes ? one.getWrites() : one.getReads())
        if (failed(access(one, pointer, writes)))
          return failure();
  }
  return success();
}

LogicalResult Reader::walk(Block &block, bool isSure) {
  for (Operation &op : block)
    if (failed(step(op, isSure)))
      return failure();
  return success();
}

/// The kernel's own ops from one to another, which is left out.
LogicalResult Reader::walkEntry(Operation *from, Operation *to) {
  for (Operation *op = from; op != to; op = op->getNextNode())
    if (failed(step(*op, /*isSure=*/true)))
      return failure();
  return success();
}

/// The number of the tile, or of the one behind so many.
Linear Reader::tileNumber(Place place) {
  Linear number = Linear::unknown(group) +
                  Linear::unknown(groups) * DynamicAPInt(place.number);
  if (!place.isSteady)
    return number;
  // j is at least 2, j * groups at least 2 groups.
  bounds.assume(Linear::unknown(turns) - 2);
  bounds.assume(Linear::unknown(turnsOfGroups) -
                Linear::unknown(groups) * DynamicAPInt(2));
  return number + Linear::unknown(turnsOfGroups) * DynamicAPInt(period);
}

LogicalResult Reader::begin(Events &into) {
  events = &into;
  if (failed(walkEntry(&kernel.getBody().front().front(), tiles)))
    return failure();
  if (!tiles)
    return success();
  bool isOfLaunch = llvm::all_of(items().terms, [&](auto &term) {
    return term.first < kernel.getBody().getNumArguments();
  });
  if (isOfLaunch && of(tiles.getLowerBound()) == Linear::unknown(group) &&
      of(tiles.getStep()) == Linear::unknown(groups))
    return success();
  return tiles.emitOpError()
         << "holds flags between cores, but does not go over the group's "
            "tiles; let it go from get_block_idx by get_block_num, to an "
            "argument";
}

LogicalResult Reader::tile(Place place, Events &into) {
  if (failed(walkEntry(&kernel.getBody().front().front(), tiles)))
    return failure();
  Linear number = values[tiles.getInductionVar()] = tileNumber(place);
  bounds.assume(items() - number - 1);
  events = &into;
  return walk(*tiles.getBody(), /*isSure=*/true);
}

LogicalResult Reader::end(Place count, Events &into) {
  if (failed(walkEntry(&kernel.getBody().front().front(), tiles)))
    return failure();
  Linear behind = tileNumber(count);
  bounds.assume(behind - items());
  if (count.number > 0 || count.isSteady)
    bounds.assume(items() - (behind - Linear::unknown(groups)) - 1);
  events = &into;
  return walkEntry(tiles->getNextNode(), nullptr);
}

/// What decides over flags and over bytes of arrays that are shared.
static DenseSet<Operation *> neededBy(KernelOp kernel,
                                      const std::set<unsigned> &shared) {
  DenseSet<Operation *> needed;
  SmallVector<Operation *> left;
  auto need = [&](Operation *op) {
    if (op && needed.insert(op).second)
      left.push_back(op);
  };
  kernel.walk([&](InstructionOpInterface op) {
    bool isShared = isCrossFlag(op);
    for (const SmallVector<Value> &of : {op.getReads(), op.getWrites()})
      for (Value pointer : of)
        if (auto root = dyn_cast<BlockArgument>(rootOf(pointer)))
          isShared |= shared.count(root.getArgNumber()) > 0;
    if (isShared)
      need(op);
  });
  while (!left.empty()) {
    Operation *op = left.pop_back_val();
    for (Value operand : op->getOperands())
      need(operand.getDefiningOp());
    for (Operation *up = op->getParentOp(); up != kernel;
         up = up->getParentOp())
      need(up);
  }
  return needed;
}

size_t cce::periodOf(KernelOp kernel, const std::set<unsigned> &shared) {
  size_t period = 1;
  for (Operation *op : neededBy(kernel, shared))
    if (isa<arith::RemSIOp>(op))
      if (std::optional<int64_t> by = constantOf(op->getOperand(1));
          by && *by > 0 && *by <= kMostSlots)
        period = std::lcm(period, static_cast<size_t>(*by));
  return period;
}

FailureOr<Course> cce::courseOf(KernelOp kernel, int64_t half,
                                const std::set<unsigned> &shared,
                                size_t period) {
  Course course;
  course.period = period;
  DenseSet<Operation *> needed = neededBy(kernel, shared);
  auto reader = [&] {
    return Reader(kernel, half, shared, static_cast<int64_t>(period), needed);
  };
  if (kernel.getBody().front().empty())
    return course;
  Reader first = reader();
  if (failed(first.begin(course.begin)))
    return failure();
  if (!first.tiles)
    return course;
  size_t count = course.steady() + period;
  course.tiles.resize(count);
  course.ends.resize(count);
  course.items = first.items();
  for (size_t i = 0; i < count; ++i) {
    bool isSteady = i >= course.steady();
    Place place = {static_cast<int64_t>(isSteady ? i % period : i), isSteady};
    if (failed(reader().tile(place, course.tiles[i])) ||
        failed(reader().end(place, course.ends[i])))
      return failure();
  }
  return course;
}
