// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Work items that are rows, several at a time.
//
// What a row has one of (its sum, what becomes of it) costs an instruction as
// much as a whole row does; so rows are taken together, and these values stand
// in a column of blocks, one for each row. Stages of columns and sweeps over
// the rows take turns: a sweep computes what hangs on the rows and on columns
// before it, and combines along the rows; the next stage makes columns of that.
// What a later sweep needs again is kept, or, where one instruction gives it,
// computed again. Two rows go side by side, or all where they are short, so
// that one's instructions run while the others' results are on their way; and
// where there is no room for many, they are two teams, so that columns of one
// are made while the lanes of the other are computed.
//
// A row that leaves no room for what is made of it is computed in parts, as
// shorter rows that have one column together.
//
// Behind the last row of all the last one is taken again; teams, and rows that
// are all side by side, are all computed, of which some may be no one's.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/Lowering.h"

#include "dialect/TypeRules.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

static int64_t bytesOf(Type element) {
  return static_cast<int64_t>(cce::bytesOf(element));
}

/// Whether what is done with a row's lanes is the same for parts of it, whole
/// repeats each, and what is combined along it meets in a default order's
/// pairs.
bool Lowering::mayBeInParts() {
  return !host && beside == 1 &&
         e.extent % (parts * kRepeat * Emitter::kBlock) == 0 &&
         llvm::none_of(flat, [&](Operation *o) {
           if (o->getNumResults() == 0)
             return false;
           Type type = o->getResult(0).getType();
           if (auto loop = dyn_cast<ForOp>(o))
             return cast<StringAttr>(loop.getCombine()[0]) != "sum" &&
                    needsZeroSign(loop.getResult(0));
           return isa<TileType>(type) && hasLanes(type) &&
                  (isa<IotaOp>(o) || elementOf(type).isInteger(1));
         });
}

/// What a row is a position of: axes, and what stands for it.
SmallVector<std::pair<StringAttr, Value>> Lowering::rowPositions() {
  if (host)
    return {{host.getAxisAttr(), host.getBody().getArgument(0)}};
  SmallVector<std::pair<StringAttr, Value>> positions;
  ArrayAttr axes = kernel.getWorkAxes();
  for (auto [axis, position] :
       llvm::zip_equal(axes.getAsRange<StringAttr>(),
                       kernel.getBody().getArguments().take_back(axes.size())))
    positions.push_back({axis, position});
  return positions;
}

std::optional<Lowering::RowPlace>
Lowering::rowPlace(Value array, ValueRange positions, bool lanes) {
  auto row = rowPositions();
  ArrayRef<StringAttr> axes = axesOf(array);
  if (lanes) {
    if (axes.empty() || axes.back() != lane ||
        !matchPattern(positions.back(), m_Zero()))
      return std::nullopt;
    axes = axes.drop_back();
  }
  size_t i = 0, common = std::min(axes.size(), row.size());
  while (i < common && row[i] == std::pair(axes[i], positions[i]))
    ++i;
  RowPlace place;
  place.lacks = static_cast<unsigned>(row.size() - i);
  bool isPlain = !place.lacks && axes.size() == row.size();
  if ((i == 0 && !row.empty()) || ((host || !lanes) && !isPlain))
    return std::nullopt;
  // What is left are axes of which one position is named.
  for (; i < axes.size(); ++i) {
    int64_t count = op.getAxis(op.findAxis(axes[i].getValue())).getFixed();
    APInt position;
    if (count < 1 || !matchPattern(positions[i], m_ConstantInt(&position)))
      return std::nullopt;
    place.apart *= count;
    place.offset = place.offset * count + position.getSExtValue();
  }
  return place;
}

/// How many items have a row of an array together.
Value Lowering::itemsOf(const RowPlace &place) {
  Value items = e.number(1);
  for (Attribute axis : kernel.getWorkAxes().getValue().take_back(place.lacks))
    items = e.mul(items, axisSize(cast<StringAttr>(axis)));
  return items;
}

