// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What vector cores do with the products of their group's cube core: each of
// the two takes half of a tile's rows.
//
// Several rows are one long row, with pads between them that nobody stores:
// instructions see no rows. What all rows have, and what each row has one value
// of, is made once a tile; such values are a row of their own until they meet
// the lanes. Anything else goes row by row.
#include "codegen/ascend/Chips.h"
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/Lowering.h"

#include "dialect/TypeRules.h"

#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

static_assert(kMatrixRows / 2 <= Lowering::kApart);

static int64_t bytesOf(Type element) {
  return element.isInteger(1) ? 1 : element.getIntOrFloatBitWidth() / 8;
}

/// What a tile's values are of, where rows are joined: all rows, each row, each
/// result.
enum class Lowering::Of { All, Rows, Results };

std::optional<Lowering::Of> Lowering::whatOf(Type type) {
  if (!isa<TileType>(type))
    return std::nullopt;
  if (rowsOf(type) == 1)
    return Of::All;
  return hasLanes(type) ? Of::Results : Of::Rows;
}

std::optional<Lowering::Of> Lowering::whatOf(Operation *o) {
  if (isa<gemel::StoreOp>(o))
    return Of::Results;
  return o->getNumResults() == 1 ? whatOf(o->getResult(0).getType())
                                 : std::nullopt;
}

/// Whether its elements have 32 bits, or one.
static bool isWord(Value value) {
  Type element = elementOf(value);
  return element.isInteger(1) || bytesOf(element) == 4;
}

/// Whether the scalar unit does an op lane by lane: there is no number in pads
/// for it to take.
static bool isByScalars(Operation *o) {
  if (isa<gemel::CastOp, ConvertOp, WidenOp>(o))
    return !isWord(o->getOperand(0)) && !isWord(o->getResult(0));
  return isa<FloorDivOp, ModOp>(o) || !llvm::all_of(o->getOperands(), isWord);
}

/// Whether rows may follow one another: all that is loaded and stored is at
/// positions that are known, what meets the lanes has 32 bits, or one, and the
/// vector unit does the rest.
bool Lowering::mayJoinRows() {
  auto isRun = [&](Value array, ValueRange positions, bool lanes) {
    return llvm::all_of(positions,
                        [](Value p) { return isa<IndexType>(p.getType()); }) &&
           (!lanes || axesOf(array).back() == lane);
  };
  auto meetsLanes = [&](Value value) {
    return whatOf(value.getType()) != Of::Rows || isWord(value);
  };
  return llvm::all_of(flat, [&](Operation *o) {
    if (auto load = dyn_cast<gemel::LoadOp>(o))
      return isByValue(load.getArray()) ||
             isRun(load.getArray(), load.getPositions(),
                   hasLanes(load.getType()));
    if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      for (auto [axis, extent] :
           llvm::zip(axesOf(store.getArray()), store.getExtents()))
        if ((axis == row || axis == lane) != (extent > 1))
          return false;
      return isRun(store.getArray(), store.getPositions(), /*lanes=*/true) &&
             meetsLanes(store.getTile());
    }
    if (auto iota = dyn_cast<IotaOp>(o))
      return elementOf(iota.getResult()).isInteger(32);
    if (isa<ScatterOp, ScratchOp, KeepOp, RecallOp, ReadIndexOp>(o))
      return false;
    bool lanes = whatOf(o) && hasLanes(o->getResult(0).getType());
    return !lanes ||
           (llvm::all_of(o->getOperands(), meetsLanes) && !isByScalars(o));
  });
}

/// Rows from GM into a long row: `first`, and `count` of them. Without an axis
/// of rows the same row again and again.
Piece Lowering::loadRows(gemel::LoadOp load, const Joined &rows) {
  Value array = load.getArray();
  Type element = elementOf(array);
  Piece raw = e.piece(e.stored(element), /*lanes=*/true);
  Place place =
      placeOf(array, load.getPositions(), 0, e.number(0), false, false);
  if (llvm::is_contained(axesOf(array), row))
    bringRows(
        raw.pointer, element,
        e.at(slot(cast<BlockArgument>(array).getArgNumber()), place.offset),
        pitchOf(array, row), rows);
  else
    e.loop(e.number(0), rows.count, e.number(1), [&](Value r) {
      bring(e.at(raw.pointer, e.mul(r, rows.pitch)), array, place.offset,
            rows.lanes);
    });
  return fromMemory(raw, element);
}

