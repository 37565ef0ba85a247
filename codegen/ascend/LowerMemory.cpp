// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Between GM and UB: never a byte outside the argument. Elements that do not
// follow one another go one by one, each to 32 bytes of its own.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/Lowering.h"

#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

static int64_t bytesOf(Type element) {
  return element.isInteger(1) ? 1 : element.getIntOrFloatBitWidth() / 8;
}

/// Signless integers of the same size, as the scalar unit moves them.
static Type wordOf(Type element) {
  return IntegerType::get(element.getContext(), 8 * bytesOf(element));
}

void Lowering::bring(Value to, Value array, Value offset, Value count) {
  Type element = elementOf(array);
  Value from = slot(cast<BlockArgument>(array).getArgNumber());
  Value bytes = e.mul(count, e.number(bytesOf(element)));
  cce::CopyGmToUbufAlignOp::create(b, e.loc, e.as(element, to),
                                   e.at(from, offset), e.number(1), bytes, 0, 0,
                                   e.number(0), e.number(0));
}

void Lowering::send(Value array, Value offset, Value from, Value count) {
  Type element = elementOf(array);
  Value to = slot(cast<BlockArgument>(array).getArgNumber());
  Value bytes = e.mul(count, e.number(bytesOf(element)));
  cce::CopyUbufToGmAlignOp::create(b, e.loc, e.at(to, offset),
                                   e.as(element, from), e.number(1), bytes,
                                   e.number(0), e.number(0));
}

Lowering::Place Lowering::placeOf(Value array, ValueRange positions, int64_t r,
                                  Value at, bool rows, bool lanes) {
  Place place{e.number(0), {}};
  Value stride = e.number(1);
  ArrayRef<StringAttr> axes = axesOf(array);
  for (size_t k = axes.size(); k-- > 0;) {
    Value size = axisSize(axes[k]), position;
    if (auto it = indices.find(positions[k]); it != indices.end()) {
      position = it->second;
      if (axes[k] == lane && lanes)
        position = e.add(position, at);
      else if (axes[k] == row && rows) // rows past the end repeat the last one
        position =
            e.min(e.add(position, e.number(r)), e.sub(size, e.number(1)));
    } else {
      position = e.scalar(piece(positions[k], r), elementOf(positions[k]), at);
      if (!position.getType().isInteger(64))
        position = arith::ExtSIOp::create(b, e.loc, b.getI64Type(), position);
      Value inside = arith::CmpIOp::create(b, e.loc, arith::CmpIPredicate::ult,
                                           position, size);
      place.inside = place.inside
                         ? arith::AndIOp::create(b, e.loc, place.inside, inside)
                               .getResult()
                         : inside;
    }
    place.offset = e.add(place.offset, e.mul(position, stride));
    stride = e.mul(stride, size);
  }
  return place;
}

Piece Lowering::fromMemory(Piece raw, Type element) {
  if (!element.isInteger(1)) {
    e.padWithZeros(raw, element);
    return raw;
  }
  Type u8 = e.stored(element), f16 = b.getF16Type(), f32 = b.getF32Type();
  Piece numbers = e.convert(e.convert(raw, u8, f16, ""), f16, f32, "");
  return e.bitNot(e.compare(cce::Relation::Eq, f32, numbers,
                            e.constant(b.getF32FloatAttr(0))));
}

Piece Lowering::toMemory(Piece x, Type from, Type to, Piece dst) {
  if (to.isInteger(1)) {
    Type f16 = b.getF16Type(), f32 = b.getF32Type();
    Piece half = e.convert(e.toNumbers(x), f32, f16, "r");
    return e.convert(half, f16, e.stored(to), "", dst);
  }
  return from == to ? x : e.convert(x, from, to, "r", dst);
}