/// Whether items are rows of arrays that follow one another.
bool Lowering::areRows() {
  if (!isRowAtZero() || (parts > 1 && !mayBeInParts()))
    return false;
  if (host && isInvariant(host.getBody().front().back().getOperand(0)))
    return false;
  for (int64_t step : kernel.getWorkSteps())
    if (step != 1)
      return false;
  for (Operation *o : flat) {
    if (auto load = dyn_cast<gemel::LoadOp>(o)) {
      if (isByValue(load.getArray()) || isInvariant(load.getResult()))
        continue;
      bool lanes = hasLanes(load.getType());
      Type element = elementOf(load.getArray());
      auto place = rowPlace(load.getArray(), load.getPositions(), lanes);
      if (!place || (place->lacks && parts > 1) ||
          (!lanes && !element.isF32() && !element.isInteger(32)))
        return false;
      rowPlaces[o] = *place;
    } else if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      bool lanes = llvm::is_contained(axesOf(store.getArray()), lane);
      Type element = elementOf(store.getArray());
      auto place = rowPlace(store.getArray(), store.getPositions(), lanes);
      if (!place || place->lacks ||
          (!lanes && bytesOf(e.stored(element)) == 1) ||
          isInvariant(store.getTile()) ||
          (lanes && !hasLanes(store.getTile().getType())))
        return false;
      rowPlaces[o] = *place;
    } else if (auto loop = dyn_cast<ForOp>(o)) {
      if (loop.getNumResults() == 0)
        return false;
      StringRef kind = cast<StringAttr>(loop.getCombine()[0]);
      Value term = cast<YieldOp>(loop.getBody().front().back()).getValues()[0];
      if (!loop.getResult(0).getType() ||
          hasLanes(loop.getResult(0).getType()) || !hasLanes(term.getType()) ||
          isInvariant(term) || !elementOf(loop.getResult(0)).isF32() ||
          (kind != "sum" && kind != "max" && kind != "min"))
        return false;
    } else if (auto iota = dyn_cast<IotaOp>(o)) {
      if (!hasLanes(iota.getType()) &&
          (!elementOf(iota.getResult()).isInteger(32) ||
           llvm::none_of(rowPositions(), [&](const auto &position) {
             return position.second == iota.getFirst();
           })))
        return false;
    }
  }
  return true;
}

/// Numbers stages and sweeps; see above.
void Lowering::numberSweeps() {
  DenseMap<Value, int64_t> known; // of lanes the sweep, of columns the stage
  int64_t last = 0;
  for (Operation *o : flat) {
    auto at = [&](Value v) { return known.lookup(v); };
    int64_t mine = 0;
    if (auto loop = dyn_cast<ForOp>(o)) {
      Value term = cast<YieldOp>(loop.getBody().front().back()).getValues()[0];
      sweeps[o] = at(term); // where the term is combined
      // Its body comes behind the loop in the list, but is known by then.
      known[loop.getResult(0)] = at(term) + 1;
      last = std::max(last, at(term) + 1);
      continue;
    }
    for (Value operand : o->getOperands())
      mine = std::max(mine, at(operand));
    sweeps[o] = mine;
    last = std::max(last, mine);
    if (o->getNumResults() == 1)
      known[o->getResult(0)] = mine;
  }
  lastSweep = last;
  // What is wide takes up more than what was loaded: not before it is used.
  for (Operation *o : flat) {
    if (!isa<WidenOp>(o) || isInvariant(o->getResult(0)) ||
        !hasLanes(o->getResult(0).getType()) ||
        !o->getOperand(0).getDefiningOp<gemel::LoadOp>())
      continue;
    int64_t first = last;
    for (Operation *user : o->getResult(0).getUsers())
      first = std::min(first, sweeps.lookup(readerOf(user)));
    sweeps[o] = std::max(sweeps[o], first);
  }
}

/// The load whose buffer a store may take over: of the same elements, and read
/// in no later sweep than the store's, which has read a row before it stores
/// that row, nor behind what is written there.
Operation *Lowering::takesOver(Operation *o) {
  auto store = dyn_cast<gemel::StoreOp>(o);
  if (storing != Storing::OverLoads || !store ||
      !hasLanes(store.getTile().getType()))
    return nullptr;
  // What is stored as it is, may be made there.
  Operation *writes = store, *made = store.getTile().getDefiningOp();
  if (elementOf(store.getTile()) == elementOf(store.getArray()))
    writes = made;
  if (writes->getBlock() != store->getBlock() || isa<gemel::LoadOp>(made))
    return nullptr;
  for (Operation *from : flat) {
    auto load = dyn_cast<gemel::LoadOp>(from);
    if (!load || isByValue(load.getArray()) || isInvariant(load.getResult()) ||
        !hasLanes(load.getType()) || takenOver.contains(from) ||
        rowPlaces.lookup(from).lacks ||
        elementOf(load.getArray()) != elementOf(store.getArray()))
      continue;
    int64_t last = 0;
    bool before = true;
    std::function<void(Value)> see = [&](Value v) {
      for (Operation *user : v.getUsers()) {
        Operation *at = readerOf(user);
        last = std::max(last, sweeps.lookup(at));
        before &= user->getBlock() != store->getBlock() || user == writes ||
                  user->isBeforeInBlock(writes);
        if (isa<WidenOp>(user) || isGivenAgain(user)) // where it is used
          see(user->getResult(0));
      }
    };
    see(load.getResult());
    if (last > sweeps.lookup(o) || !before)
      continue;
    takenOver[from] = store;
    return from;
  }
  return nullptr;
}