/// Positions along the lanes, of row after row: of all elements there are.
Piece Lowering::rampOfRows(const Joined &rows) {
  Type i32 = b.getI32Type();
  Piece ramp = e.ramp(), made = e.piece(i32, /*lanes=*/true);
  Value blocks = e.div(rows.pitch, e.number(Emitter::kBlock));
  Value none = e.number(0);
  e.loop(e.number(0), rows.count, e.number(1), [&](Value r) {
    cce::CopyUbufToUbufOp::create(
        b, e.loc, e.at(made.pointer, e.mul(r, rows.pitch)), ramp.pointer,
        e.number(1), blocks, none, none);
  });
  e.padWithZeros(made, i32);
  return made;
}

Piece Lowering::positionsOf(IotaOp iota, const Joined &rows) {
  Type i32 = b.getI32Type();
  Piece ramp = hasLanes(iota.getType()) ? rampOfRows(rows) : e.ramp();
  Value first = indices.lookup(iota.getFirst());
  return e.with<cce::VaddsOp>(
      i32, ramp, arith::TruncIOp::create(b, e.loc, i32, first).getResult());
}

/// Whether what is made of an op's lanes may compare them.
static bool compares(Operation *o) {
  if (auto load = dyn_cast<gemel::LoadOp>(o))
    return elementOf(load.getResult()).isInteger(1);
  return !isa<IotaOp, RelayoutOp, StopOp, WhereOp, gemel::CastOp, ConvertOp,
              WidenOp, AddOp, SubOp, MulOp, SqOp, DivOp, MaxOp, MinOp, NegOp,
              AbsOp, AndOp, OrOp, NotOp>(o);
}

/// Bits of the lanes that are no pads, where a comparison has need of them.
Piece Lowering::insideOf(const Joined &rows) {
  if (llvm::none_of(flat, [&](Operation *o) {
        return !isa<gemel::StoreOp>(o) && whatOf(o) &&
               hasLanes(o->getResult(0).getType()) && compares(o);
      }))
    return {};
  Type i32 = b.getI32Type();
  Piece ramp = rampOfRows(rows);
  Value last =
      arith::TruncIOp::create(b, e.loc, i32, e.sub(rows.lanes, e.number(1)));
  return e.compare(cce::Relation::Eq, i32, ramp,
                   e.with<cce::VminsOp>(i32, ramp, last));
}

/// A value of each row from GM, one after another: as many as there are lanes.
Piece Lowering::loadOfRows(gemel::LoadOp load) {
  Value array = load.getArray(), count = e.n;
  Type element = elementOf(array);
  int64_t bytes = bytesOf(element), every = kBlockBytes / bytes;
  Piece raw = e.piece(e.stored(element), /*lanes=*/true);
  Place place =
      placeOf(array, load.getPositions(), 0, e.number(0), false, false);
  e.choose(e.less(e.number(0), count), [&] {
    if (axesOf(array).back() == row)
      return bring(raw.pointer, array, place.offset, count);
    // Each to a block of its own.
    Value apart = e.alloc(element, kApart * every);
    Joined rows{count, e.number(1), e.number(every)};
    bringRows(
        apart, element,
        e.at(slot(cast<BlockArgument>(array).getArgNumber()), place.offset),
        pitchOf(array, row), rows);
    firstsOf(apart, element, count, raw.pointer);
  });
  return fromMemory(raw, element);
}

/// Each row's value 64 times.
Value Lowering::repeatOfRows(Piece x, Type element) {
  assert(x.lanes && "each row has its own");
  Type word = IntegerType::get(b.getContext(), 32, IntegerType::Unsigned);
  Value now = element.isInteger(1) ? e.toNumbers(x).pointer : x.pointer;
  for (int64_t each : {Emitter::kBlock, kRepeat}) {
    Value next = e.alloc(word, kApart * each);
    cce::VbrcbOp::create(b, e.loc, next, e.as(word, now),
                         e.number(kApart * each / kRepeat), 1, 8);
    now = next;
  }
  return now;
}

