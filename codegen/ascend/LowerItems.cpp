// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Work items one after another, side by side in the pipes: while one is
// computed, the next one is loaded and the last one stored.
//
// What items load and store has two buffers each, which they take in turns. The
// loop does two items a trip:
//
//   load 1    of the next item
//   compute 0
//   store 0
//   load 0    of the item after the next
//   compute 1
//   store 1
//
// so that each pipe has its work early in the program, and each part of the
// loop is one pipe's.
#include "codegen/ascend/Lowering.h"

#include "dialect/TypeRules.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

/// The ops of a kernel in order, those of loops of one trip behind the loop.
void Lowering::flatten(Block &block, SmallVectorImpl<Operation *> &ops) {
  for (Operation &o : block) {
    ops.push_back(&o);
    if (auto loop = dyn_cast<ForOp>(o))
      flatten(loop.getBody().front(), ops);
  }
}

/// What the scalar unit has no part in: it waits for what it reads, and hands
/// out nothing meanwhile.
bool Lowering::isVectors(Operation *o) {
  auto has = [](Type type) {
    if (!isa<TileType>(type))
      return true;
    Type element = elementOf(type);
    return isa<FloatType>(element) || element.isInteger(32) ||
           element.isInteger(1) || element.isUnsignedInteger(8);
  };
  if (!llvm::all_of(o->getOperandTypes(), has) ||
      !llvm::all_of(o->getResultTypes(), has) || isa<FloorDivOp, ModOp>(o))
    return false;
  if (!isa<WhereOp>(o))
    return true;
  Type element = elementOf(o->getResult(0));
  return element.isF32() || element.isInteger(32) || element.isInteger(1);
}

/// Whether a row stays that begins at 0 in all items.
bool Lowering::isRowAtZero() {
  return !rowFirsts.empty() && llvm::all_of(rowFirsts, [](Value first) {
    return matchPattern(first, m_Zero());
  });
}

bool Lowering::isInvariant(Value value) {
  auto [it, isNew] = invariants.insert({value, false});
  if (!isNew)
    return it->second;
  Operation *o = value.getDefiningOp();
  bool same = false;
  if (o && isa<gemel::ConstantOp, SizeOp>(o)) {
    same = true;
  } else if (auto load = dyn_cast_or_null<gemel::LoadOp>(o)) {
    // Of rows that stay and begin at 0, what names no position of an item.
    same = llvm::all_of(load.getPositions(), [&](Value position) {
      return matchPattern(position, m_Zero());
    });
    same &=
        !stored.contains(load.getArray()) &&
        (!hasLanes(load.getType()) || axesOf(load.getArray()).back() == lane);
  } else if (o && o->getNumOperands() && o->getNumRegions() == 0 &&
             !isa<IotaOp, ReadIndexOp>(o)) {
    same = llvm::all_of(o->getOperands(), [&](Value operand) {
      return isa<TileType>(operand.getType()) && isInvariant(operand);
    });
  }
  return invariants[value] = same;
}

/// What is the same for all items, in the preamble; as a number, too, if rows
/// are to meet that.
Piece Lowering::lowerInvariant(Operation *o) {
  Piece made = lowerOp(o, 0);
  Value value = o->getResult(0);
  bool meetsRows =
      !hasLanes(value.getType()) && elementOf(value).isF32() &&
      llvm::any_of(value.getUses(), [&](OpOperand &use) {
        return takesScalar(use) && !isInvariant(use.getOwner()->getResult(0));
      });
  if (meetsRows && !made.scalar)
    made.scalar = e.scalar(made, b.getF32Type(), e.number(0));
  return made;
}

