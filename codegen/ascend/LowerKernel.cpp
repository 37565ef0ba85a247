// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A tiled kernel as a kernel of cce: its arguments, work items, ops in order.
#include "codegen/ascend/LowerKernel.h"

#include "codegen/ascend/Facts.h"
#include "codegen/ascend/Lowering.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

/// The most positions of the lane axis that a tile of the kernel has.
static int64_t lanesOf(KernelOp kernel) {
  auto lane = kernel->getAttrOfType<StringAttr>("lane");
  int64_t most = 1;
  kernel.walk([&](Operation *o) {
    auto see = [&](Type type) {
      if (auto tile = dyn_cast<TileType>(type))
        for (auto [axis, n] : llvm::zip(tile.getAxes(), tile.getExtents()))
          if (axis == lane)
            most = std::max(most, n);
    };
    for (Type type : o->getResultTypes())
      see(type);
  });
  return most;
}

Lowering::Lowering(KernelOp kernel, OpOp op, cce::KernelOp into,
                   const Attempt &with, int64_t lanes, bool handover)
    : kernel(kernel), op(op), into(into), handover(handover), e(into, lanes),
      b(e.b), sets(with.sets), together(with.rows.batch),
      batch(with.rows.batch), beside(with.rows.beside),
      teams(with.rows.apart ? 2 : 1), parts(with.rows.parts),
      streams(with.streams), storing(with.storing), widening(with.widening) {
  lane = kernel->getAttrOfType<StringAttr>("lane");
  row = kernel->getAttrOfType<StringAttr>("row");
}

static int64_t arraysOf(KernelOp kernel) {
  return kernel.getBody().front().getNumArguments() -
         static_cast<int64_t>(kernel.getWorkAxes().size());
}

int64_t Lowering::arrays() { return arraysOf(kernel); }

SmallVector<Type> Lowering::slots(KernelOp kernel, OpOp op, bool mixed,
                                  bool handover) {
  MLIRContext *context = kernel.getContext();
  auto i64 = IntegerType::get(context, 64);
  auto scalars = kernel->getAttrOfType<DenseI64ArrayAttr>("scalars");
  SmallVector<Type> types;
  if (mixed)
    types.push_back(i64);
  for (int64_t i = 0, count = arraysOf(kernel); i < count; ++i) {
    Type element = elementOf(kernel.getBody().front().getArgument(i));
    if (llvm::is_contained(scalars.asArrayRef(), i)) {
      bool asItIs = element.isF32() || element.isInteger(32);
      types.push_back(asItIs ? element : i64);
      continue;
    }
    if (element.isInteger(1))
      element = IntegerType::get(context, 8, IntegerType::Unsigned);
    types.push_back(cce::PtrType::get(context, cce::Space::Gm, element));
  }
  if (handover)
    types.push_back(
        cce::PtrType::get(context, cce::Space::Gm, Float32Type::get(context)));
  types.append(op.getAxes().size() + 1, i64);
  return types;
}

Value Lowering::slot(int64_t i) {
  return into.getBody().getArgument(i + (isMixed() ? 1 : 0));
}

Value Lowering::itemCount() {
  return into.getBody().getArgument(into.getBody().getNumArguments() - 1);
}

Value Lowering::axisSize(StringAttr axis) {
  int64_t i = op.findAxis(axis.getValue());
  if (int64_t fixed = op.getAxis(i).getFixed(); fixed >= 0)
    return e.number(fixed);
  return slot(arrays() + (handover ? 1 : 0) + i);
}

/// So many lanes, up to a multiple of the steps or the axis' end.
void Lowering::setLanes(Value count) {
  e.setLanes(count, /*repeats=*/kernel->hasAttr("whole"));
}

bool Lowering::hasLanes(Type tile) { return lane && hasAxis(tile, lane); }

int64_t Lowering::rowsOf(Type type) {
  int64_t rows = 1;
  auto tile = cast<TileType>(type);
  for (auto [axis, extent] : llvm::zip(tile.getAxes(), tile.getExtents()))
    if (axis != lane)
      rows *= extent;
  return rows;
}

Piece Lowering::piece(Value value, int64_t r) {
  const Pieces &pieces = values.find(value)->second;
  return pieces[pieces.size() == 1 ? 0 : r];
}

