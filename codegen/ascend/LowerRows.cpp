// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Work items that are rows, several at a time.
//
// What a row has one of (its sum, what becomes of it) costs an instruction as
// much as a whole row does; so rows are taken together, and these values stand
// in a column of blocks, one for each row. Stages of columns and sweeps over
// the rows take turns: a sweep computes what hangs on the rows and on columns
// before it, and combines along the rows; the next stage makes columns of that.
// What a later sweep needs again is kept, or, where one instruction gives it,
// computed again. Two rows go side by side, so that one's instructions run
// while the other's results are on their way; and where there is no room for
// many rows, two teams of them, so that columns of one are made while the lanes
// of the other are computed.
//
// Behind the last row of all the last one is taken again; teams have all their
// rows, of which some may be no one's.
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

/// Whether items are rows of arrays that follow one another.
bool Lowering::areRows() {
  if (!isRowAtZero())
    return false;
  Block &body = kernel.getBody().front();
  size_t works = kernel.getWorkAxes().size();
  auto follow = [&](Value array, ValueRange positions, bool lanes) {
    ArrayRef<StringAttr> axes = axesOf(array);
    if (axes.size() != works + (lanes ? 1 : 0))
      return false;
    for (size_t i = 0; i < works; ++i)
      if (axes[i] != kernel.getWorkAxes()[i] ||
          positions[i] != body.getArgument(body.getNumArguments() - works + i))
        return false;
    return !lanes || matchPattern(positions.back(), m_Zero());
  };
  for (int64_t step : kernel.getWorkSteps())
    if (step != 1)
      return false;
  for (Operation *o : flat) {
    if (auto load = dyn_cast<gemel::LoadOp>(o)) {
      if (isByValue(load.getArray()) || isInvariant(load.getResult()))
        continue;
      bool lanes = hasLanes(load.getType());
      Type element = elementOf(load.getArray());
      if (!follow(load.getArray(), load.getPositions(), lanes) ||
          (!lanes && !element.isF32() && !element.isInteger(32)))
        return false;
    } else if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      bool lanes = axesOf(store.getArray()).size() > works;
      Type element = elementOf(store.getArray());
      if (!follow(store.getArray(), store.getPositions(), lanes) ||
          (!lanes && bytesOf(e.stored(element)) == 1) ||
          isInvariant(store.getTile()) ||
          (lanes && !hasLanes(store.getTile().getType())))
        return false;
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
           iota.getFirst().getParentBlock() != &body ||
           !isa<BlockArgument>(iota.getFirst())))
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
}

/// The load whose buffer a store may take over: of the same elements, and read
/// in no later sweep than the store's, which has read a row before it stores
/// that row, nor behind what is written there.
Operation *Lowering::takesOver(Operation *o) {
  auto store = dyn_cast<gemel::StoreOp>(o);
  if (!store || !hasLanes(store.getTile().getType()))
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
        elementOf(load.getArray()) != elementOf(store.getArray()))
      continue;
    int64_t last = 0;
    bool before = true;
    std::function<void(Value)> see = [&](Value v) {
      for (Operation *user : v.getUsers()) {
        Operation *at = isa<YieldOp>(user) ? user->getParentOp() : user;
        last = std::max(last, sweeps.lookup(at));
        before &= user->getBlock() != store->getBlock() || user == writes ||
                  user->isBeforeInBlock(writes);
        if (isa<WidenOp>(user)) // given again where it is used
          see(user->getResult(0));
      }
    };
    see(load.getResult());
    if (last > sweeps.lookup(o) || !before)
      continue;
    takenOver.insert(from);
    return from;
  }
  return nullptr;
}

/// Rows of a buffer begin at multiples of this many elements.
Value Lowering::rowOf(Value buffer, Value row) {
  return e.at(buffer, e.mul(row, e.number(e.extent)));
}

/// Whether an op widens what was loaded, and does so again at each use: which
/// takes up no bytes between them.
bool Lowering::widensAgain(Operation *o) {
  if (widening != Widening::EachUse || !isa<WidenOp>(o) ||
      isInvariant(o->getResult(0)))
    return false;
  auto load = o->getOperand(0).getDefiningOp<gemel::LoadOp>();
  return load && hasLanes(load.getType());
}

