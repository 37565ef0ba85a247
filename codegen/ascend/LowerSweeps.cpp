// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sweeps over rows that go together, and the order that they and the stages of
// columns have (LowerRows.cpp): one after the other, or of two teams in turns.
#include "codegen/ascend/Lowering.h"

#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

/// Rows of a buffer begin at multiples of this many elements.
Value Lowering::rowOf(Value buffer, Value row) {
  return e.at(buffer, e.mul(row, e.number(e.extent)));
}

/// Of an array that has a row for several items, where one item's is.
Value Lowering::loadedRow(Operation *load, Value buffer, Value row) {
  RowPlace place = rowPlaces.lookup(load);
  if (place.lacks) {
    // Behind the last item its row is taken again.
    Value items = itemsOf(place);
    Value last = e.sub(e.add(firstItem, someItems), e.number(1));
    Value item = e.min(e.add(firstItem, row), last);
    row = e.sub(e.div(item, items), e.div(firstItem, items));
  }
  return rowOf(buffer, row);
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

/// Whether an op makes lanes of a row, of other values than all rows have.
bool Lowering::makesRow(Operation *o) {
  return o->getNumResults() == 1 && !isa<gemel::LoadOp>(o) &&
         isa<TileType>(o->getResult(0).getType()) &&
         hasLanes(o->getResult(0).getType()) && !isInvariant(o->getResult(0));
}

/// What one sweep computes of some rows, side by side, in trip number `trip`;
/// `columns`: where their blocks are.
void Lowering::sweepRows(int64_t sweep, ArrayRef<Value> rows,
                         ArrayRef<Value> columns, Value trip,
                         Buffers &buffers) {
  auto kept = [&](Operation *o, size_t j) {
    auto it = keptRows.find(o);
    return it == keptRows.end() ? Value() : it->second[j];
  };
  SmallVector<Values> rowValues(rows.size(), values);
  // The row's own of what is in columns, and of what is kept.
  auto own = [&](Value v, size_t j) -> Piece {
    Type type = v.getType();
    Piece piece = values.find(v)->second[0];
    if (!piece.column)
      return piece;
    Value row = columns[j];
    if (elementOf(type).isInteger(1))
      return e.compare(cce::Relation::Eq, b.getF32Type(),
                       {e.at(e.as(b.getF32Type(), columnNumbers[v]),
                             e.mul(row, e.number(Emitter::kBlock)))},
                       e.constant(b.getF32FloatAttr(1)));
    auto read = rowScalars.find(v);
    return {e.at(piece.pointer, e.mul(row, e.number(Emitter::kBlock))),
            /*lanes=*/false, /*column=*/false,
            read == rowScalars.end() ? Value() : read->second[j]};
  };
  // One instruction gives it again, or another one before that.
  std::function<void(Operation *, size_t)> giveAgain = [&](Operation *o,
                                                           size_t j) {
    auto &mine = rowValues[j];
    for (Value operand : o->getOperands()) {
      if (!isa<TileType>(operand.getType()) || isInvariant(operand))
        continue;
      Operation *from = operand.getDefiningOp();
      if (auto load = dyn_cast<gemel::LoadOp>(from))
        mine[operand] = {fromMemory(
            {loadedRow(load, buffers[load], rows[j]), /*lanes=*/true},
            elementOf(load.getArray()))};
      else if (ready[j].insert(operand).second)
        giveAgain(from, j);
    }
    std::swap(values, mine);
    Pieces made = {lowerOp(o, 0)};
    std::swap(values, mine);
    mine[o->getResult(0)] = made;
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
        mine[v] = {own(v, j)};
      } else if (auto load = dyn_cast<gemel::LoadOp>(from)) {
        if (!isByValue(load.getArray()))
          mine[v] = {fromMemory(
              {loadedRow(from, buffers[from], rows[j]), /*lanes=*/true},
              elementOf(load.getArray()))};
      } else if (again || sweeps[from] < sweep) {
        if (Value buffer = kept(from, j)) {
          mine[v] = {{rowOf(buffer, trip), /*lanes=*/true}};
          continue;
        }
        giveAgain(from, j);
      }
    }
  };
  ready.assign(rows.size(), {});
  for (Operation *o : flat) {
    if ((isa<YieldOp>(o) && !isHosts(o)) || sweeps[o] != sweep)
      continue;
    if (isHosts(o)) {
      SmallVector<Piece> terms;
      for (size_t j = 0; j < rows.size(); ++j) {
        prepare(o, j);
        std::swap(values, rowValues[j]);
        terms.push_back(piece(o->getOperand(0), 0));
        std::swap(values, rowValues[j]);
      }
      sumTerms(terms);
      releaseAfter(o, sweep, buffers);
      continue;
    }
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
    if (!makesRow(o) || widensAgain(o))
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

/// Whether a row's lanes are made again where a later sweep needs them: what
/// was loaded and, of a row in parts, of which there is little room, what one
/// instruction makes of that and of what all rows have.
bool Lowering::isGivenAgain(Operation *o) {
  auto isLoaded = [&](Value value) {
    Operation *from = value.getDefiningOp();
    if (isa<WidenOp>(from))
      from = from->getOperand(0).getDefiningOp();
    return from && isa<gemel::LoadOp>(from) && hasLanes(value.getType());
  };
  if (isa<WidenOp>(o) && isLoaded(o->getResult(0)))
    return widening != Widening::Once;
  return parts > 1 && widening != Widening::Once &&
         isa<AddOp, SubOp, MulOp, NegOp>(o) &&
         llvm::all_of(o->getOperands(), [&](Value operand) {
           return isInvariant(operand) || isLoaded(operand);
         });
}

/// What later sweeps need and no one instruction gives again: of each of the
/// rows that go side by side a buffer, so that none waits for another.
void Lowering::keepRows() {
  keptRows.clear();
  for (Operation *o : flat) {
    if (!makesRow(o))
      continue;
    bool again = llvm::any_of(o->getResult(0).getUsers(), [&](Operation *user) {
      return sweeps.lookup(readerOf(user)) > sweeps.lookup(o);
    });
    if (!again || isGivenAgain(o))
      continue;
    for (int64_t j = 0; j < beside; ++j)
      keptRows[o].push_back(e.alloc(elementOf(o->getResult(0)),
                                    batch / teams / beside * e.extent));
  }
}

/// What loads brought as one element of each row, as numbers, before a stage
/// makes columns of it: nothing but the load has to be over for that.
void Lowering::readLoaded(const Buffers &buffers, Value rows) {
  loadedScalars.clear();
  for (Operation *o : flat) {
    auto load = dyn_cast<gemel::LoadOp>(o);
    if (!load || !buffers.count(o) || isInvariant(load.getResult()) ||
        llvm::none_of(load->getUses(),
                      [&](OpOperand &use) { return takesScalar(use); }))
      continue;
    e.loc = o->getLoc();
    Value last = e.sub(rows, e.number(1));
    for (int64_t row = 0; row < batch; ++row)
      loadedScalars[load.getResult()].push_back(
          e.scalar({buffers.lookup(o), /*lanes=*/true}, b.getF32Type(),
                   e.min(e.number(row), last)));
  }
}

/// The numbers that rows of a sweep are multiplied with, or that are subtracted
/// from them, of columns that stages have made.
void Lowering::readScalars(int64_t sweep, ArrayRef<Value> columns) {
  rowScalars.clear();
  for (Operation *o : flat) {
    if (sweeps[o] != sweep || !makesRow(o))
      continue;
    for (OpOperand &operand : o->getOpOperands()) {
      Value v = operand.get();
      if (!takesScalar(operand) || isInvariant(v) || rowScalars.count(v))
        continue;
      Piece column = values.find(v)->second[0];
      if (!column.column)
        continue;
      e.loc = o->getLoc();
      auto loaded = loadedScalars.find(v);
      for (auto [j, row] : llvm::enumerate(columns))
        rowScalars[v].push_back(
            loaded != loadedScalars.end()
                ? loaded->second[teamFirst + j]
                : e.scalar({column.pointer, /*lanes=*/true}, b.getF32Type(),
                           e.mul(row, e.number(Emitter::kBlock))));
    }
  }
}

/// Whether a sweep does anything with the rows.
bool Lowering::hasSweep(int64_t sweep) {
  return llvm::any_of(flat, [&](Operation *o) {
    if (sweeps.lookup(o) != sweep)
      return false;
    if (isa<YieldOp>(o))
      return isHosts(o);
    if (auto store = dyn_cast<gemel::StoreOp>(o))
      return hasLanes(store.getTile().getType());
    if (isa<ForOp>(o))
      return true;
    return makesRow(o);
  });
}

/// Whether rows have one of something, a block each if it is stored.
bool Lowering::mayBeApart() {
  return lastSweep > 0 && llvm::none_of(flat, [&](Operation *o) {
           auto store = dyn_cast<gemel::StoreOp>(o);
           if (!store || hasLanes(store.getTile().getType()))
             return false;
           Type element = elementOf(store.getTile());
           return element.isInteger(1) || cce::bytesOf(element) != 4;
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
        Operation *at = readerOf(user);
        int64_t sweep = sweeps.lookup(at);
        if (sweep > last.sweep ||
            (sweep == last.sweep &&
             llvm::find(flat, last.op) < llvm::find(flat, at)))
          last = {sweep, at};
        // Given again where it is used, or perhaps the same.
        bool isAgain = isa<WidenOp>(user) && widening != Widening::Once;
        if (isAgain || isGivenAgain(user) ||
            isa<StopOp, RelayoutOp, gemel::CastOp, ConvertOp>(user))
          see(user->getResult(0));
      }
    };
    see(load.getResult());
    if (last.op)
      lastReads[from] = last;
  }
}