/// What items load, in the order in which buffers are free for it: those from
/// which nothing is stored first.
SmallVector<Operation *> Lowering::loadsInTurn() {
  SmallVector<Operation *> loads(
      llvm::make_filter_range(flat, llvm::IsaPred<gemel::LoadOp>));
  auto freed = [&](Operation *load) {
    Operation *store = takenOver.lookup(load);
    return store ? llvm::find(flat, store) : flat.begin();
  };
  llvm::stable_sort(
      loads, [&](Operation *a, Operation *b) { return freed(a) < freed(b); });
  return loads;
}

/// Buffers for what is combined along rows.
Lowering::Combined Lowering::roomToCombine(ForOp loop) {
  Type f32 = b.getF32Type();
  StringRef kind = cast<StringAttr>(loop.getCombine()[0]);
  Combined place;
  if (kind == "sum") { // of none it is +0
    auto number = [&](TypedAttr value) -> Value {
      return arith::ConstantOp::create(b, e.loc, value);
    };
    place.none = arith::SelectOp::create(b, e.loc, e.less(e.number(0), e.n),
                                         number(identityOf(kind, f32)),
                                         number(b.getF32FloatAttr(0)));
  }
  place.totals = e.alloc(f32, Emitter::kBlock);
  e.fill(place.totals, b.getF32FloatAttr(0), Emitter::kBlock);
  auto empty = [&](int64_t elements) {
    Value made = e.alloc(f32, elements);
    if (kind == "sum")
      e.fill(made, place.none, elements);
    else
      e.fill(made, identityOf(kind, f32), elements);
    return made;
  };
  // Whatever rows there are, all repeats are combined: at once, if the rows are
  // all side by side.
  int64_t rows = batch / teams, rooms = rows == beside ? 1 : beside;
  for (int64_t i = 0; i < rooms; ++i) {
    Value room = empty(kRepeat * rows / rooms);
    for (int64_t j = 0; j < beside / rooms; ++j)
      place.repeats.push_back(e.at(room, j * kRepeat));
  }
  if (parts > 1 && e.extent / kRepeat > kRepeat)
    place.eights = empty(e.extent / kRepeat);
  auto column = [&] {
    Value made = e.alloc(f32, Emitter::kColumn);
    e.fill(made, b.getF32FloatAttr(0), Emitter::kColumn);
    return made;
  };
  if (kind != "sum")
    place.eighths = column();
  if (kind != "sum" && needsZeroSign(loop.getResult(0)))
    place.signs = column();
  return place;
}