/// The positions of a row that stays, as loads, stores and ramps name them.
void Lowering::findRow() {
  if (!kernel->hasAttr("resident"))
    return;
  Block *body = &kernel.getBody().front();
  auto see = [&](Value position) {
    if (isa<IndexType>(position.getType()) && position.getParentBlock() == body)
      rowFirsts.insert(position);
  };
  // One position of the lane axis begins no row.
  auto seeAll = [&](Value array, ValueRange positions, bool lanes) {
    for (auto [axis, position] : llvm::zip(axesOf(array), positions))
      if (axis == lane && lanes)
        see(position);
  };
  kernel.walk([&](Operation *o) {
    if (auto load = dyn_cast<gemel::LoadOp>(o))
      seeAll(load.getArray(), load.getPositions(), hasLanes(load.getType()));
    else if (auto store = dyn_cast<gemel::StoreOp>(o))
      seeAll(store.getArray(), store.getPositions(),
             hasLanes(store.getTile().getType()) ||
                 llvm::any_of(store.getExtents(),
                              [](int64_t extent) { return extent > 1; }));
    else if (auto iota = dyn_cast<IotaOp>(o); iota && hasLanes(iota.getType()))
      see(iota.getFirst());
    else if (auto loop = dyn_cast<ForOp>(o); loop && isOneTrip(loop))
      see(loop.getLower());
  });
}

/// Where the row begins is known: how many lanes it has, is.
void Lowering::enterRow(Value position) {
  if (inRow || !rowFirsts.contains(position))
    return;
  inRow = true;
  e.setLanes(e.min(e.sub(axisSize(lane), indices[position]), e.number(e.tile)));
}

/// Whether items move rows, and compute nothing along them.
static bool movesRows(KernelOp kernel) {
  auto lane = kernel->getAttrOfType<StringAttr>("lane");
  auto computes = [&](Operation *o) {
    if (o->getNumResults() != 1 || isa<gemel::LoadOp>(o))
      return false;
    auto tile = dyn_cast<TileType>(o->getResult(0).getType());
    return tile && hasAxis(tile, lane);
  };
  return lane && !kernel
                      .walk([&](Operation *o) {
                        return computes(o) ? WalkResult::interrupt()
                                           : WalkResult::advance();
                      })
                      .wasInterrupted();
}

void Lowering::run() {
  findRow();
  e.setLanes(e.number(1));
  cce::SetVectorMaskOp::create(b, kernel.getLoc(), e.number(-1), e.number(-1));
  cce::SetMaskCountOp::create(b, kernel.getLoc());
  Value items = itemCount();
  findHost();
  bool pipelined = isPipelined(),
       rows = (host || batch > 1 || parts > 1) && pipelined && areRows();
  refused = host && !rows;
  if (refused)
    return;
  if (rows)
    return lowerRows(items);
  batch = parts = 1;
  if (pipelined)
    return lowerPipelined(items);
  if (ForOp loop = columnsOf())
    return lowerColumns(loop, items);
  Value block = cce::GetBlockIdxOp::create(b, kernel.getLoc(), b.getI64Type());
  Value blocks = cce::GetBlockNumOp::create(b, kernel.getLoc(), b.getI64Type());
  auto loop = scf::ForOp::create(b, kernel.getLoc(), block, items, blocks);
  // What says which row an item moves is on its way for some while rows of
  // items before it are.
  if (sets > 1 && movesRows(kernel))
    loop->setAttr(cce::CceDialect::kBuffers, b.getI64IntegerAttr(2 * sets));
  e.startItems(loop);
  b.setInsertionPoint(loop.getBody()->getTerminator());
  lowerItem(loop.getInductionVar());
}

void Lowering::lowerItem(Value item) {
  bindItem(item);
  lowerBlock(kernel.getBody().front());
}

bool Lowering::lowerIndex(Operation &o) {
  auto at = [&](Value v) { return indices.lookup(v); };
  Value made;
  if (auto extent = dyn_cast<ExtentOp>(o))
    made = axisSize(extent.getAxisAttr());
  else if (auto constant = dyn_cast<arith::ConstantIndexOp>(o))
    made = e.number(constant.value());
  else if (auto sum = dyn_cast<arith::AddIOp>(o))
    made = e.add(at(sum.getLhs()), at(sum.getRhs()));
  else if (auto product = dyn_cast<arith::MulIOp>(o))
    made = e.mul(at(product.getLhs()), at(product.getRhs()));
  else if (auto quotient = dyn_cast<arith::FloorDivSIOp>(o))
    made = e.div(at(quotient.getLhs()), at(quotient.getRhs()));
  else if (auto least = dyn_cast<arith::MinSIOp>(o))
    made = e.min(at(least.getLhs()), at(least.getRhs()));
  else if (auto read = dyn_cast<ReadIndexOp>(o))
    made = e.scalar(piece(read.getValue(), 0), elementOf(read.getValue()),
                    e.number(0));
  else
    return false;
  if (!made.getType().isInteger(64))
    made = arith::ExtSIOp::create(b, e.loc, b.getI64Type(), made);
  Value result = o.getResult(0);
  indices[result] = made;
  enterRow(result);
  return true;
}