/// What one sweep computes of some rows, side by side, in trip number `trip`;
/// `columns`: where their blocks are.
void Lowering::sweepRows(int64_t sweep, ArrayRef<Value> rows,
                         ArrayRef<Value> columns, Value trip, Half &buffers) {
  auto kept = [&](Operation *o, size_t j) {
    auto it = keptRows.find(o);
    return it == keptRows.end() ? Value() : it->second[j];
  };
  SmallVector<DenseMap<Value, Pieces>> rowValues(rows.size(), values);
  // The row's own of what is in columns, and of what is kept.
  auto own = [&](Value v, Value row) -> Piece {
    Type type = v.getType();
    Piece piece = values.find(v)->second[0];
    if (!piece.column)
      return piece;
    if (elementOf(type).isInteger(1))
      return e.compare(cce::Relation::Eq, b.getF32Type(),
                       {e.at(e.as(b.getF32Type(), columnNumbers[v]),
                             e.mul(row, e.number(Emitter::kBlock)))},
                       e.constant(b.getF32FloatAttr(1)));
    return {e.at(piece.pointer, e.mul(row, e.number(Emitter::kBlock)))};
  };
  auto prepare = [&](Operation *o, size_t j) {
    for (Value v : o->getOperands()) {
      if (!isa<TileType>(v.getType()) || isInvariant(v))
        continue;
      Operation *from = v.getDefiningOp();
      auto &mine = rowValues[j];
      bool again = widensAgain(from);
      if (!ready[j].insert(v).second && !again)
        continue;
      if (!hasLanes(v.getType())) {
        mine[v] = {own(v, columns[j])};
      } else if (auto load = dyn_cast<gemel::LoadOp>(from)) {
        if (!isByValue(load.getArray()))
          mine[v] = {fromMemory({rowOf(buffers[from], rows[j]), /*lanes=*/true},
                                elementOf(load.getArray()))};
      } else if (again || sweeps[from] < sweep) {
        if (Value buffer = kept(from, j)) {
          mine[v] = {{rowOf(buffer, trip), /*lanes=*/true}};
          continue;
        }
        // One instruction gives it again.
        for (Value operand : from->getOperands())
          if (auto load = operand.getDefiningOp<gemel::LoadOp>();
              load && !isInvariant(operand))
            mine[operand] = {
                fromMemory({rowOf(buffers[load], rows[j]), /*lanes=*/true},
                           elementOf(load.getArray()))};
        std::swap(values, mine);
        Pieces made = {lowerOp(from, 0)};
        std::swap(values, mine);
        mine[v] = made;
      }
    }
  };
  ready.assign(rows.size(), {});
  for (Operation *o : flat) {
    if (isa<YieldOp>(o) || sweeps[o] != sweep)
      continue;
    if (auto loop = dyn_cast<ForOp>(o)) {
      Operation *yield = &loop.getBody().front().back();
      for (size_t j = 0; j < rows.size(); ++j) {
        prepare(yield, j);
        std::swap(values, rowValues[j]);
        combineRow(loop, piece(yield->getOperand(0), 0), columns[j], j, trip);
        std::swap(values, rowValues[j]);
      }
      releaseAfter(o, sweep, buffers);
      continue;
    }
    if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      Value array = store.getArray();
      if (!hasLanes(store.getTile().getType()))
        continue; // of columns
      Operation *from = store.getTile().getDefiningOp();
      if (buffers.lookup(from) == buffers.lookup(o))
        continue; // it stands there
      for (size_t j = 0; j < rows.size(); ++j) {
        prepare(o, j);
        std::swap(values, rowValues[j]);
        Piece value = piece(store.getTile(), 0);
        Value place = rowOf(buffers[o], rows[j]);
        Piece raw = toMemory(value, elementOf(store.getTile()),
                             elementOf(array), {place, /*lanes=*/true});
        if (raw.pointer != place)
          e.copy(raw, {place, /*lanes=*/true}, e.stored(elementOf(array)));
        std::swap(values, rowValues[j]);
      }
      continue;
    }
    if (o->getNumResults() != 1 || !isa<TileType>(o->getResult(0).getType()) ||
        isInvariant(o->getResult(0)) || !hasLanes(o->getResult(0).getType()) ||
        isa<gemel::LoadOp>(o) || widensAgain(o))
      continue;
    for (size_t j = 0; j < rows.size(); ++j) {
      prepare(o, j);
      std::swap(values, rowValues[j]);
      Value buffer = kept(o, j), place;
      if (buffer)
        place = rowOf(buffer, trip);
      Piece made = lowerOp(o, 0);
      if (place) {
        keepIn(place, made, elementOf(o->getResult(0)));
        made = {place, /*lanes=*/true};
      }
      values[o->getResult(0)] = {made};
      std::swap(values, rowValues[j]);
      ready[j].insert(o->getResult(0));
    }
    releaseAfter(o, sweep, buffers);
  }
}