/// Whether anything behind the first write to a new buffer has to do with what
/// `place` points into: an instruction may read what it writes, no later one.
static bool isReadBehind(cce::AllocOp own, Value place) {
  bool written = false;
  for (Operation *o = own->getNextNode(); o; o = o->getNextNode()) {
    if (isa<cce::OffsetOp, cce::CastOp>(o))
      continue;
    auto has = [](Operation *op, Value root) {
      return llvm::any_of(op->getOperands(), [&](Value operand) {
        return isa<cce::PtrType>(operand.getType()) &&
               cce::rootOf(operand) == root;
      });
    };
    bool reads = false, writes = false;
    o->walk([&](Operation *op) {
      reads |= has(op, cce::rootOf(place));
      writes |= has(op, own.getResult());
    });
    if (written && reads)
      return true;
    written |= writes;
  }
  return false;
}

/// Has a value stand in `place`, which has room for it: it is computed there,
/// if it has a buffer of its own, made later than the place.
void Lowering::keepIn(Value place, Piece value, Type element) {
  auto own = value.pointer.getDefiningOp<cce::AllocOp>();
  auto room = place.getDefiningOp<cce::AllocOp>();
  Operation *from = place.getDefiningOp();
  if (own && own->getBlock() == b.getInsertionBlock() &&
      own.getType() == place.getType() &&
      (!room || own.getBytes() == room.getBytes()) &&
      (from->getBlock() != own->getBlock() || from->isBeforeInBlock(own)) &&
      !isReadBehind(own, place)) {
    for (auto &[known, pieces] : values)
      for (Piece &piece : pieces)
        if (piece.pointer == value.pointer)
          piece.pointer = place;
    own.getResult().replaceAllUsesWith(place);
    own.erase();
    return;
  }
  e.copy(value, {place, value.lanes}, element);
}

bool Lowering::isByValue(Value array) {
  auto arguments = kernel->getAttrOfType<DenseI64ArrayAttr>("scalars");
  int64_t number = cast<BlockArgument>(array).getArgNumber();
  return llvm::is_contained(arguments.asArrayRef(), number);
}

/// A number that the launch passes by value.
Piece Lowering::lowerScalar(gemel::LoadOp load) {
  int64_t i = cast<BlockArgument>(load.getArray()).getArgNumber();
  Piece &known = scalars[i];
  if (known.pointer)
    return known;
  Type element = elementOf(load.getArray());
  Value value = slot(i);
  Piece made = e.inPreamble([&] {
    bool asItIs = element.isF32() || element.isInteger(32);
    Piece block = e.piece(asItIs ? element : e.stored(element), false);
    if (asItIs) {
      e.fill(block, value, element);
      if (element.isF32())
        block.scalar = value;
      return block;
    }
    Type word = wordOf(element);
    Value bits =
        word.isInteger(64)
            ? value
            : arith::TruncIOp::create(b, e.loc, word, value).getResult();
    for (int64_t j = 0; j < Emitter::kBlock; ++j)
      cce::StoreOp::create(b, e.loc, bits, e.as(word, block.pointer),
                           e.number(j));
    return element.isInteger(1) ? fromMemory(block, element) : block;
  });
  return scalars[i] = made;
}

Piece Lowering::lowerLoad(gemel::LoadOp load, int64_t r) {
  if (isByValue(load.getArray()))
    return lowerScalar(load);
  // It may be there.
  if (Value raw = now ? now->lookup(load) : Value())
    return fromBuffer(raw, load);
  if (auto found = blocks.find(load); found != blocks.end()) {
    Value block = found->second;
    blocks.erase(found);
    return fromMemory({block}, elementOf(load.getArray()));
  }
  if (auto found = brought.find(load); found != brought.end()) {
    Value raw = found->second;
    brought.erase(found);
    return fromBuffer(raw, load);
  }
  ArrayRef<StringAttr> axes = axesOf(load.getArray());
  bool lanes = hasLanes(load.getType());
  bool placed = llvm::any_of(load.getPositions(), [&](Value position) {
    return !indices.count(position);
  });
  bool lanesPlaced = llvm::any_of(load.getPositions(), [&](Value position) {
    return !indices.count(position) && hasLanes(position.getType());
  });
  bool together = lanes && !lanesPlaced && axes.back() == lane;
  if (together && placed)
    return loadRun(load, r);
  if (lanes && !together)
    return gather(load, r);
  if (placed)
    return gather(load, r);
  return fromBuffer(bringTile(load, r), load);
}

