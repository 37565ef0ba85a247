// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sums over rows: what several rows load is one transfer.
//
// A trip of such a loop is a row. Where all that it loads is found by its
// number, as many rows as are an aligned run go together: one transfer brings
// what they load, they are computed side by side, and their terms meet in
// pairs, which is the run's sum in the default order. What the next run loads
// is asked for before one is computed, in the program, too: a queue has no room
// for all that computes one. Rows that are left at the end go one by one. Where
// a work item is a number of runs, a core's items are one sequence of runs: the
// next item's first is asked for before this one's last is computed.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/Lowering.h"

#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

/// Where a load of a trip is at, if it is what the trip's number says, and one
/// transfer can bring those of several: the number's place in the array; else
/// -1.
static int64_t placeIn(gemel::LoadOp load, Value trip) {
  int64_t place = -1;
  for (auto [i, position] : llvm::enumerate(load.getPositions())) {
    Operation *from = position.getDefiningOp();
    if (position == trip && place < 0)
      place = static_cast<int64_t>(i);
    else if (position == trip || (from && from->getBlock() == load->getBlock()))
      return -1;
  }
  return place;
}

/// How many trips go together: a power of two.
int64_t Lowering::tripsTogether(ForOp loop) {
  Block &body = loop.getBody().front();
  bool any = false;
  for (Operation &o : body) {
    auto load = dyn_cast<gemel::LoadOp>(o);
    if (o.getNumRegions() > 0)
      return 1;
    if (!load || isByValue(load.getArray()))
      continue;
    int64_t place = placeIn(load, body.getArgument(0));
    bool lanes = hasLanes(load.getType());
    bool last = place + 1 == static_cast<int64_t>(load.getPositions().size());
    Type element = elementOf(load.getArray());
    if (place < 0 || !isAhead(load) || last == lanes ||
        (!lanes && !element.isF32() && !element.isInteger(32)))
      return 1;
    any |= lanes;
  }
  bool isRow = loop.getStep() == 1 && loop.getAxisAttr() != lane;
  if (!any || !isRow)
    return 1;
  groups = true;
  return together;
}

/// How many trips of a loop are a run that goes together, at most.
int64_t Lowering::tripsOfRun(ForOp loop, const Runs &runs) {
  bool mayBe = runs.element.isF32() && runs.wide && runs.stacks.size() == 1 &&
               runs.levels < 32;
  return mayBe ? std::min(tripsTogether(loop), int64_t(1) << (runs.levels - 1))
               : 1;
}

/// Where the last whole run of `run` trips ends.
Value Lowering::endOfRuns(ForOp loop, int64_t run) {
  Value lower = indices.lookup(loop.getLower());
  Value all = e.sub(e.max(lower, indices.lookup(loop.getUpper())), lower);
  return e.add(lower, e.sub(all, e.rem(all, e.number(run))));
}

/// Room for what `count` trips load.
Lowering::Buffers Lowering::roomForTrips(ForOp loop, int64_t count) {
  Buffers rooms;
  for (gemel::LoadOp load : loadsAhead(loop.getBody().front())) {
    bool lanes = hasLanes(load.getType());
    rooms[load] = e.alloc(e.stored(elementOf(load.getArray())),
                          lanes ? count * e.extent
                                : llvm::alignTo(count, Emitter::kBlock));
  }
  return rooms;
}

/// What `count` trips from `first` on load.
void Lowering::bringTrips(ForOp loop, Value first, Value count,
                          const Buffers &rooms) {
  Block &body = loop.getBody().front();
  indices[body.getArgument(0)] = first;
  for (gemel::LoadOp load : loadsAhead(body)) {
    e.loc = load.getLoc();
    Value array = load.getArray(), raw = rooms.lookup(load);
    Type element = e.stored(elementOf(array));
    Place place =
        placeOf(array, load.getPositions(), 0, e.number(0), false, false);
    if (!hasLanes(load.getType())) {
      bring(raw, array, place.offset, count);
      continue;
    }
    Value pitch =
        pitchOf(array, axesOf(array)[placeIn(load, body.getArgument(0))]);
    Value from =
        e.at(slot(cast<BlockArgument>(array).getArgNumber()), place.offset);
    Value bytes =
        e.mul(e.n, e.number(static_cast<int64_t>(cce::bytesOf(element))));
    // Several bursts may not have less than 32 bytes each.
    e.choose(
        e.less(bytes, e.number(kBlockBytes)),
        [&] {
          whereAny(/*lanes=*/true, [&] {
            e.loop(e.number(0), count, e.number(1), [&](Value j) {
              bring(rowOf(raw, j), array, e.add(place.offset, e.mul(pitch, j)),
                    e.n);
            });
          });
        },
        [&] {
          bringRows(raw, element, from, pitch,
                    {count, e.n, e.number(e.extent)});
        });
  }
}

