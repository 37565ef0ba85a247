// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What rows that go together have one of each: sums and extrema along them, and
// stages that make columns of blocks of these, one block for each row
// (LowerRows.cpp).
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/Lowering.h"

#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

// Blocks of a column.
static constexpr int64_t kBlocks = Emitter::kColumn / Emitter::kBlock;

static int64_t bytesOf(Type element) {
  return static_cast<int64_t>(cce::bytesOf(element));
}

/// A row's sum or extremum, as far as a repeat, and, if wanted, its sign to a
/// block: number `trip` of those that are number `j` of a trip.
void Lowering::combineRow(ForOp loop, Piece term, Value row, int64_t j,
                          Value trip) {
  StringRef kind = cast<StringAttr>(loop.getCombine()[0]);
  Type f32 = b.getF32Type();
  Combined &place = combined[loop];
  Value repeat = parts > 1 // a 64th of a part's elements is left
                     ? e.at(place.eights ? place.eights : place.repeats[j],
                            part * e.extent / kRepeat)
                     : e.at(place.repeats[j], e.mul(trip, e.number(kRepeat)));
  if (kind == "sum") {
    e.fillPads(term.pointer, place.none);
    acrossToRepeat(kind, term, repeat);
    return combineParts(kind, place, j);
  }
  Piece own = term;
  if (e.n != e.whole) {
    own = e.piece(f32, /*lanes=*/true);
    e.copy(term, own, f32);
    e.fillPads(own.pointer, identityOf(kind, f32));
  }
  acrossToRepeat(kind, own, repeat);
  combineParts(kind, place, j);
  if (!place.signs)
    return;
  if (kind == "min")
    own = e.with<cce::VmulsOp>(f32, own, b.getF32FloatAttr(-1));
  leastSign(own, e.at(place.signs, e.mul(row, e.number(Emitter::kBlock))));
}

/// Behind a row's last part, what parts have left, to a repeat.
void Lowering::combineParts(StringRef kind, const Combined &place, int64_t j) {
  if (!place.eights || part + 1 < parts)
    return;
  e.count(parts * e.extent / kRepeat);
  acrossBlocks(kind, place.repeats[j], place.eights);
}

/// Of all rows at a time, what is left of combining: to an element of each.
Value Lowering::combineRepeats(ForOp loop) {
  StringRef kind = cast<StringAttr>(loop.getCombine()[0]);
  Combined &place = combined[loop];
  int64_t rows = batch / teams, rooms = rows == beside ? 1 : beside;
  e.count(kRepeat * rows / rooms);
  if (kind == "sum") {
    for (int64_t j = 0; j < rooms; ++j)
      cce::VcaddOp::create(b, e.loc, e.at(place.totals, teamFirst + j),
                           place.repeats[j], e.number(1), rooms, 1, 8);
    return place.totals;
  }
  for (int64_t j = 0; j < rooms; ++j)
    acrossBlocks(kind, e.at(place.eighths, (teamFirst + j) * Emitter::kBlock),
                 place.repeats[j], /*apart=*/rooms);
  e.count(Emitter::kColumn);
  acrossBlocks(kind, place.totals, place.eighths);
  return place.totals;
}

/// A column of 8 elements that follow one another.
Piece Lowering::columnOf(Value elements, Type element) {
  Type word = IntegerType::get(b.getContext(), 32, IntegerType::Unsigned);
  Piece made = e.piece(element, /*lanes=*/false, /*column=*/true);
  cce::VbrcbOp::create(b, e.loc, e.as(word, made.pointer), e.as(word, elements),
                       e.number(1), 1, 8);
  return made;
}

/// The rows' positions along an axis of work.
Piece Lowering::columnOf(IotaOp iota) {
  Type i32 = b.getI32Type();
  Piece made = e.piece(i32, /*lanes=*/false, /*column=*/true);
  for (int64_t r = 0; r < kBlocks; ++r) {
    bindRow(e.add(firstItem, e.number(r)));
    Value position = indices.lookup(iota.getFirst());
    e.fill({e.at(made.pointer, r * Emitter::kBlock)},
           arith::TruncIOp::create(b, e.loc, i32, position).getResult(), i32);
  }
  return made;
}

/// To what is stored of the rows, of a column one element each.
void Lowering::storeColumn(gemel::StoreOp store, Piece value, Value buffer) {
  Type to = elementOf(store.getArray());
  Piece raw = toMemory(value, elementOf(store.getTile()), to);
  Type word =
      IntegerType::get(b.getContext(), 8 * bytesOf(to), IntegerType::Unsigned);
  Value dense = squeeze(raw.pointer, word, Emitter::kBlock, kBlocks);
  e.copy({dense}, {buffer}, to);
}

/// The columns that a stage makes; teams store theirs later.
void Lowering::stageColumns(int64_t stage, Buffers &buffers, Value rows) {
  Type f32 = b.getF32Type(), i32 = b.getI32Type();
  Type u32 = IntegerType::get(b.getContext(), 32, IntegerType::Unsigned);
  for (Operation *o : flat) {
    if (auto loop = dyn_cast<ForOp>(o)) {
      if (sweeps[o] + 1 != stage)
        continue;
      StringRef kind = cast<StringAttr>(loop.getCombine()[0]);
      Combined &place = combined[o];
      Piece made = columnOf(combineRepeats(loop), f32);
      if (place.signs) {
        Piece sign =
            columnOf(squeeze(place.signs, u32, Emitter::kBlock, kBlocks), f32);
        Piece zero =
            e.shift<cce::VshlOp>(i32, e.convert(sign, f32, i32, "r"), 31);
        made = withZero(kind, made, zero);
      }
      values[loop.getResult(0)] = {made};
      continue;
    }
    if (sweeps[o] != stage)
      continue;
    if (auto load = dyn_cast<gemel::LoadOp>(o)) {
      if (isByValue(load.getArray()) || isInvariant(load.getResult()) ||
          hasLanes(load.getType()))
        continue;
      // What stands behind the rows there are is no number.
      Value elements = definedElements.lookup(o);
      e.count(rows);
      cce::VcopyOp::create(b, e.loc, e.as(u32, elements), e.as(u32, buffers[o]),
                           e.number(1), 1, 1, 8, 8);
      values[load.getResult()] = {
          columnOf(elements, elementOf(load.getArray()))};
      continue;
    }
    if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      if (!hasLanes(store.getTile().getType()) && teams == 1)
        storeColumn(store, piece(store.getTile(), 0), buffers[o]);
      continue;
    }
    if (o->getNumResults() != 1 || !isa<TileType>(o->getResult(0).getType()) ||
        isInvariant(o->getResult(0)) || hasLanes(o->getResult(0).getType()))
      continue;
    auto iota = dyn_cast<IotaOp>(o);
    Piece made = iota ? columnOf(iota) : lowerOp(o, 0);
    if (!made.column)
      made = e.spreadColumn(made, elementOf(o->getResult(0)));
    values[o->getResult(0)] = {made};
    if (elementOf(o->getResult(0)).isInteger(1))
      columnNumbers[o->getResult(0)] = e.toNumbers(made).pointer;
  }
}