/// Whether items can go side by side: what they load and store is known before
/// they are computed, and the vector unit does all between.
bool Lowering::isPipelined() {
  if (row || kernel->hasAttr("matrix"))
    return false;
  kernel.walk([&](gemel::StoreOp store) { stored.insert(store.getArray()); });
  if (host) {
    for (Operation &o : kernel.getBody().front())
      if (&o != host && o.getNumResults() > 0)
        flat.push_back(&o);
    flatten(host.getBody().front(), flat);
  } else {
    flatten(kernel.getBody().front(), flat);
  }
  if (!isRowAtZero()) // lanes are an item's own
    for (Operation *o : flat)
      if (o->getNumResults() && isa<TileType>(o->getResult(0).getType()) &&
          hasLanes(o->getResult(0).getType()))
        invariants[o->getResult(0)] = false;
  auto isRun = [&](Value array, ValueRange positions, Type tile) {
    return llvm::all_of(positions,
                        [](Value p) { return isa<IndexType>(p.getType()); }) &&
           (!hasLanes(tile) || axesOf(array).back() == lane);
  };
  for (Operation *o : flat) {
    if (isa<YieldOp>(o) || o->getResultTypes() == TypeRange(b.getIndexType())) {
      if (isa<ReadIndexOp>(o))
        return false;
      continue;
    }
    if (auto load = dyn_cast<gemel::LoadOp>(o)) {
      if (!isByValue(load.getArray()) && !isInvariant(load.getResult()) &&
          (!isRun(load.getArray(), load.getPositions(), load.getType()) ||
           elementOf(load.getArray()).isInteger(64)))
        return false;
      continue;
    }
    if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      ArrayRef<StringAttr> axes = axesOf(store.getArray());
      for (auto [axis, extent] : llvm::zip(axes, store.getExtents()))
        if (extent > 1 && (axis != lane || axes.back() != lane))
          return false;
      if (elementOf(store.getArray()).isInteger(64))
        return false;
      continue;
    }
    if (auto loop = dyn_cast<ForOp>(o)) {
      if (!isOneTrip(loop) || !isVectorLoop(loop))
        return false;
      continue;
    }
    if (isa<ScatterOp, ScratchOp, KeepOp, RecallOp>(o))
      return false;
    if (!isInvariant(o->getResult(0)) && !isVectors(o))
      return false;
  }
  return true;
}

/// A loop of one trip whose combination is the vector unit's.
bool Lowering::isVectorLoop(ForOp loop) {
  if (loop.getNumResults() == 0)
    return true;
  StringRef kind = cast<StringAttr>(loop.getCombine()[0]);
  auto order = cast<OrderAttr>(loop.getOrders()[0]).getKind();
  Type element = elementOf(loop.getResult(0));
  if (element.isInteger(1))
    return kind == "any" || kind == "all";
  return element.isF32() &&
         (kind == "max" || kind == "min" ||
          ((kind == "sum" || kind == "prod") && order != OrderKind::Serial));
}

void Lowering::enter(const Scope &scope) {
  indices = scope.indices;
  e.n = scope.n;
  e.whole = scope.whole;
}

/// Positions of a work item, and its lanes; behind the last item anything.
void Lowering::bindItem(Value item) {
  Block &body = kernel.getBody().front();
  int64_t arrays = body.getNumArguments() -
                   static_cast<int64_t>(kernel.getWorkAxes().size());
  for (size_t i = kernel.getWorkAxes().size(); i-- > 0;) {
    int64_t step = kernel.getWorkSteps()[i];
    Value at = item;
    if (i) {
      Value count =
          e.ceilDiv(axisSize(cast<StringAttr>(kernel.getWorkAxes()[i])), step);
      at = e.rem(item, count);
      item = e.div(item, count);
    }
    indices[body.getArgument(arrays + i)] = e.mul(at, e.number(step));
    enterRow(body.getArgument(arrays + i));
  }
}

/// Of rows that are a run's, the position of one.
void Lowering::bindRow(Value row) {
  if (!host)
    return bindItem(row);
  indices[host.getBody().getArgument(0)] = row;
}