/// What a load has brought, as instructions take it.
Piece Lowering::fromBuffer(Value raw, gemel::LoadOp load) {
  Type element = elementOf(load.getArray());
  if (!hasLanes(load.getType()))
    return fromMemory(e.block(raw, element), element);
  return fromMemory({raw, /*lanes=*/true}, element);
}

/// Lanes that follow one another, or one element, to a buffer of their own.
Value Lowering::bringTile(gemel::LoadOp load, int64_t r) {
  Type element = elementOf(load.getArray());
  Place place = placeOf(load.getArray(), load.getPositions(), r, e.number(0),
                        rowsOf(load.getType()) > 1, /*lanes=*/false);
  if (!hasLanes(load.getType())) {
    Value raw = e.alloc(element, kBlockBytes / bytesOf(element));
    bring(raw, load.getArray(), place.offset, e.number(1));
    return raw;
  }
  Value raw = e.piece(e.stored(element), /*lanes=*/true).pointer;
  auto copy = [&] { bring(raw, load.getArray(), place.offset, e.n); };
  if (inRow && !e.known(e.n)) // a row may be empty
    e.choose(e.less(e.number(0), e.n), copy);
  else if (e.known(e.n) != 0)
    copy();
  return raw;
}

/// Lanes that follow one another, at a place that integers name.
Piece Lowering::loadRun(gemel::LoadOp load, int64_t r) {
  Type element = elementOf(load.getArray());
  Piece raw = e.piece(e.stored(element), /*lanes=*/true);
  Place place = placeOf(load.getArray(), load.getPositions(), r, e.number(0),
                        rowsOf(load.getType()) > 1, /*lanes=*/false);
  e.choose(
      place.inside,
      [&] {
        e.choose(e.less(e.number(0), e.n), [&] {
          bring(raw.pointer, load.getArray(), place.offset, e.n);
        });
      },
      [&] {
        // NaN, 0 or false; a NaN of all ones of any size.
        int64_t bits = isa<FloatType>(element) ? -1 : 0;
        e.fill(raw.pointer, b.getI16IntegerAttr(static_cast<int16_t>(bits)),
               e.extent * bytesOf(element) / 2);
      });
  return fromMemory(raw, element);
}

/// So many elements, `every` of them apart, one after another, to a buffer.
Value Lowering::squeeze(Value from, Type word, int64_t every, int64_t count,
                        Value to) {
  cce::SetMaskNormOp::create(b, e.loc);
  int64_t bytes = bytesOf(word), size = count * every * bytes;
  for (int64_t left = every; left > 1;) {
    int64_t by = left >= 4 ? 4 : 2;
    int64_t repeats = llvm::divideCeil(size, kRepeatBytes);
    left /= by;
    size /= by;
    Value next = left == 1 && to
                     ? e.as(word, to)
                     : e.alloc(word, llvm::alignTo(size, kRepeatBytes) / bytes);
    cce::Vreducev2Op::create(b, e.loc, next, e.as(word, from),
                             e.number(repeats), 1, by == 4 ? 3 : 1, 8);
    from = next;
  }
  cce::SetMaskCountOp::create(b, e.loc);
  return from;
}

/// The first element of each of kApart blocks; of those that the vector unit
/// does not gather `count`.
void Lowering::firstsOf(Value blocks, Type element, Value count, Value to) {
  int64_t bytes = bytesOf(element), every = kBlockBytes / bytes;
  if (bytes == 2 || bytes == 4) {
    Type word =
        IntegerType::get(b.getContext(), 8 * bytes, IntegerType::Unsigned);
    squeeze(blocks, word, every, kApart, to);
    return;
  }
  Type word = wordOf(element);
  e.loop(e.number(0), count, e.number(1), [&](Value i) {
    Value value = cce::LoadOp::create(b, e.loc, word, e.as(word, blocks),
                                      e.mul(i, e.number(every)));
    cce::StoreOp::create(b, e.loc, value, e.as(word, to), i);
  });
}