void Lowering::lowerBlock(Block &block) {
  lowerOps({block.begin(), block.end()});
}

void Lowering::lowerOps(llvm::iterator_range<Block::iterator> ops) {
  for (Operation &o : ops) {
    e.loc = o.getLoc();
    // What items have side by side is known already.
    if (now && o.getNumResults() == 1 &&
        (indices.count(o.getResult(0)) || isInvariant(o.getResult(0))))
      continue;
    if (isa<YieldOp>(o) || early.erase(&o) || lowerIndex(o))
      continue;
    if (auto loop = dyn_cast<ForOp>(o)) {
      lowerFor(loop);
    } else if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      lowerStore(store);
    } else if (auto scatter = dyn_cast<ScatterOp>(o)) {
      lowerScatter(scatter);
    } else if (auto scratch = dyn_cast<ScratchOp>(o)) {
      lowerScratch(scratch);
    } else if (auto keep = dyn_cast<KeepOp>(o)) {
      lowerKeep(keep);
    } else if (auto recall = dyn_cast<RecallOp>(o)) {
      lowerRecall(recall);
    } else {
      Pieces pieces;
      for (int64_t r = 0, rows = rowsOf(o.getResult(0).getType()); r < rows;
           ++r)
        pieces.push_back(lowerOp(&o, r));
      values[o.getResult(0)] = pieces;
    }
  }
}

static cce::KernelOp makeKernel(KernelOp kernel, OpOp op,
                                const llvm::Twine &symbol, cce::Unit unit,
                                bool mixed, bool handover, ModuleOp into) {
  OpBuilder b = OpBuilder::atBlockEnd(into.getBody());
  auto made = cce::KernelOp::create(b, kernel.getLoc(), b.getStringAttr(symbol),
                                    StringAttr(), unit);
  if (mixed)
    made->setAttr(cce::KernelOp::kMixed, b.getUnitAttr());
  Block &body = made.getBody().emplaceBlock();
  for (Type type : Lowering::slots(kernel, op, mixed, handover))
    body.addArgument(type, kernel.getLoc());
  return made;
}

// Lanes of a short row.
static constexpr int64_t kShort = 2048;

static constexpr Attempt kAttempts[] = {
    {{8, 2}, 4096, 2},          {{4, 2, true}, 4096, 2, Widening::Once},
    {{4, 2, true}, 4096, 2},    {{4, 2}, 2048, 2},
    {{8, 1}, 1024, 2},          {{2, 2}, 512, 2, Widening::Once},
    {{2, 2}, 512, 2},           {{2, 2}, 512, 2, Widening::EachUse},
    {{4, 1}, 256, 2},           {{2, 1}, 256, 2},
    {{1, 1}, 256, 2},           {{1, 1, false, 2}, 256, 2},
    {{1, 1, false, 4}, 256, 2}, {{1, 1}, 256, 1}};

namespace {
/// What a kernel does along its lanes.
struct LaneWork {
  int64_t bytes = 0;        ///< of an element of each row that is moved
  int64_t instructions = 0; ///< of lanes, what is combined along them left out
  bool isAll = true;        ///< there is nothing beside

  /// Whether the memory takes longer for it than a `part` of what the vector
  /// unit takes.
  bool isLongerThan(double part, MachineAttr machine) const {
    return static_cast<double>(bytes * machine.getMegainstructionsPerSecond() *
                               machine.getLanes()) >
           part * static_cast<double>(instructions *
                                      machine.getMegabytesPerSecond());
  }
};
} // namespace

static LaneWork workOf(KernelOp kernel) {
  LaneWork work;
  auto lane = kernel->getAttrOfType<StringAttr>("lane");
  auto hasLanes = [&](Type type) {
    return lane && isa<TileType>(type) && hasAxis(type, lane);
  };
  kernel.walk([&](Operation *o) {
    Value array, tile;
    if (auto load = dyn_cast<gemel::LoadOp>(o)) {
      array = load.getArray();
      tile = load.getResult();
    } else if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      array = store.getArray();
      tile = store.getTile();
    } else if (auto loop = dyn_cast<ForOp>(o)) {
      work.isAll &= loop.getNumResults() == 0;
    } else if (auto iota = dyn_cast<IotaOp>(o)) {
      work.isAll &= hasLanes(iota.getType());
    } else if (auto one = dyn_cast<ElementwiseOpInterface>(o)) {
      bool isColumn = lane && !hasLanes(o->getResult(0).getType());
      if (o->getNumOperands() && !isColumn)
        work.instructions += one.getInstructionCount();
    }
    bool isRows = array && llvm::any_of(kernel.getWorkAxes(), [&](Attribute a) {
                    return hasAxis(array.getType(), cast<StringAttr>(a));
                  });
    if (!isRows)
      return;
    if (!hasLanes(tile.getType()))
      work.isAll = false;
    else
      work.bytes += static_cast<int64_t>(cce::bytesOf(elementOf(array)));
  });
  return work;
}

