// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What vector cores do with the products of their group's cube core: each of
// the two takes half of a tile's rows.
//
// Where everything is a value of each result, of each lane, or of all, several
// rows are one long row, with pads between them that nobody stores:
// instructions see no rows. Anything else goes row by row.
#include "codegen/ascend/Chips.h"
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/Lowering.h"

#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

static int64_t bytesOf(Type element) {
  return element.isInteger(1) ? 1 : element.getIntOrFloatBitWidth() / 8;
}

/// Whether rows may follow one another: nothing knows its row's number, or has
/// a value for each row.
bool Lowering::mayJoinRows() {
  auto isRun = [&](Value array, ValueRange positions) {
    return isByValue(array) || axesOf(array).empty() ||
           (llvm::all_of(positions,
                         [](Value p) { return isa<IndexType>(p.getType()); }) &&
            axesOf(array).back() == lane);
  };
  return llvm::all_of(flat, [&](Operation *o) {
    if (auto load = dyn_cast<gemel::LoadOp>(o)) {
      if (!isRun(load.getArray(), load.getPositions()))
        return false;
    } else if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      for (auto [axis, extent] :
           llvm::zip(axesOf(store.getArray()), store.getExtents()))
        if ((axis == row || axis == lane) != (extent > 1))
          return false;
      return isRun(store.getArray(), store.getPositions());
    } else if (isa<IotaOp, ScatterOp, ScratchOp, KeepOp, RecallOp, ReadIndexOp>(
                   o)) {
      return false;
    }
    return llvm::all_of(o->getResultTypes(), [&](Type type) {
      return !isa<TileType>(type) || hasLanes(type) || rowsOf(type) == 1;
    });
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

/// All ops of the tile that are of the lanes alone, or of the rest.
void Lowering::lowerEpilogue(bool ofLanes, const Joined *rows) {
  for (Operation *o : flat) {
    e.loc = o->getLoc();
    if (auto store = dyn_cast<gemel::StoreOp>(o)) {
      if (ofLanes)
        continue;
      if (rows)
        storeRows(store, *rows);
      else
        lowerStore(store, /*mostRows=*/1);
      continue;
    }
    if (auto scatter = dyn_cast<ScatterOp>(o)) {
      if (!ofLanes)
        lowerScatter(scatter);
      continue;
    }
    if (o->getNumResults() != 1 || !isa<TileType>(o->getResult(0).getType()))
      continue;
    Value result = o->getResult(0);
    if (rows && ofLanes == (rowsOf(result.getType()) > 1))
      continue;
    auto load = dyn_cast<gemel::LoadOp>(o);
    values[result] = {rows && load && hasLanes(load.getType())
                          ? loadRows(load, *rows)
                          : lowerOp(o, 0)};
  }
}

void Lowering::runEpilogue() {
  e.loc = kernel.getLoc();
  flattenTile();
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
  cce::WaitFlagDevOp::create(b, e.loc, kMade);
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
    lowerEpilogue(/*ofLanes=*/true, &rows);
  }
  scf::ForOp loop = e.loop(begin, end, step, [&](Value at) {
    rowsFrom(at);
    Value source = e.at(from, e.mul(at, e.number(kMatrixLanes)));
    Type f32 = b.getF32Type();
    Location loc = e.loc = productOf(kernel).getLoc();
    if (joins) {
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
    lowerEpilogue(/*ofLanes=*/false, joins ? &rows : nullptr);
  });
  if (joins)
    loop->setAttr(cce::CceDialect::kBuffers, b.getI64IntegerAttr(2));
  e.loc = kernel.getLoc();
  cce::FftsCrossCoreSyncOp::create(b, e.loc, cce::Pipe::MTE2, 2, kTaken);
}