/// The term of a trip of which all that it loads is there: row number `j` of
/// rooms, block number `j` of columns of what has one element.
Piece Lowering::termOf(ForOp loop, Value trip, Value j, const Buffers &rooms,
                       const Buffers &columns) {
  Block &body = loop.getBody().front();
  indices[body.getArgument(0)] = trip;
  for (gemel::LoadOp load : loadsAhead(body))
    if (hasLanes(load.getType()))
      brought[load] = rowOf(rooms.lookup(load), j);
    else
      blocks[load] =
          e.at(columns.lookup(load), e.mul(j, e.number(Emitter::kBlock)));
  lowerBlock(body);
  return piece(cast<YieldOp>(body.back()).getValues()[0], 0);
}

/// Of what trips load one element of each, a block for each.
Lowering::Buffers Lowering::columnsOfTrips(ForOp loop, int64_t count,
                                           const Buffers &rooms) {
  Type word = IntegerType::get(b.getContext(), 32, IntegerType::Unsigned);
  int64_t repeats = llvm::divideCeil(count, Emitter::kBlock);
  Buffers columns;
  for (gemel::LoadOp load : loadsAhead(loop.getBody().front())) {
    if (hasLanes(load.getType()))
      continue;
    Value column = e.alloc(elementOf(load.getArray()), repeats * kRepeat);
    cce::VbrcbOp::create(b, e.loc, e.as(word, column),
                         e.as(word, rooms.lookup(load)), e.number(repeats), 1,
                         8);
    columns[load] = column;
  }
  return columns;
}

/// The sum of the terms of `count` trips from `first` on, which are a run.
Piece Lowering::sumTrips(ForOp loop, StringRef kind, Value first, int64_t count,
                         const Buffers &rooms) {
  Type element = elementOf(loop.getResult(0));
  Buffers columns = columnsOfTrips(loop, count, rooms);
  SmallVector<Piece> sums; // of runs, a longer one before a shorter one
  for (int64_t j = 0; j < count; ++j) {
    Value number = e.number(j);
    sums.push_back(termOf(loop, e.add(first, number), number, rooms, columns));
    for (int64_t ends = j + 1; ends % 2 == 0; ends /= 2) {
      Piece later = sums.pop_back_val(), sum = e.piece(element, /*lanes=*/true);
      combineInto(kind, element, sums.back(), later, sum);
      sums.back() = sum;
    }
  }
  return sums.front();
}

/// Hands on the sums of runs of `count` trips from `lower` to before `end`.
void Lowering::eachRun(ForOp loop, StringRef kind, Value lower, Value end,
                       int64_t count,
                       llvm::function_ref<void(Piece, Value)> take) {
  SmallVector<Buffers> rooms;
  for (int64_t i = 0; i < sets; ++i)
    rooms.push_back(roomForTrips(loop, count));
  Value size = e.number(count);
  auto load = [&](Value first, const Buffers &into) {
    e.choose(e.less(first, end), [&] { bringTrips(loop, first, size, into); });
  };
  auto sum = [&](Value first, const Buffers &from) {
    take(sumTrips(loop, kind, first, count, from), first);
  };
  if (sets == 1) {
    e.loop(lower, end, size, [&](Value first) {
      bringTrips(loop, first, size, rooms[0]);
      sum(first, rooms[0]);
    });
    return;
  }
  load(lower, rooms[0]);
  e.loop(lower, end, e.number(2 * count), [&](Value first) {
    Value next = e.add(first, size);
    load(next, rooms[1]);
    sum(first, rooms[0]);
    load(e.add(next, size), rooms[0]);
    e.choose(e.less(next, end), [&] { sum(next, rooms[1]); });
  });
}