/// What later sweeps need and no one instruction gives again: of each of the
/// rows that go side by side a buffer, so that none waits for another.
void Lowering::keepRows() {
  keptRows.clear();
  for (Operation *o : flat) {
    if (o->getNumResults() != 1 || !isa<TileType>(o->getResult(0).getType()) ||
        !hasLanes(o->getResult(0).getType()) || isInvariant(o->getResult(0)) ||
        isa<gemel::LoadOp>(o))
      continue;
    bool again = llvm::any_of(o->getResult(0).getUsers(), [&](Operation *user) {
      if (isa<YieldOp>(user))
        user = user->getParentOp();
      return sweeps.lookup(user) > sweeps.lookup(o);
    });
    auto widen = dyn_cast<WidenOp>(o);
    bool isLoaded =
        widen && widen->getOperand(0).getDefiningOp<gemel::LoadOp>();
    if (!again || (isLoaded && widening != Widening::Once))
      continue;
    for (int64_t j = 0; j < beside; ++j)
      keptRows[o].push_back(e.alloc(elementOf(o->getResult(0)),
                                    batch / teams / beside * e.extent));
  }
}

/// Whether a sweep does anything with the rows.
bool Lowering::hasSweep(int64_t sweep) {
  return llvm::any_of(flat, [&](Operation *o) {
    if (isa<YieldOp>(o) || sweeps.lookup(o) != sweep)
      return false;
    if (auto store = dyn_cast<gemel::StoreOp>(o))
      return hasLanes(store.getTile().getType());
    if (isa<ForOp>(o))
      return true;
    return o->getNumResults() == 1 && !isa<gemel::LoadOp>(o) &&
           isa<TileType>(o->getResult(0).getType()) &&
           hasLanes(o->getResult(0).getType()) && !isInvariant(o->getResult(0));
  });
}

/// Whether rows have one of something, but nothing of it is loaded or stored.
bool Lowering::mayBeApart() {
  return lastSweep > 0 && llvm::none_of(flat, [&](Operation *o) {
           if (auto store = dyn_cast<gemel::StoreOp>(o))
             return !hasLanes(store.getTile().getType());
           return isa<gemel::LoadOp, IotaOp>(o) &&
                  !isInvariant(o->getResult(0)) &&
                  !hasLanes(o->getResult(0).getType());
         });
}

/// Where each load's rows are read last, in the order that ops have.
void Lowering::findLastReads() {
  for (Operation *from : flat) {
    auto load = dyn_cast<gemel::LoadOp>(from);
    if (!load || isByValue(load.getArray()) || isInvariant(load.getResult()) ||
        !hasLanes(load.getType()))
      continue;
    Read last{-1, nullptr};
    std::function<void(Value)> see = [&](Value v) {
      for (Operation *user : v.getUsers()) {
        Operation *at = isa<YieldOp>(user) ? user->getParentOp() : user;
        int64_t sweep = sweeps.lookup(at);
        if (sweep > last.sweep ||
            (sweep == last.sweep &&
             llvm::find(flat, last.op) < llvm::find(flat, at)))
          last = {sweep, at};
        if (isa<WidenOp>(user) && widening != Widening::Once)
          see(user->getResult(0)); // given again where it is used
      }
    };
    see(load.getResult());
    if (last.op)
      lastReads[from] = last;
  }
}

/// The bytes of loads that an op of a sweep has read for the last time are
/// free until they are loaded to again, or stored from.
void Lowering::releaseAfter(Operation *op, int64_t sweep, Half &buffers) {
  if (releases)
    for (auto [load, last] : lastReads)
      if (last.op == op && last.sweep == sweep)
        cce::ReleaseOp::create(b, e.loc, buffers[load]);
}