/// The bytes of loads that an op of a sweep has read for the last time are
/// free until they are loaded to again, or stored from.
void Lowering::releaseAfter(Operation *op, int64_t sweep, Buffers &buffers) {
  if (releases)
    for (auto [load, last] : lastReads)
      if (last.op == op && last.sweep == sweep)
        cce::ReleaseOp::create(b, e.loc, buffers[load]);
}

/// Two teams of rows, one a step ahead: what one's rows have one of is computed
/// while the other's lanes are, and none waits for it. All rows are computed,
/// whether there are as many or not.
void Lowering::computeApart(Buffers &buffers, Value rows) {
  struct Team {
    Values values;
    DenseMap<Operation *, Combined> combined;
    DenseMap<Value, Value> columnNumbers;
    DenseMap<Operation *, SmallVector<Value>> keptRows;
    int64_t first;
    SmallVector<Value> rows;
    DenseMap<Value, SmallVector<Value>> rowScalars;
  };
  readLoaded(buffers, rows);
  stageColumns(0, buffers, rows); // what no row decides is the same for all
  SmallVector<Team> all(teams);
  for (auto [t, team] : llvm::enumerate(all)) {
    keepRows();
    team.values = values;
    team.combined = ofTeams[t];
    team.columnNumbers = columnNumbers;
    team.keptRows = keptRows;
    team.first = static_cast<int64_t>(t) * beside;
    for (int64_t j = 0; j < beside; ++j)
      team.rows.push_back(e.number(team.first + j));
  }
  auto enter = [&](Team &team) {
    std::swap(values, team.values);
    std::swap(combined, team.combined);
    std::swap(columnNumbers, team.columnNumbers);
    std::swap(keptRows, team.keptRows);
    std::swap(rowScalars, team.rowScalars);
    teamFirst = team.first;
  };
  auto stage = [&](Team &team, int64_t number) {
    enter(team);
    stageColumns(number, buffers, rows);
    enter(team);
  };
  auto sweep = [&](Team &team, int64_t number) {
    enter(team);
    releases = &team == &all.back();
    if (hasSweep(number))
      sweepRows(number, team.rows, team.rows, e.number(0), buffers);
    enter(team);
  };
  // Numbers are read where the other team's lanes have just been handed out.
  auto read = [&](Team &team, int64_t number) {
    enter(team);
    readScalars(number, team.rows);
    enter(team);
  };
  read(all[0], 0);
  read(all[1], 0);
  sweep(all[0], 0);
  for (int64_t number = 1; number <= lastSweep; ++number) {
    stage(all[0], number);
    sweep(all[1], number - 1);
    read(all[0], number);
    stage(all[1], number);
    sweep(all[0], number);
    read(all[1], number);
  }
  sweep(all[1], lastSweep);
  teamFirst = 0;
  // Columns of all rows from those of teams.
  for (Operation *o : flat) {
    auto store = dyn_cast<gemel::StoreOp>(o);
    if (!store || hasLanes(store.getTile().getType()))
      continue;
    e.loc = o->getLoc();
    Piece value = all[0].values.find(store.getTile())->second[0];
    for (Team &team : llvm::drop_begin(all)) {
      Piece more = team.values.find(store.getTile())->second[0];
      Value place = e.number(team.first * Emitter::kBlock);
      if (more.pointer != value.pointer)
        cce::CopyUbufToUbufOp::create(
            b, e.loc, e.at(value.pointer, place), e.at(more.pointer, place),
            e.number(1), e.number(beside), e.number(0), e.number(0));
    }
    storeColumn(store, value, buffers[o]);
  }
}