SmallVector<Attempt> ascend::attemptsFor(KernelOp kernel, OpOp op,
                                         MachineAttr machine, bool mustFit) {
  SmallVector<Attempt> attempts;
  // Rows that are summed are half a run's, or the plan is another. What they
  // become has a buffer of its own, or is widened once.
  if (Lowering::hostOf(kernel)) {
    StringRef runs = cast<StringAttr>(kernel.getWorkAxes()[0]).getValue();
    int64_t half = op.getAxis(op.findAxis(runs)).getRuns() / 2;
    Rows rows = {half, half / 2, true};
    attempts = {{rows, 4096, 2, Widening::EachSweep, Storing::InOne},
                {rows, 4096, 2, Widening::Once}};
    if (mustFit)
      attempts.push_back({{1, 1}, 256, 1});
    return attempts;
  }
  LaneWork work = workOf(kernel);
  bool streams = work.isAll && work.isLongerThan(1, machine);
  // What the memory takes for a transfer beside its bytes is less of a larger
  // one; and one row at a time leaves room for more of them.
  if (streams)
    for (Rows rows : {Rows{32, 2}, {16, 2}, {8, 2}, {5, 1}})
      attempts.push_back({rows, 4096, 2});
  // So do sums over rows.
  else if (!isProduct(kernel) && !kernel->hasAttr("resident"))
    attempts = {{{32, 2}, 4096, 2}, {{16, 2}, 4096, 2}};
  // Of short rows there is room for many, which hide what an instruction waits
  // for, and for buffers of what is stored, so that no load waits for that.
  // Where the memory takes about as long as the vector unit, buffers are more
  // than rows.
  else if (!isProduct(kernel)) {
    bool isShort = lanesOf(kernel) <= kShort;
    bool isLight = work.isLongerThan(0.6, machine);
    if (isShort)
      attempts = {{{8, 8}, 4096, 2, Widening::Once, Storing::InTurns}};
    if (isLight && isShort)
      attempts.append({{{6, 6}, 4096, 2, Widening::Once, Storing::InOne},
                       {{4, 4}, 4096, 2, Widening::Once, Storing::InOne}});
    if (isLight && !isShort)
      attempts = {{{3, 3}, 4096, 2, Widening::Once, Storing::InOne}};
    if (isShort)
      attempts.append({{{8, 8}, 4096, 2, Widening::Once},
                       {{8, 4, true}, 4096, 2, Widening::Once},
                       {{8, 4}, 4096, 2}});
  }
  // Where nothing is combined all uses are in one sweep: fewer rows at a time
  // cost less than to widen them at each.
  for (const Attempt &attempt : kAttempts)
    if (!work.isAll || attempt.widening != Widening::EachUse)
      attempts.push_back(attempt);
  for (Attempt &attempt : attempts)
    attempt.streams = streams;
  return attempts;
}

Lowered ascend::lowerKernel(KernelOp kernel, OpOp op, StringRef symbol,
                            ModuleOp into, bool handover, const Attempt &with) {
  auto make = [&](const llvm::Twine &name, cce::Unit unit, bool mixed) {
    return makeKernel(kernel, op, name, unit, mixed, handover, into);
  };
  if (!Lowering::isProduct(kernel)) {
    cce::KernelOp made = make(symbol, cce::Unit::Vector, /*mixed=*/false);
    Lowering lowering(kernel, op, made, with, lanesOf(kernel), handover);
    lowering.run();
    return {{made},
            lowering.getBatch(),
            lowering.getGrain(),
            lowering.getParts(),
            lowering.hasGroups()};
  }
  bool mixed = Lowering::handsOver(kernel);
  cce::KernelOp product =
      make(mixed ? symbol + "_mix_aic" : symbol, cce::Unit::Cube, mixed);
  Lowering(kernel, op, product, with, 1, handover).runProduct();
  if (!mixed)
    return {{product}, 1, 1, 1, false};
  cce::KernelOp rest = make(symbol + "_mix_aiv", cce::Unit::Vector, mixed);
  Lowering(kernel, op, rest, with, with.joined, handover).runEpilogue();
  return {{product, rest}, 1, 1, 1, false};
}

bool ascend::isProduct(KernelOp kernel) { return Lowering::isProduct(kernel); }

int64_t ascend::handoverBytes(ArrayRef<KernelOp> kernels, int64_t groups) {
  return llvm::any_of(kernels, Lowering::handsOver)
             ? Lowering::handoverBytes(groups)
             : 0;
}
