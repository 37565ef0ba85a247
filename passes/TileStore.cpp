// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Work items, the loops of what they store, and the kernels around them.

#include "passes/Tiling.h"

#include "passes/Kept.h"

#include "dialect/TypeRules.h"
#include "dialect/Words.h"

using namespace mlir;
using namespace gemel;

/// The axes of a destination that have no position in `scope`.
static llvm::SmallSetVector<StringAttr, 8> axesLeft(Value destination,
                                                    Scope &scope) {
  llvm::SmallSetVector<StringAttr, 8> left;
  for (StringAttr axis : axesOf(destination))
    if (!scope.positions.count(axis))
      left.insert(axis);
  return left;
}

/// The positions of an axis that are a work item's: a run, or all.
std::pair<Value, Value> Tiling::bounds(StringAttr axis, Scope &scope) {
  auto op = group->getParentOfType<OpOp>();
  Value all = extent(axis, scope);
  for (StringAttr runs : plan.getWorkAxes())
    if (op.getCutAxis(runs) == axis) {
      int64_t length = op.getAxis(op.findAxis(runs)).getRuns();
      Value lower = arith::MulIOp::create(scope.builder, loc,
                                          scope.positions.lookup(runs).index,
                                          index(length, scope));
      return {lower, clipped(lower, length, all, scope)};
    }
  return {index(0, scope), all};
}

/// Of a sort, each position goes to its place.
void Tiling::scatterPositions(ArgsortOp sort, Value places, Value array,
                              Scope &scope) {
  SmallVector<Value> positions;
  for (StringAttr axis : axesOf(array))
    positions.push_back(axis == sort.getAxisAttr()
                            ? places
                            : scope.positions.lookup(axis).index);
  Value tile =
      positionTile(sort.getAxisAttr(), scope.builder.getI32Type(), scope);
  ScatterOp::create(scope.builder, loc, tile, array, positions);
}

void Tiling::storeHere(ArrayRef<const Stored *> nest,
                       ArrayRef<Scope *> scopes) {
  // All is computed before the first store: an inout's old value is read.
  SmallVector<std::tuple<const Stored *, Scope *, Value>> computed;
  for (Scope *scope : scopes)
    for (const Stored *stored : nest)
      computed.push_back({stored, scope, emit(stored->value, *scope)});
  for (auto [stored, at, tile] : computed)
    for (Value array : stored->arrays) {
      Scope &scope = *at;
      if (auto sort = stored->value.getDefiningOp<ArgsortOp>()) {
        scatterPositions(sort, tile, array, scope);
        continue;
      }
      SmallVector<Value> positions;
      SmallVector<int64_t> extents;
      for (StringAttr axis : axesOf(array)) {
        positions.push_back(scope.positions.lookup(axis).index);
        extents.push_back(scope.positions.lookup(axis).extent);
      }
      StoreOp::create(scope.builder, loc, tile, array, positions, extents);
    }
}

/// Stores yielded values whose remaining axes are the same, in one loop nest.
void Tiling::emitStores(ArrayRef<const Stored *> nest, Scope &scope) {
  // Memory order of the widest destination, lanes innermost.
  auto axes = axesLeft(nest.front()->arrays.front(), scope).takeVector();
  llvm::stable_sort(axes, [&](StringAttr a, StringAttr b) {
    return (a == lane) < (b == lane);
  });
  Scopes scopes, written;
  SmallVector<ForOp> loops;
  Scope *innermost = &scope;
  for (StringAttr axis : axes) {
    if (few.contains(axis))
      continue;
    int64_t step = axis == lane ? plan.getExtent(axis) : 1;
    auto [lower, upper] = bounds(axis, *innermost);
    ForOp forOp = loop(axis, lower, upper, step, {}, {}, {}, {}, *innermost);
    Block &block = forOp.getBody().front();
    scopes.push_back(std::make_unique<Scope>(*innermost, block));
    scopes.back()->positions[axis] = Position{block.getArgument(0), step, {}};
    innermost->builder.setInsertionPoint(forOp);
    loops.push_back(forOp);
    innermost = scopes.back().get();
  }
  written.push_back(
      std::make_unique<Scope>(*innermost, *innermost->builder.getBlock()));
  written.back()->builder = innermost->builder;
  for (StringAttr axis : few)
    if (llvm::is_contained(axes, axis))
      writeOut(axis, written);
  storeHere(nest, llvm::map_to_vector(
                      written, [](const auto &scope) { return scope.get(); }));
  for (ForOp forOp : loops) {
    OpBuilder end(context);
    end.setInsertionPointToEnd(&forOp.getBody().front());
    YieldOp::create(end, loc, ValueRange());
  }
  if (!loops.empty())
    scope.builder.setInsertionPointAfter(loops.front());
}

/// The axis along which a reduction of the group forms the work item's run,
/// where a step holds a row and each lane's values are its own: a loop over
/// rows that loads each once.
static StringAttr hostAxis(GroupOp group, PlanAttr plan) {
  if (!plan.getResident())
    return {};
  auto op = group->getParentOfType<OpOp>();
  for (auto reduction : group.getBody().front().getOps<ReductionOpInterface>())
    if (StringAttr runs = reduction.getRunAxis())
      if (StringAttr axis = op.getCutAxis(runs))
        return axis;
  return {};
}