/// Two teams of rows, one a step ahead: what one's rows have one of is computed
/// while the other's lanes are, and none waits for it. All rows are computed,
/// whether there are as many or not.
void Lowering::computeApart(Half &buffers) {
  struct Team {
    DenseMap<Value, Pieces> values;
    DenseMap<Operation *, Combined> combined;
    DenseMap<Value, Value> columnNumbers;
    DenseMap<Operation *, SmallVector<Value>> keptRows;
    SmallVector<Value> rows, columns;
  };
  SmallVector<Team> all(teams);
  auto enter = [&](Team &team) {
    std::swap(values, team.values);
    std::swap(combined, team.combined);
    std::swap(columnNumbers, team.columnNumbers);
    std::swap(keptRows, team.keptRows);
  };
  for (auto [t, team] : llvm::enumerate(all)) {
    keepRows();
    team.keptRows = keptRows;
    team.values = values;
    team.combined = ofTeams[t];
    for (int64_t j = 0; j < beside; ++j) {
      team.rows.push_back(e.number(t * beside + j));
      team.columns.push_back(e.number(j));
    }
  }
  auto stage = [&](Team &team, int64_t number) {
    enter(team);
    stageColumns(number, buffers, e.number(batch));
    enter(team);
  };
  auto sweep = [&](Team &team, int64_t number) {
    enter(team);
    releases = &team == &all.back();
    if (hasSweep(number))
      sweepRows(number, team.rows, team.columns, e.number(0), buffers);
    enter(team);
  };
  for (int64_t number = 0; number <= lastSweep; ++number) {
    stage(all[0], number);
    if (number)
      sweep(all[1], number - 1);
    stage(all[1], number);
    sweep(all[0], number);
  }
  sweep(all[1], lastSweep);
}

void Lowering::computeRows(Half &buffers, Value rows) {
  if (teams > 1)
    return computeApart(buffers);
  keepRows();
  Value last = e.sub(rows, e.number(1));
  for (int64_t sweep = 0; sweep <= lastSweep; ++sweep) {
    stageColumns(sweep, buffers, rows);
    if (!hasSweep(sweep))
      continue;
    auto some = [&](Value trip) {
      SmallVector<Value> taken;
      Value first = e.mul(trip, e.number(beside));
      for (int64_t j = 0; j < beside; ++j)
        taken.push_back(e.min(e.add(first, e.number(j)), last));
      sweepRows(sweep, taken, taken, trip, buffers);
    };
    if (batch == beside)
      some(e.number(0));
    else
      e.loop(e.number(0), e.ceilDiv(rows, beside), e.number(1), some);
  }
}