/// A value of each row for its results.
Piece Lowering::alongRows(Value repeats, Type element, const Joined &rows) {
  bool bits = element.isInteger(1);
  Piece made = e.piece(bits ? b.getF32Type() : element, /*lanes=*/true);
  Value to =
      e.as(cast<cce::PtrType>(repeats.getType()).getElement(), made.pointer);
  Value from = e.at(repeats, e.mul(rows.first, e.number(kRepeat)));
  Value pitch = e.div(rows.pitch, e.number(Emitter::kBlock));
  int64_t most = kRepeat / Emitter::kBlock;
  e.loop(e.number(0), pitch, e.number(most), [&](Value block) {
    Value some = e.min(e.sub(pitch, block), e.number(most));
    cce::CopyUbufToUbufOp::create(
        b, e.loc, e.at(to, e.mul(block, e.number(Emitter::kBlock))), from,
        rows.count, some, e.sub(e.number(most), some), e.sub(pitch, some));
  });
  e.padWithZeros(made, bits ? b.getF32Type() : element);
  return bits ? e.toBits(made) : made;
}

/// Blocks of UB between the rows of a long row.
Value Lowering::gapOf(Type element, const Joined &rows) {
  if (rows.pitch == rows.lanes) // one row
    return e.number(0);
  Value bytes = e.number(bytesOf(element));
  return e.sub(e.div(e.mul(rows.pitch, bytes), e.number(kBlockBytes)),
               e.ceilDiv(e.mul(rows.lanes, bytes), kBlockBytes));
}

void Lowering::bringRows(Value to, Type element, Value from, Value pitch,
                         const Joined &rows) {
  Value bytes = e.number(bytesOf(element));
  cce::CopyGmToUbufAlignOp::create(
      b, e.loc, e.as(element, to), from, rows.count, e.mul(rows.lanes, bytes),
      0, 0, e.mul(e.sub(pitch, rows.lanes), bytes), gapOf(element, rows));
}

void Lowering::storeRows(gemel::StoreOp store, const Joined &rows) {
  Value array = store.getArray();
  Type from = elementOf(store.getTile()), to = elementOf(array);
  Piece value = e.spread(piece(store.getTile(), 0), from);
  Piece raw = toMemory(value, from, to);
  Place place =
      placeOf(array, store.getPositions(), 0, e.number(0), false, false);
  Value bytes = e.number(bytesOf(to)), pitch = pitchOf(array, row);
  cce::CopyUbufToGmAlignOp::create(
      b, e.loc,
      e.at(slot(cast<BlockArgument>(array).getArgNumber()), place.offset),
      e.as(to, raw.pointer), rows.count, e.mul(rows.lanes, bytes),
      gapOf(to, rows), e.mul(e.sub(pitch, rows.lanes), bytes));
}

/// The bytes of the narrowest element that is loaded or stored.
int64_t Lowering::narrowest() {
  int64_t bytes = 4;
  for (Operation *o : flat) {
    if (auto load = dyn_cast<gemel::LoadOp>(o))
      bytes = std::min(bytes, bytesOf(elementOf(load.getArray())));
    else if (auto store = dyn_cast<gemel::StoreOp>(o))
      bytes = std::min(bytes, bytesOf(elementOf(store.getArray())));
  }
  return bytes;
}

/// All ops of a tile whose rows are not joined, for one of them.
void Lowering::lowerEpilogue() {
  for (Operation *o : flat) {
    e.loc = o->getLoc();
    if (auto store = dyn_cast<gemel::StoreOp>(o))
      lowerStore(store, /*mostRows=*/1);
    else if (auto scatter = dyn_cast<ScatterOp>(o))
      lowerScatter(scatter);
    else if (o->getNumResults() == 1 &&
             isa<TileType>(o->getResult(0).getType()))
      values[o->getResult(0)] = {lowerOp(o, 0)};
  }
}

/// The ops that are of the same, where rows are joined.
void Lowering::lowerJoined(Of what, const Joined &rows) {
  for (Operation *o : flat) {
    e.loc = o->getLoc();
    if (whatOf(o) != what)
      continue;
    if (what == Of::Results)
      for (Value operand : o->getOperands())
        if (auto found = repeats.find(operand); found != repeats.end()) {
          values[operand] = {
              alongRows(found->second, elementOf(operand), rows)};
          repeats.erase(found);
        }
    if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      storeRows(store, rows);
      continue;
    }
    auto load = dyn_cast<gemel::LoadOp>(o);
    auto iota = dyn_cast<IotaOp>(o);
    bool lanes = hasLanes(o->getResult(0).getType());
    Piece made;
    if (load && lanes)
      made = loadRows(load, rows);
    else if (load && what == Of::Rows)
      made = loadOfRows(load);
    else if (iota && (lanes || what == Of::Rows))
      made = positionsOf(iota, rows);
    else
      made = lowerOp(o, 0);
    values[o->getResult(0)] = {made};
  }
}