void Tiling::hostRows(StringAttr axis, Scope &body) {
  auto it = guests.find(axis);
  if (it == guests.end())
    return;
  Nest nest = std::move(it->second);
  guests.erase(it);
  storeHere(nest, &body);
}

/// Stored values with the same remaining axes share their loops.
void Tiling::emitNests(Scope &scope) {
  SmallVector<Nest> nests;
  for (const Stored &stored : stores) {
    auto mine = axesLeft(stored.arrays.front(), scope);
    auto *joined = llvm::find_if(nests, [&](ArrayRef<const Stored *> nest) {
      auto theirs = axesLeft(nest.front()->arrays.front(), scope);
      return theirs.size() == mine.size() &&
             llvm::all_of(mine,
                          [&](StringAttr a) { return theirs.contains(a); });
    });
    if (joined == nests.end())
      nests.push_back({&stored});
    else
      joined->push_back(&stored);
  }
  StringAttr host = hostAxis(group, plan);
  SmallVector<Nest> rest;
  for (Nest &nest : nests) {
    auto left = axesLeft(nest.front()->arrays.front(), scope);
    if (host && left.size() == 1 && left.front() == host)
      guests[host] = nest;
    else
      rest.push_back(nest);
  }
  for (Nest &nest : rest)
    emitStores(nest, scope);
  for (auto &[axis, nest] : guests)
    emitStores(nest, scope);
}

void Tiling::emitSweeps(Scope &scope) {
  if (!plan.getScratch())
    return;
  for (Value value : keptValues(group, lane)) {
    auto type = ArrayType::get(context, {lane}, elementOf(value));
    rooms[value].scratch = ScratchOp::create(scope.builder, value.getLoc(),
                                             type, lane, plan.getScratch());
  }
  // In block order: what one sweep keeps, the next may recall. A sweep whose
  // value has other axes than a work item's belongs in loops over these.
  for (Operation &o : group.getBody().front())
    if (isSweep(&o, lane) &&
        llvm::all_of(axesOf(o.getResult(0)), [&](StringAttr axis) {
          return scope.positions.count(axis);
        }))
      emit(o.getResult(0), scope);
}

void Tiling::makeResident(Scope &scope) {
  if (!plan.getResident())
    return;
  residentFirst = bounds(lane, scope).first;
  scope.positions[lane] = Position{residentFirst, plan.getExtent(lane), {}};
}

void Tiling::run() {
  loc = group.getLoc();
  Block &body = kernel.getBody().front();
  OpBuilder b(context);
  b.setInsertionPointToEnd(&body);
  Scope scope(b);
  // A work item's positions are the kernel's last arguments; a chunk of the
  // lane axis is walked by a loop.
  Value laneFirst;
  int64_t chunk = 0;
  for (auto [axis, step] : llvm::zip(plan.getWorkAxes(), plan.getWorkSteps())) {
    Value first = body.addArgument(b.getIndexType(), loc);
    if (axis == lane) {
      laneFirst = first;
      chunk = step;
      continue;
    }
    scope.positions[axis] = Position{first, plan.getExtent(axis), {}};
  }
  if (plan.getChain()) {
    // One step has all of an item's lanes.
    if (lane)
      scope.positions[lane] = Position{
          laneFirst ? laneFirst : index(0, scope), plan.getExtent(lane), {}};
    emitNests(scope);
    return;
  }
  if (!laneFirst) {
    makeResident(scope);
    emitSweeps(scope);
    emitNests(scope);
    return;
  }
  Value last = clipped(laneFirst, chunk, extent(lane, scope), scope);
  ForOp laneLoop =
      loop(lane, laneFirst, last, plan.getExtent(lane), {}, {}, {}, {}, scope);
  Block &block = laneLoop.getBody().front();
  scope.builder.setInsertionPoint(laneLoop);
  Scope inside(scope, block);
  inside.positions[lane] =
      Position{block.getArgument(0), plan.getExtent(lane), {}};
  emitNests(inside);
  OpBuilder end(context);
  end.setInsertionPointToEnd(&block);
  YieldOp::create(end, loc, ValueRange());
}

namespace {

/// A kernel's arguments: parameters, results, workspaces.
struct Arguments {
  explicit Arguments(OpOp op, SmallVectorImpl<Workspace> &workspaces);

  SmallVector<Type> types;
  SmallVector<int64_t> scalars;
  llvm::DenseMap<Value, unsigned> slots; ///< a group's result: its workspace
  unsigned firstResult;
};

} // namespace