/// Buffers for what is combined along rows.
Lowering::Combined Lowering::roomToCombine(ForOp loop) {
  Type f32 = b.getF32Type();
  StringRef kind = cast<StringAttr>(loop.getCombine()[0]);
  Combined place;
  auto number = [&](TypedAttr value) -> Value {
    return arith::ConstantOp::create(b, e.loc, value);
  };
  if (kind == "sum") // of none it is +0
    place.none = arith::SelectOp::create(b, e.loc, e.less(e.number(0), e.n),
                                         number(identityOf(kind, f32)),
                                         number(b.getF32FloatAttr(0)));
  place.totals = e.alloc(f32, Emitter::kBlock);
  e.fill(place.totals, b.getF32FloatAttr(0), Emitter::kBlock);
  // Whatever rows there are, all repeats are combined.
  int64_t repeats = kRepeat * (batch / teams / beside);
  for (int64_t j = 0; j < beside; ++j) {
    place.repeats.push_back(e.alloc(f32, repeats));
    if (kind == "sum")
      e.fill(place.repeats.back(), place.none, repeats);
    else
      e.fill(place.repeats.back(), identityOf(kind, f32), repeats);
  }
  if (kind != "sum" && needsZeroSign(loop.getResult(0))) {
    place.signs = e.alloc(f32, Emitter::kColumn);
    e.fill(place.signs, b.getF32FloatAttr(0), Emitter::kColumn);
  }
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
  ofTeams.resize(teams);
  if (teams > 1)
    findLastReads();
  for (Operation *o : flat) {
    auto room = [&](Type element, bool lanes) {
      if (Operation *load = takesOver(o))
        for (int half : {0, 1})
          halves[half][o] = halves[half][load];
      else
        for (int half : {0, 1})
          halves[half][o] = e.alloc(
              element, lanes ? batch * e.extent
                             : std::max(Emitter::kBlock,
                                        kBlockBytes / bytesOf(element)));
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
  Value count = e.sub(e.div(e.mul(e.add(block, one), items), blocks), begin);
  Value over = e.add(e.rem(e.add(count, e.number(batch - 1)), size), one);
  Value head = e.min(count, teams > 1 ? size
                            : streams ? over
                                      : e.number(std::max(batch / 2, beside)));
  Value pieces = e.add(e.ceilDiv(e.sub(count, head), batch), e.min(count, one));
  auto rowsBefore = [&](Value piece) {
    Value full = e.add(head, e.mul(e.sub(piece, one), size));
    return e.max(e.min(full, count), e.number(0));
  };
  auto rowsFrom = [&](Value piece) {
    return e.sub(rowsBefore(e.add(piece, one)), rowsBefore(piece));
  };
  // Rows of a piece that there are, in one transfer; of less than 32 bytes
  // each, which several bursts may not have, one by one.
  auto move = [&](Operation *o, Value array, bool lanes, bool loads, int half,
                  Value piece, Value rows) {
    Type element = e.stored(elementOf(array));
    Value local = halves[half][o], first = e.add(begin, rowsBefore(piece));
    if (!lanes)
      return loads ? bring(local, array, first, rows)
                   : send(array, first, local, rows);
    Value bytes = e.mul(e.n, e.number(bytesOf(element)));
    Value gap = e.sub(e.number(e.extent * bytesOf(element) / kBlockBytes),
                      e.ceilDiv(bytes, kBlockBytes));
    Value remote = e.at(slot(cast<BlockArgument>(array).getArgNumber()),
                        e.mul(first, e.n));
    whereAny(/*lanes=*/true, [&] {
      auto whole = [&] {
        if (loads)
          cce::CopyGmToUbufAlignOp::create(b, e.loc, local, remote, rows, bytes,
                                           0, 0, e.number(0), gap);
        else
          cce::CopyUbufToGmAlignOp::create(b, e.loc, remote, local, rows, bytes,
                                           gap, e.number(0));
      };
      auto each = [&] {
        e.loop(e.number(0), rows, e.number(1), [&](Value row) {
          Value there = e.mul(e.add(first, row), e.n);
          loads ? bring(rowOf(local, row), array, there, e.n)
                : send(array, there, rowOf(local, row), e.n);
        });
      };
      if (std::optional<int64_t> known = e.known(bytes))
        return *known < kBlockBytes ? each() : whole();
      e.choose(e.less(bytes, e.number(kBlockBytes)), each, whole);
    });
  };
  Value two = e.number(2);
  // Each in a choice of its own, so that a load waits for no more than what
  // was stored from its buffer.
  auto moveAll = [&](bool loads, int half, Value piece) {
    Value rows = rowsFrom(piece), exists = e.less(piece, pieces);
    for (Operation *o : flat) {
      auto from = dyn_cast<gemel::LoadOp>(o);
      auto to = dyn_cast<gemel::StoreOp>(o);
      if (loads ? from && halves[half].count(o) : static_cast<bool>(to))
        e.choose(exists, [&] {
          move(o, loads ? from.getArray() : to.getArray(),
               hasLanes(loads ? from.getType() : to.getTile().getType()), loads,
               half, piece, rows);
        });
    }
  };
  auto load = [&](int half, Value piece) { moveAll(true, half, piece); };
  auto store = [&](int half, Value piece) { moveAll(false, half, piece); };
  // All rows of a piece are computed: none of them of what is not defined.
  if (teams > 1)
    e.choose(e.less(count, e.number(2 * batch)), [&] {
      for (auto [load, last] : lastReads)
        for (int half : {0, 1})
          e.fill(halves[half][load], b.getI16IntegerAttr(0),
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
      } else if (o->getNumResults() == 1 &&
                 isa<TileType>(o->getResult(0).getType()) &&
                 isInvariant(o->getResult(0))) {
        values[o->getResult(0)] = {lowerOp(o, 0)};
      }
    }
    combined = ofTeams[0];
    return 0;
  });
  b.setInsertionPoint(some.thenYield());
  e.forget();
  auto compute = [&](int half, Value piece) {
    firstItem = e.add(begin, rowsBefore(piece));
    computeRows(halves[half], rowsFrom(piece));
  };
  e.loop(e.number(0), pieces, two, [&](Value piece) {
    Value next = e.add(piece, one);
    load(1, next);
    compute(0, piece);
    store(0, piece);
    load(0, e.add(piece, two));
    e.choose(e.less(next, pieces), [&] { compute(1, next); });
    store(1, next);
  });
}