/// Whether all that becomes of the sum of a loop is the vector unit's, and a
/// row of lanes.
bool Lowering::isRowBehind(ForOp loop) {
  return std::all_of(
      std::next(Block::iterator(loop)), loop->getBlock()->end(),
      [&](Operation &o) {
        if (auto store = dyn_cast<gemel::StoreOp>(o)) {
          ArrayRef<StringAttr> axes = axesOf(store.getArray());
          for (auto [axis, extent] : llvm::zip(axes, store.getExtents()))
            if (extent > 1 && (axis != lane || axes.back() != lane))
              return false;
          return !elementOf(store.getArray()).isInteger(64) &&
                 hasLanes(store.getTile().getType());
        }
        if (isa<YieldOp>(o))
          return true;
        return o.getNumResults() == 1 &&
               isa<TileType>(o.getResult(0).getType()) &&
               (isInvariant(o.getResult(0)) ||
                isa<ElementwiseOpInterface>(o)) &&
               isVectors(&o);
      });
}

/// The loop that is all there is to a work item but for what becomes of its
/// sum, if items have an even number of its runs.
ForOp Lowering::columnsOf() {
  if (kernel->hasAttr("resident") || kernel->hasAttr("matrix") || sets != 2)
    return nullptr;
  ForOp loop;
  Block *block = &kernel.getBody().front();
  while (!loop) {
    auto begin = llvm::find_if(*block, llvm::IsaPred<ForOp>);
    bool isKnown = std::all_of(block->begin(), begin, [](Operation &o) {
      return isa<ExtentOp, arith::ConstantIndexOp, arith::AddIOp, arith::MulIOp,
                 arith::MinSIOp>(o);
    });
    if (begin == block->end() || !isKnown)
      return nullptr;
    auto found = cast<ForOp>(*begin);
    if (found.getNumResults() > 0)
      loop = found;
    else if (!isOneTrip(found) || std::next(begin) != block->end())
      return nullptr;
    block = &found.getBody().front();
  }
  bool isSum =
      loop.getNumResults() == 1 &&
      cast<StringAttr>(loop.getCombine()[0]) == "sum" &&
      cast<OrderAttr>(loop.getOrders()[0]).getKind() != OrderKind::Serial &&
      hasLanes(loop.getResult(0).getType());
  if (!isSum || !elementOf(loop.getResult(0)).isF32() || !isRowBehind(loop))
    return nullptr;
  int64_t count = tripsTogether(loop), trips = tripsOfItems(loop);
  return count > 1 && trips > 0 && trips % (2 * count) == 0 ? loop : nullptr;
}

/// Positions of a work item, as a loop in it has them.
void Lowering::bindAt(Value item, ForOp loop) {
  bindItem(item);
  SmallVector<ForOp> path = {loop};
  while (auto around = path.back()->getParentOfType<ForOp>())
    path.push_back(around);
  for (ForOp next : llvm::reverse(path)) {
    for (Operation &o : *next->getBlock()) {
      if (&o == next)
        break;
      lowerIndex(o);
    }
    if (next == loop)
      return;
    Value lower = indices.lookup(next.getLower());
    indices[next.getBody().getArgument(0)] = lower;
    setLanes(e.min(e.sub(indices.lookup(next.getUpper()), lower),
                   e.number(next.getStep())));
  }
}