/// Computes a row's parts one after another, each as a shorter row: what one
/// needs beside the row is a part's.
void Lowering::eachPart(llvm::function_ref<void()> compute) {
  if (parts == 1)
    return compute();
  Value n = e.n, whole = e.whole;
  int64_t extent = e.extent;
  Values all = values;
  e.extent = extent / parts;
  for (part = 0; part < parts; ++part) {
    Value before = e.number(part * e.extent);
    e.setLanes(e.min(e.max(e.sub(n, before), e.number(0)), e.number(e.extent)),
               /*repeats=*/n == whole);
    for (auto &[value, pieces] : values)
      if (isInvariant(value) && pieces[0].lanes)
        pieces = {{e.at(all[value][0].pointer, before), /*lanes=*/true}};
    compute();
    values = all;
  }
  part = 0;
  e.extent = extent;
  e.n = n;
  e.whole = whole;
}

void Lowering::computeRows(Buffers &buffers, Value rows) {
  if (teams > 1)
    return computeApart(buffers, rows);
  keepRows();
  loadedScalars.clear();
  if (batch == beside)
    readLoaded(buffers, rows);
  Value last = e.sub(rows, e.number(1));
  for (int64_t sweep = 0; sweep <= lastSweep; ++sweep) {
    stageColumns(sweep, buffers, rows);
    if (!hasSweep(sweep))
      continue;
    if (batch == beside) {
      SmallVector<Value> all;
      for (int64_t j = 0; j < batch; ++j)
        all.push_back(e.number(j));
      readScalars(sweep, all);
      eachPart([&] {
        SmallVector<Value> rows;
        for (int64_t j = 0; j < batch; ++j)
          rows.push_back(e.number(j * parts + part));
        sweepRows(sweep, rows, all, e.number(part), buffers);
      });
      continue;
    }
    auto some = [&](Value trip) {
      SmallVector<Value> taken;
      Value first = e.mul(trip, e.number(beside));
      for (int64_t j = 0; j < beside; ++j)
        taken.push_back(e.min(e.add(first, e.number(j)), last));
      readScalars(sweep, taken);
      sweepRows(sweep, taken, taken, trip, buffers);
    };
    e.loop(e.number(0), e.ceilDiv(rows, beside), e.number(1), some);
  }
}