/// Elements that stand anywhere.
Piece Lowering::gather(gemel::LoadOp load, int64_t r) {
  Type element = elementOf(load.getArray()), word = wordOf(element);
  bool lanes = hasLanes(load.getType());
  bool rows = rowsOf(load.getType()) > 1;
  int64_t bytes = bytesOf(element), every = kBlockBytes / bytes;
  Piece raw = e.piece(e.stored(element), lanes);
  // Not a number of any size is all ones.
  Value absent = arith::ConstantOp::create(
      b, e.loc, b.getIntegerAttr(word, isa<FloatType>(element) ? -1 : 0));
  auto place = [&](Value at) {
    return placeOf(load.getArray(), load.getPositions(), r, at, rows, lanes);
  };
  if (!lanes) {
    Place spot = place(e.number(0));
    Value one = e.alloc(element, every);
    e.choose(
        spot.inside,
        [&] { bring(one, load.getArray(), spot.offset, e.number(1)); },
        [&] {
          cce::StoreOp::create(b, e.loc, absent, e.as(word, one), e.number(0));
        });
    return fromMemory(e.block(one, element), element);
  }
  Value apart = e.alloc(element, kApart * every);
  Value n = e.n;
  e.loop(e.number(0), n, e.number(kApart), [&](Value first) {
    Value count = e.min(e.sub(n, first), e.number(kApart));
    e.loop(e.number(0), count, e.number(1), [&](Value i) {
      Place spot = place(e.add(first, i));
      auto copy = [&] {
        bring(e.at(apart, e.mul(i, e.number(every))), load.getArray(),
              spot.offset, e.number(1));
      };
      spot.inside ? e.choose(spot.inside, copy) : copy();
    });
    firstsOf(apart, element, count, e.at(raw.pointer, first));
    bool placed = llvm::any_of(load.getPositions(), [&](Value position) {
      return !indices.count(position);
    });
    if (placed)
      e.loop(e.number(0), count, e.number(1), [&](Value i) {
        Value at = e.add(first, i);
        Value inside = place(at).inside;
        e.choose(
            inside, [] {},
            [&] {
              cce::StoreOp::create(b, e.loc, absent, e.as(word, raw.pointer),
                                   at);
            });
      });
  });
  return fromMemory(raw, element);
}

void Lowering::whereAny(bool lanes, llvm::function_ref<void()> then) {
  if (!lanes || e.known(e.n).value_or(0) > 0)
    return then();
  e.choose(e.less(e.number(0), e.n), then);
}

void Lowering::whereRow(Value position, int64_t r,
                        llvm::function_ref<void()> then) {
  if (!position || r == 0)
    return then();
  e.choose(e.less(e.add(position, e.number(r)), axisSize(row)), then);
}

/// Elements of a row, one by one, to where `place` says.
void Lowering::sendEach(Piece raw, Type element, Value array,
                        llvm::function_ref<Place(Value)> place) {
  Type word = wordOf(element);
  int64_t every = kBlockBytes / bytesOf(element);
  Value apart = e.alloc(element, kApart * every);
  Value n = raw.lanes ? e.n : e.number(1);
  e.loop(e.number(0), n, e.number(kApart), [&](Value first) {
    Value count = e.min(e.sub(n, first), e.number(kApart));
    e.loop(e.number(0), count, e.number(1), [&](Value i) {
      Value value = cce::LoadOp::create(b, e.loc, word, e.as(word, raw.pointer),
                                        e.add(first, i));
      cce::StoreOp::create(b, e.loc, value, e.as(word, apart),
                           e.mul(i, e.number(every)));
    });
    e.loop(e.number(0), count, e.number(1), [&](Value i) {
      Place spot = place(e.add(first, i));
      auto copy = [&] {
        send(array, spot.offset, e.at(apart, e.mul(i, e.number(every))),
             e.number(1));
      };
      spot.inside ? e.choose(spot.inside, copy) : copy();
    });
  });
}