/// A core's items as one sequence of runs, of which the last of an item may be
/// none, or some trips only. Each part of the sequence is one pipe's.
void Lowering::lowerColumns(ForOp loop, Value items) {
  Value block = cce::GetBlockIdxOp::create(b, e.loc, b.getI64Type());
  Value blocks = cce::GetBlockNumOp::create(b, e.loc, b.getI64Type());
  int64_t count = tripsTogether(loop), levels = llvm::Log2_64(count);
  Runs runs = runsOf(loop, levelsOf(loop) - levels); // of whole runs
  Buffers rooms[2] = {roomForTrips(loop, count), roomForTrips(loop, count)};
  Buffers sent; // by stores
  llvm::iterator_range<Block::iterator> behind(std::next(Block::iterator(loop)),
                                               loop->getBlock()->end());
  Pieces total = {e.piece(runs.element, /*lanes=*/true)};
  for (Operation &o : behind)
    if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      Type stored = e.stored(elementOf(store.getArray()));
      bool isTotal =
          store.getTile() == loop.getResult(0) && stored == runs.element;
      sent[store] = isTotal ? total[0].pointer : e.alloc(stored, e.extent);
    }
  values[loop.getResult(0)] = total;
  Value each = e.number(tripsOfItems(loop) / count), size = e.number(count);
  Value one = e.number(1), zero = e.number(0);
  Value mine = e.div(e.add(e.sub(items, block), e.sub(blocks, one)), blocks);
  Value all = e.mul(mine, each);
  struct Run {
    Value first, trips, exists;
    Scope scope;
  };
  auto bind = [&](Value number) {
    Run run;
    bindAt(e.add(block, e.mul(e.div(number, each), blocks)), loop);
    run.first = e.add(indices.lookup(loop.getLower()),
                      e.mul(e.rem(number, each), size));
    Value left = e.sub(indices.lookup(loop.getUpper()), run.first);
    run.trips = e.min(left, size);
    run.exists = arith::AndIOp::create(b, e.loc, e.less(number, all),
                                       e.less(zero, left));
    run.scope = scope();
    return run;
  };
  auto load = [&](const Run &run, const Buffers &into) {
    enter(run.scope);
    e.choose(run.exists, [&] { bringTrips(loop, run.first, run.trips, into); });
  };
  auto sum = [&](const Run &run, const Buffers &from) {
    enter(run.scope);
    auto whole = [&] {
      Piece term = sumTrips(loop, runs.kind, run.first, count, from);
      pushRun(runs, {term}, e.div(tripsTo(loop, run.first), size));
    };
    auto some = [&] {
      Runs rest = runsOf(loop, levels);
      Buffers columns = columnsOfTrips(loop, count, from);
      e.loop(e.number(0), run.trips, e.number(1), [&](Value j) {
        Value trip = e.add(run.first, j);
        pushRun(rest, {termOf(loop, trip, j, from, columns)}, j);
      });
      addRuns(rest, run.trips, total);
    };
    e.choose(run.exists,
             [&] { e.choose(e.less(run.trips, size), some, whole); });
  };
  load(bind(zero), rooms[0]);
  auto begin = scf::IfOp::create(b, e.loc, e.less(zero, all),
                                 /*withElseRegion=*/false);
  e.startItems(begin);
  e.forget();
  for (Operation &o : behind)
    if (o.getNumResults() == 1 && isInvariant(o.getResult(0)))
      values[o.getResult(0)] = {
          e.inPreamble([&] { return lowerInvariant(&o); })};
  b.setInsertionPoint(begin.thenYield());
  e.loop(zero, all, e.number(2), [&](Value number) {
    Value second = e.add(number, one), third = e.add(second, one);
    Run current = bind(number), next = bind(second), last = bind(third);
    load(next, rooms[1]);
    enter(current.scope);
    e.choose(e.less(e.rem(number, each), one), [&] {
      e.fill(total[0], identityOf(runs.kind, runs.element), runs.element);
    });
    sum(current, rooms[0]);
    load(last, rooms[0]);
    sum(next, rooms[1]);
    enter(next.scope);
    Value isLast = e.less(e.rem(third, each), one);
    e.choose(isLast, [&] {
      Value trips = tripsTo(loop, indices.lookup(loop.getUpper()));
      addRuns(runs, e.div(trips, size), total);
      zeroIfNone(runs.kind, e.less(zero, trips), total, runs.element);
      now = &sent;
      lowerOps(behind);
      now = nullptr;
    });
    for (Operation &o : behind)
      if (auto store = dyn_cast<gemel::StoreOp>(o))
        e.choose(isLast, [&] {
          e.loc = store.getLoc();
          Place place = placeOf(store.getArray(), store.getPositions(), 0, zero,
                                false, false);
          whereAny(/*lanes=*/true, [&] {
            send(store.getArray(), place.offset, sent[store], e.n);
          });
        });
  });
}

/// How many trips a work item has of a loop at most, if items are pieces of its
/// axis; else 0.
int64_t Lowering::tripsOfItems(ForOp loop) {
  for (auto work : kernel.getWorkAxes().getAsRange<StringAttr>())
    if (op.getCutAxis(work) == loop.getAxisAttr())
      return op.getAxis(op.findAxis(work)).getRuns();
  return 0;
}