Arguments::Arguments(OpOp op, SmallVectorImpl<Workspace> &workspaces)
    : types(op.getBody().front().getArgumentTypes()),
      firstResult(types.size()) {
  for (int64_t i = 0, e = op.getParameters().size(); i < e; ++i)
    if (op.getParameter(i).getScalar())
      scalars.push_back(i);
  for (Attribute attr : op.getResults_()) {
    auto argument = cast<ArgumentAttr>(attr);
    SmallVector<StringAttr> axes;
    for (Attribute axis : argument.getAxes())
      axes.push_back(cast<StringAttr>(axis));
    types.push_back(
        ArrayType::get(op.getContext(), axes,
                       parseDtype(op.getContext(), argument.getDtype())));
  }
  for (GroupOp group : op.getBody().getOps<GroupOp>())
    for (Value result : group.getResults())
      if (llvm::any_of(result.getUsers(),
                       [](Operation *user) { return !isa<ReturnOp>(user); })) {
        slots[result] = types.size();
        types.push_back(result.getType());
        workspaces.push_back(
            {StringAttr::get(op.getContext(), "w" + Twine(workspaces.size())),
             cast<ArrayType>(result.getType())});
      }
}

/// An empty kernel with its arguments and the plan's work.
static KernelOp createKernel(OpOp op, GroupOp group, const Arguments &arguments,
                             Block &into) {
  OpBuilder b(op.getContext());
  b.setInsertionPointToEnd(&into);
  PlanAttr plan = *group.getPlan();
  SmallVector<Attribute> axes(plan.getWorkAxes().begin(),
                              plan.getWorkAxes().end());
  std::string name = (op.getSymName() + "_" + group.getName()).str();
  auto kernel = KernelOp::create(b, group.getLoc(), b.getStringAttr(name),
                                 StringAttr(), b.getArrayAttr(axes),
                                 b.getDenseI64ArrayAttr(plan.getWorkSteps()),
                                 b.getI64IntegerAttr(plan.getGrain()));
  Block &body = kernel.getBody().emplaceBlock();
  for (Type type : arguments.types)
    body.addArgument(type, group.getLoc());
  kernel->setAttr("scalars", b.getDenseI64ArrayAttr(arguments.scalars));
  if (plan.getLane())
    kernel->setAttr("lane", plan.getLane());
  for (StringAttr axis : plan.getTileAxes())
    if (axis != plan.getLane() && axis != plan.getMatrix() &&
        axis != plan.getChain())
      kernel->setAttr("row", axis);
  if (plan.getMatrix())
    kernel->setAttr("matrix", plan.getMatrix());
  if (plan.getChain())
    kernel->setAttr("chain", plan.getChain());
  kernel->setAttr("team", b.getI64IntegerAttr(plan.getTeam()));
  kernel->setAttr("vector", b.getI64IntegerAttr(plan.getVector()));
  if (plan.getResident())
    kernel->setAttr("resident", b.getUnitAttr());
  if (plan.getWhole())
    kernel->setAttr("whole", b.getUnitAttr());
  return kernel;
}

/// Adds what a value is stored to: each array with those that lack some of its
/// axes, along which the value is the same.
static void addStores(Value value, SmallVector<Value> arrays,
                      SmallVectorImpl<Stored> &stores) {
  while (!arrays.empty()) {
    Value widest = *llvm::max_element(arrays, [](Value a, Value b) {
      return axesOf(a).size() < axesOf(b).size();
    });
    Stored stored{value, {widest}};
    llvm::erase_if(arrays, [&](Value array) {
      bool covered = llvm::all_of(axesOf(array), [&](StringAttr axis) {
        return hasAxis(widest.getType(), axis);
      });
      if (covered && array != widest)
        stored.arrays.push_back(array);
      return covered;
    });
    stores.push_back(std::move(stored));
  }
}

FailureOr<Tiled> gemel::tile(OpOp op, Block &into) {
  Tiled tiled;
  Block &block = op.getBody().front();
  auto returns = cast<ReturnOp>(block.back());
  Arguments arguments(op, tiled.workspaces);
  SmallVector<int64_t> inouts = op.getInouts();
  for (GroupOp group : block.getOps<GroupOp>()) {
    if (!group.getPlan())
      return group.emitOpError() << "has no plan; run schedule before tile";
    KernelOp kernel = createKernel(op, group, arguments, into);
    Block &body = kernel.getBody().front();
    Tiling tiling(group, kernel);
    for (BlockArgument argument : block.getArguments())
      tiling.arrays[argument] = body.getArgument(argument.getArgNumber());
    for (auto [value, slot] : arguments.slots)
      tiling.arrays[value] = body.getArgument(slot);
    auto yield = cast<YieldOp>(group.getBody().front().back());
    for (OpResult result : group.getResults()) {
      SmallVector<Value> to;
      for (OpOperand &use : result.getUses()) {
        if (use.getOwner() != returns)
          continue;
        unsigned i = use.getOperandNumber();
        unsigned count = op.getResults_().size();
        to.push_back(body.getArgument(i < count ? arguments.firstResult + i
                                                : inouts[i - count]));
      }
      if (arguments.slots.count(result))
        to.push_back(body.getArgument(arguments.slots[result]));
      addStores(yield.getValues()[result.getResultNumber()], to, tiling.stores);
    }
    tiling.run();
    tiled.kernels.push_back(kernel);
  }
  return tiled;
}