void Lowering::lowerPipelined(Value items) {
  Value block = cce::GetBlockIdxOp::create(b, e.loc, b.getI64Type());
  Value blocks = cce::GetBlockNumOp::create(b, e.loc, b.getI64Type());
  bool rowAtZero = isRowAtZero();
  if (rowAtZero) // all items have its lanes
    setLanes(e.min(axisSize(lane), e.number(e.tile)));
  for (Operation *o : flat) {
    if (auto load = dyn_cast<gemel::LoadOp>(o)) {
      if (isByValue(load.getArray()) || isInvariant(load.getResult()))
        continue;
      Type element = e.stored(elementOf(load.getArray()));
      bool lanes = hasLanes(load.getType());
      for (int half : {0, 1})
        turns[half][o] = e.alloc(
            element, lanes ? e.extent
                           : 32 / static_cast<int64_t>(cce::bytesOf(element)));
    } else if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      Type element = e.stored(elementOf(store.getArray()));
      bool lanes = llvm::any_of(store.getExtents(),
                                [](int64_t extent) { return extent > 1; });
      Operation *load = takesOver(o);
      for (int half : {0, 1})
        turns[half][o] =
            load ? turns[half][load]
                 : e.alloc(element, lanes
                                        ? e.extent
                                        : std::max<int64_t>(
                                              Emitter::kBlock,
                                              32 / static_cast<int64_t>(
                                                       cce::bytesOf(element))));
    }
  }
  Value two = e.add(blocks, blocks);
  struct Item {
    Value exists;
    Scope scope;
  };
  auto bind = [&](Value number) {
    Item item;
    inRow = rowAtZero;
    bindItem(number);
    for (Operation *o : flat) {
      if (auto loop = dyn_cast<ForOp>(o)) {
        Value lower = indices.lookup(loop.getLower());
        indices[loop.getBody().getArgument(0)] = lower;
        if (loop.getNumResults() == 0 && !kernel->hasAttr("resident"))
          setLanes(e.min(e.sub(indices.lookup(loop.getUpper()), lower),
                         e.number(loop.getStep())));
        continue;
      }
      lowerIndex(*o);
    }
    item.exists = e.less(number, items);
    item.scope = scope();
    return item;
  };
  // Each in a choice of its own, so that a load waits for no more than what
  // was stored from its buffer.
  SmallVector<Operation *> loads = loadsInTurn();
  auto load = [&](int half, const Item &item) {
    enter(item.scope);
    for (Operation *o : loads)
      if (auto one = cast<gemel::LoadOp>(o); turns[half].count(o))
        e.choose(item.exists, [&] {
          Place place = placeOf(one.getArray(), one.getPositions(), 0,
                                e.number(0), false, false);
          bool lanes = hasLanes(one.getType());
          whereAny(lanes, [&] {
            bring(turns[half][o], one.getArray(), place.offset,
                  lanes ? e.n : e.number(1));
          });
        });
  };
  auto send = [&](int half, const Item &item) {
    enter(item.scope);
    for (Operation *o : flat)
      if (auto one = dyn_cast<gemel::StoreOp>(o))
        e.choose(item.exists, [&] {
          bool lanes = llvm::any_of(one.getExtents(),
                                    [](int64_t extent) { return extent > 1; });
          Place place = placeOf(one.getArray(), one.getPositions(), 0,
                                e.number(0), false, false);
          whereAny(lanes, [&] {
            this->send(one.getArray(), place.offset, turns[half][o],
                       lanes ? e.n : e.number(1));
          });
        });
  };
  auto compute = [&](int half, const Item &item) {
    enter(item.scope);
    now = &turns[half];
    inRow = true;
    lowerBlock(kernel.getBody().front());
    now = nullptr;
  };
  inRow = rowAtZero;
  for (Operation *o : flat)
    if (isa<arith::ConstantIndexOp, ExtentOp>(o))
      lowerIndex(*o);
  // First of all what is waited for the longest, then what the preamble makes,
  // before a marker.
  load(0, bind(block));
  auto begin = scf::IfOp::create(b, e.loc, e.less(block, items),
                                 /*withElseRegion=*/false);
  e.startItems(begin);
  e.forget();
  inRow = rowAtZero;
  for (Operation *o : flat)
    if (o->getNumResults() == 1 && isa<TileType>(o->getResult(0).getType()) &&
        isInvariant(o->getResult(0)))
      values[o->getResult(0)] = {
          e.inPreamble([&] { return lowerInvariant(o); })};
  b.setInsertionPoint(begin.thenYield());
  e.loop(block, items, two, [&](Value number) {
    Item first = bind(number), next = bind(e.add(number, blocks)),
         last = bind(e.add(number, two));
    load(1, next);
    compute(0, first);
    send(0, first);
    load(0, last);
    e.choose(next.exists, [&] { compute(1, next); });
    send(1, next);
  });
}