/// What each of so many rows has one value of.
void Lowering::lowerOfRows(Value count) {
  llvm::SaveAndRestore room(e.extent, static_cast<int64_t>(kMatrixRows));
  e.setLanes(count);
  lowerJoined(Of::Rows, {});
  for (Operation *o : flat)
    if (whatOf(o) == Of::Results)
      for (Value x : o->getOperands())
        if (whatOf(x.getType()) == Of::Rows && !repeats.count(x))
          repeats[x] = repeatOfRows(piece(x, 0), elementOf(x));
}

void Lowering::runEpilogue() {
  e.loc = kernel.getLoc();
  flattenTile();
  e.span = kMatrixLanes;
  bool joins = mayJoinRows();
  cce::SetFftsBaseAddrOp::create(b, e.loc, into.getBody().getArgument(0));
  cce::SetVectorMaskOp::create(b, e.loc, e.number(-1), e.number(-1));
  cce::SetMaskCountOp::create(b, e.loc);
  Value group = cce::GetBlockIdxOp::create(b, e.loc, b.getI64Type()),
        groups = cce::GetBlockNumOp::create(b, e.loc, b.getI64Type()),
        half = cce::GetSubblockidOp::create(b, e.loc, b.getI64Type());
  auto tiles = scf::ForOp::create(b, e.loc, group, itemCount(), groups);
  e.startItems(tiles);
  b.setInsertionPoint(tiles.getBody()->getTerminator());
  Value number = tiles.getInductionVar();
  Tile tile = enterTile(number);
  Value share = e.ceilDiv(tile.rows, 2), begin = e.mul(half, share),
        end = e.min(e.add(begin, share), tile.rows);
  Value from = handoverOf(number, group, groups);
  Value firstRow = indices[workPosition(row)];
  Value product = productOf(kernel).getResult(0);
  auto rowsFrom = [&](Value at) {
    indices[workPosition(row)] = e.add(firstRow, at);
    bindTile();
  };
  Joined rows;
  rows.lanes = tile.lanes;
  Value step = e.number(1);
  if (joins) {
    // Whole blocks of every element.
    int64_t whole = kBlockBytes / narrowest();
    rows.pitch = e.mul(e.ceilDiv(tile.lanes, whole), e.number(whole));
    rows.count = step =
        e.min(e.div(e.number(e.tile), rows.pitch), e.number(kMatrixRows));
    e.setLanes(e.mul(rows.count, rows.pitch));
    Piece inside = e.inside = insideOf(rows);
    lowerJoined(Of::All, rows);
    rowsFrom(begin);
    e.inside = {};
    lowerOfRows(e.sub(end, begin));
    e.inside = inside;
  }
  e.loc = kernel.getLoc();
  cce::WaitFlagDevOp::create(b, e.loc, kMade);
  scf::ForOp loop = e.loop(begin, end, step, [&](Value at) {
    rowsFrom(at);
    Value source = e.at(from, e.mul(at, e.number(kMatrixLanes)));
    Type f32 = b.getF32Type();
    Location loc = e.loc = productOf(kernel).getLoc();
    if (joins) {
      rows.first = e.sub(at, begin);
      rows.count = e.min(e.sub(end, at), step);
      e.setLanes(e.mul(rows.count, rows.pitch));
    } else {
      rows.count = e.number(1);
      rows.pitch = tile.lanes; // of one row nothing follows
      e.setLanes(tile.lanes);
    }
    Piece made = e.piece(f32, /*lanes=*/true);
    bringRows(made.pointer, f32, source, e.number(kMatrixLanes), rows);
    e.padWithZeros(made, f32);
    e.loc = loc;
    values[product] = {made};
    joins ? lowerJoined(Of::Results, rows) : lowerEpilogue();
  });
  if (joins)
    loop->setAttr(cce::CceDialect::kBuffers, b.getI64IntegerAttr(2));
  e.loc = kernel.getLoc();
  cce::FftsCrossCoreSyncOp::create(b, e.loc, cce::Pipe::MTE2, 2, kTaken);
}