void Lowering::lowerStore(gemel::StoreOp store, int64_t mostRows) {
  Value array = store.getArray();
  Type from = elementOf(store.getTile()), to = elementOf(array);
  ArrayRef<StringAttr> axes = axesOf(array);
  int64_t rows = 1;
  bool lanes = false;
  Value firstRow;
  for (auto [k, axis] : llvm::enumerate(axes)) {
    int64_t extent = store.getExtents()[k];
    if (extent == 1)
      continue;
    if (axis == lane) {
      lanes = true;
    } else {
      rows = std::min(extent, mostRows);
      firstRow = indices.lookup(store.getPositions()[k]);
    }
  }
  for (int64_t r = 0; r < rows; ++r) {
    Piece value = piece(store.getTile(), r);
    if (lanes)
      value = e.spread(value, from);
    if (now) { // it is sent from there
      Value buffer = (*now)[store];
      Piece raw = toMemory(value, from, to, {buffer, value.lanes});
      if (raw.pointer != buffer)
        keepIn(buffer, raw, e.stored(to));
      continue;
    }
    Piece raw = toMemory(value, from, to);
    whereRow(rows > 1 ? firstRow : Value(), r, [&] {
      if (lanes && axes.back() != lane)
        return sendEach(raw, to, array, [&](Value at) {
          return placeOf(array, store.getPositions(), r, at, rows > 1, true);
        });
      Place place = placeOf(array, store.getPositions(), r, e.number(0),
                            rows > 1, /*lanes=*/false);
      Value count = lanes ? e.n : e.number(1);
      auto copy = [&] { send(array, place.offset, raw.pointer, count); };
      if (lanes && inRow && !e.known(count))
        e.choose(e.less(e.number(0), count), copy);
      else if (e.known(count) != 0)
        copy();
    });
  }
}

void Lowering::lowerScatter(ScatterOp scatter) {
  Value array = scatter.getArray();
  Type tile = scatter.getTile().getType();
  Type from = elementOf(tile), to = elementOf(array);
  bool lanes = hasLanes(tile);
  for (int64_t r = 0, rows = rowsOf(tile); r < rows; ++r) {
    Piece value = piece(scatter.getTile(), r);
    if (lanes)
      value = e.spread(value, from);
    sendEach(toMemory(value, from, to), to, array, [&](Value at) {
      return placeOf(array, scatter.getPositions(), r, at, rows > 1, lanes);
    });
  }
}

//===- What a work item keeps -===//

void Lowering::lowerScratch(ScratchOp scratch) {
  Type element = elementOf(scratch.getResult());
  Value size = axisSize(scratch.getAxisAttr());
  auto limit = static_cast<int64_t>(scratch.getLimit());
  scratches[scratch.getResult()] = {e.alloc(element, limit + e.extent),
                                    e.less(size, e.number(limit + 1))};
}

void Lowering::lowerKeep(KeepOp keep) {
  Scratch scratch = scratches.lookup(keep.getScratch());
  Piece tile = piece(keep.getTile(), 0);
  Value position = indices.lookup(keep.getPosition());
  e.choose(scratch.fits, [&] {
    e.copy(tile, {e.at(scratch.pointer, position), /*lanes=*/true},
           elementOf(keep.getTile()));
  });
}

void Lowering::lowerRecall(RecallOp recall) {
  Scratch scratch = scratches.lookup(recall.getScratch());
  Value position = indices.lookup(recall.getPosition());
  Type element = elementOf(recall.getResult());
  Piece made = e.piece(element, hasLanes(recall.getResult().getType()));
  e.choose(
      scratch.fits,
      [&] {
        e.copy({e.at(scratch.pointer, position), made.lanes}, made, element);
      },
      [&] {
        Block &body = recall.getBody().front();
        lowerBlock(body);
        e.copy(piece(cast<YieldOp>(body.back()).getValues()[0], 0), made,
               element);
      });
  values[recall.getResult()] = {made};
}
