// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sums over rows: what several rows load is one transfer.
//
// A trip of such a loop is a row. Where all that it loads is found by its
// number, as many rows as are an aligned run go together: one transfer brings
// what they load, they are computed side by side, and their terms meet in
// pairs, which is the run's sum in the default order. What the next run loads
// is asked for before one is computed, in the program, too: a queue has no room
// for all that computes one. Rows that are left at the end go one by one.
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

/// Room for what `count` trips load.
Lowering::Buffers Lowering::roomForTrips(ForOp loop, int64_t count) {
  Buffers rooms;
  for (gemel::LoadOp load : loadsAhead(loop.getBody().front())) {
    bool lanes = hasLanes(load.getType());
    rooms[load] = e.alloc(e.stored(elementOf(load.getArray())),
                          lanes ? count * e.extent : Emitter::kBlock);
  }
  return rooms;
}

/// What `count` trips from `first` on load.
void Lowering::bringTrips(ForOp loop, Value first, int64_t count,
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
      bring(raw, array, place.offset, e.number(count));
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
            for (int64_t j = 0; j < count; ++j)
              bring(rowOf(raw, e.number(j)), array,
                    e.add(place.offset, e.mul(pitch, e.number(j))), e.n);
          });
        },
        [&] {
          bringRows(raw, element, from, pitch,
                    {e.number(count), e.n, e.number(e.extent)});
        });
  }
}

/// The sum of the terms of `count` trips from `first` on, which are a run.
Piece Lowering::sumTrips(ForOp loop, StringRef kind, Value first, int64_t count,
                         const Buffers &rooms) {
  Block &body = loop.getBody().front();
  Value term = cast<YieldOp>(body.back()).getValues()[0];
  Type element = elementOf(loop.getResult(0));
  SmallVector<gemel::LoadOp> loads = loadsAhead(body);
  Buffers columns; // of one element each
  for (gemel::LoadOp load : loads)
    if (!hasLanes(load.getType()))
      columns[load] =
          columnOf(rooms.lookup(load), elementOf(load.getArray())).pointer;
  SmallVector<Piece> terms;
  for (int64_t j = 0; j < count; ++j) {
    indices[body.getArgument(0)] = e.add(first, e.number(j));
    for (gemel::LoadOp load : loads)
      if (hasLanes(load.getType()))
        brought[load] = rowOf(rooms.lookup(load), e.number(j));
      else
        blocks[load] = e.at(columns[load], e.number(j * Emitter::kBlock));
    lowerBlock(body);
    terms.push_back(piece(term, 0));
  }
  for (; terms.size() > 1; terms.resize(terms.size() / 2))
    for (size_t i = 0; i < terms.size() / 2; ++i) {
      Piece sum = e.piece(element, /*lanes=*/true);
      combineInto(kind, element, terms[2 * i], terms[2 * i + 1], sum);
      terms[i] = sum;
    }
  return terms.front();
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
    e.choose(e.less(first, end), [&] { bringTrips(loop, first, count, into); });
  };
  auto sum = [&](Value first, const Buffers &from) {
    take(sumTrips(loop, kind, first, count, from), first);
  };
  if (sets == 1) {
    e.loop(lower, end, size, [&](Value first) {
      bringTrips(loop, first, count, rooms[0]);
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