void Lowering::lowerRows(Value items) {
  Value block = cce::GetBlockIdxOp::create(b, e.loc, b.getI64Type());
  Value blocks = cce::GetBlockNumOp::create(b, e.loc, b.getI64Type());
  inRow = true;
  setLanes(e.min(axisSize(lane), e.number(e.tile)));
  numberSweeps();
  if (!mayBeApart())
    teams = 1;
  if (host) {
    beside = batch / teams;
    for (int64_t rows = 1; rows <= hosted; rows *= 2)
      sums.push_back(e.piece(b.getF32Type(), /*lanes=*/true));
  }
  ofTeams.resize(teams);
  bool takesAll = teams > 1 || batch == beside;
  if (takesAll)
    findLastReads();
  for (Operation *o : flat) {
    auto room = [&](Type element, bool lanes) {
      Operation *load = takesOver(o);
      Value made;
      for (Buffers &mine : turns) {
        bool isSame = isa<gemel::StoreOp>(o) && storing == Storing::InOne;
        if (!load && (!made || !isSame))
          made = e.alloc(element,
                         lanes ? batch * e.extent
                               : std::max(Emitter::kBlock,
                                          kBlockBytes / bytesOf(element)));
        mine[o] = load ? mine[load] : made;
      }
    };
    if (auto load = dyn_cast<gemel::LoadOp>(o)) {
      if (!isByValue(load.getArray()) && !isInvariant(load.getResult()))
        room(e.stored(elementOf(load.getArray())), hasLanes(load.getType()));
    } else if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      room(e.stored(elementOf(store.getArray())),
           hasLanes(store.getTile().getType()));
    }
  }
  // A core's rows follow one another. Nothing is computed before the first
  // piece is there: it is small, or where that would make one more, and the
  // memory is what all waits for, what makes no other piece.
  Value size = e.number(batch), one = e.number(1);
  Value begin = e.div(e.mul(block, items), blocks);
  Value end = e.div(e.mul(e.add(block, one), items), blocks);
  if (host) {
    Value length = e.number(hosted);
    begin = e.mul(begin, length);
    end = e.min(e.mul(end, length), axisSize(host.getAxisAttr()));
  }
  Value count = e.sub(end, begin);
  Value over = e.add(e.rem(e.add(count, e.number(batch - 1)), size), one);
  Value head = e.min(count, teams > 1 || host ? size
                            : streams ? over
                                      : e.number(std::max(batch / 2, beside)));
  Value pieces = e.add(e.ceilDiv(e.sub(count, head), batch), e.min(count, one));
  int64_t ofTrip = host ? hosted / batch : 2; // pieces
  if (host)                                   // what is no whole run comes last
    pieces = e.mul(e.div(count, e.number(hosted)), e.number(ofTrip));
  auto rowsBefore = [&](Value piece) {
    Value full = e.add(head, e.mul(e.sub(piece, one), size));
    return e.max(e.min(full, count), e.number(0));
  };
  auto rowsFrom = [&](Value piece) {
    return e.sub(rowsBefore(e.add(piece, one)), rowsBefore(piece));
  };
  // Rows of a piece that there are, in one transfer; of less than 32 bytes
  // each, which several bursts may not have, one by one.
  auto move = [&](Operation *o, Value array, bool lanes, bool loads, int turn,
                  Value piece, Value rows) {
    Type element = e.stored(elementOf(array));
    Value local = turns[turn][o], first = e.add(begin, rowsBefore(piece));
    if (!lanes)
      return loads ? bring(local, array, first, rows)
                   : send(array, first, local, rows);
    RowPlace place = rowPlaces.lookup(o);
    if (place.lacks) {
      Value items = itemsOf(place), last = e.sub(e.add(first, rows), one);
      first = e.div(first, items);
      rows = e.add(e.sub(e.div(last, items), first), one);
    }
    Value apart = e.number(place.apart);
    first = e.add(e.mul(first, apart), e.number(place.offset));
    Value bytes = e.mul(e.n, e.number(bytesOf(element)));
    Value gap = e.sub(e.number(e.extent * bytesOf(element) / kBlockBytes),
                      e.ceilDiv(bytes, kBlockBytes));
    Value between = e.mul(bytes, e.number(place.apart - 1));
    Value remote = e.at(slot(cast<BlockArgument>(array).getArgNumber()),
                        e.mul(first, e.n));
    whereAny(/*lanes=*/true, [&] {
      auto whole = [&] {
        if (loads)
          cce::CopyGmToUbufAlignOp::create(b, e.loc, local, remote, rows, bytes,
                                           0, 0, between, gap);
        else
          cce::CopyUbufToGmAlignOp::create(b, e.loc, remote, local, rows, bytes,
                                           gap, between);
      };
      auto each = [&] {
        e.loop(e.number(0), rows, e.number(1), [&](Value row) {
          Value there = e.mul(e.add(first, e.mul(row, apart)), e.n);
          loads ? bring(rowOf(local, row), array, there, e.n)
                : send(array, there, rowOf(local, row), e.n);
        });
      };
      if (std::optional<int64_t> known = e.known(bytes))
        return *known < kBlockBytes ? each() : whole();
      e.choose(e.less(bytes, e.number(kBlockBytes)), each, whole);
    });
  };
  // Each in a choice of its own, so that a load waits for no more than what
  // was stored from its buffer.
  SmallVector<Operation *> moved = loadsInTurn();
  llvm::append_range(
      moved, llvm::make_filter_range(flat, llvm::IsaPred<gemel::StoreOp>));
  auto moveAll = [&](bool loads, int turn, Value piece) {
    Value rows = rowsFrom(piece), exists = e.less(piece, pieces);
    for (Operation *o : moved) {
      auto from = dyn_cast<gemel::LoadOp>(o);
      auto to = dyn_cast<gemel::StoreOp>(o);
      if (loads ? from && turns[turn].count(o) : static_cast<bool>(to))
        e.choose(exists, [&] {
          move(o, loads ? from.getArray() : to.getArray(),
               hasLanes(loads ? from.getType() : to.getTile().getType()), loads,
               turn, piece, rows);
        });
    }
  };
  auto load = [&](int turn, Value piece) { moveAll(true, turn, piece); };
  auto store = [&](int turn, Value piece) { moveAll(false, turn, piece); };
  // All rows of a piece are computed: none of them of what is not defined.
  if (takesAll)
    e.choose(e.less(count, e.number(2 * batch)), [&] {
      for (auto [load, last] : lastReads)
        for (Buffers &mine : turns)
          e.fill(mine[load], b.getI16IntegerAttr(0),
                 batch * e.extent *
                     bytesOf(e.stored(elementOf(load->getResult(0)))) / 2);
    });
  // First of all what is waited for the longest.
  load(0, e.number(0));
  e.forget();
  auto some = scf::IfOp::create(b, e.loc, e.less(e.number(0), count),
                                /*withElseRegion=*/false);
  e.startItems(some);
  e.inPreamble([&] {
    for (Operation *o : flat)
      if (isa<arith::ConstantIndexOp, ExtentOp>(o))
        lowerIndex(*o);
    for (Operation *o : flat) {
      if (auto loop = dyn_cast<ForOp>(o)) {
        for (auto &team : ofTeams)
          team[loop] = roomToCombine(loop);
      } else if (auto load = dyn_cast<gemel::LoadOp>(o);
                 load && turns[0].count(o) && !hasLanes(load.getType())) {
        Value elements = e.alloc(b.getI32Type(), Emitter::kBlock);
        e.fill(elements, b.getI32IntegerAttr(0), Emitter::kBlock);
        definedElements[o] = elements;
      } else if (o->getNumResults() == 1 &&
                 isa<TileType>(o->getResult(0).getType()) &&
                 isInvariant(o->getResult(0))) {
        values[o->getResult(0)] = {lowerInvariant(o)};
      }
    }
    combined = ofTeams[0];
    return 0;
  });
  b.setInsertionPoint(some.thenYield());
  e.forget();
  auto compute = [&](int turn, Value piece) {
    firstItem = e.add(begin, rowsBefore(piece));
    someItems = rowsFrom(piece);
    computeRows(turns[turn], someItems);
  };
  // Number k of a trip, or of what is no whole run.
  auto computeAt = [&](int64_t k, Value piece, bool exists) {
    runBefore = k * batch;
    auto some = [&] { compute(k % 2, piece); };
    exists ? some() : e.choose(e.less(piece, pieces), some);
    store(k % 2, piece);
  };
  // Where a buffer is free before a piece is done, a choice would hold it.
  bool isWhole = host || storing != Storing::OverLoads;
  Value left = isWhole && !host ? e.rem(pieces, e.number(2)) : Value();
  Value inTrips = left ? e.sub(pieces, left) : pieces;
  e.loop(e.number(0), inTrips, e.number(ofTrip), [&](Value trip) {
    for (int64_t k = 0; k < ofTrip; ++k) {
      Value piece = e.add(trip, e.number(k));
      load((k + 1) % 2, e.add(piece, one));
      computeAt(k, piece, k == 0 || isWhole);
    }
    if (host)
      sendSum(e.add(begin, e.mul(e.add(trip, e.number(ofTrip)), size)));
  });
  if (left)
    e.choose(e.less(e.number(0), left), [&] {
      compute(0, inTrips);
      store(0, inTrips);
    });
  if (!host)
    return;
  Value first = pieces;
  e.choose(e.less(e.mul(first, size), count), [&] {
    pieces = e.ceilDiv(count, batch);
    isRest = true;
    for (int64_t k = 0; k < ofTrip; ++k) {
      Value piece = e.add(first, e.number(k));
      load(k % 2, piece);
      computeAt(k, piece, k == 0);
    }
    sumRest(e.sub(count, e.mul(first, size)));
    sendSum(end);
  });
}
