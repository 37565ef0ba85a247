// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops: what they carry and combine stays in UB.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/Lowering.h"

#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

/// A step that holds the whole axis: the plan has seen to it.
bool Lowering::isOneTrip(ForOp loop) {
  if (loop.getAxisAttr() != lane || loop.getStep() == 1)
    return false;
  if (kernel->hasAttr("resident"))
    return true;
  for (auto [axis, step] :
       llvm::zip(kernel.getWorkAxes(), kernel.getWorkSteps()))
    if (axis == lane && loop.getNumResults() == 0)
      return step == static_cast<int64_t>(loop.getStep());
  return false;
}

/// Whether a load can be the first thing of a trip: where it is from is known
/// then, and it is one transfer.
bool Lowering::isAhead(gemel::LoadOp load) {
  Block *trip = load->getBlock();
  std::function<bool(Value)> isKnown = [&](Value position) {
    Operation *from = position.getDefiningOp();
    return isa<IndexType>(position.getType()) &&
           (!from || from->getBlock() != trip ||
            (!isa<ReadIndexOp>(from) &&
             llvm::all_of(from->getOperands(), isKnown)));
  };
  bool lanes = hasLanes(load.getType());
  return !isByValue(load.getArray()) && rowsOf(load.getType()) == 1 &&
         (!lanes || axesOf(load.getArray()).back() == lane) &&
         llvm::all_of(load.getPositions(), isKnown);
}

SmallVector<gemel::LoadOp> Lowering::loadsAhead(Block &trip) {
  SmallVector<gemel::LoadOp> loads;
  for (auto load : trip.getOps<gemel::LoadOp>())
    if (isAhead(load))
      loads.push_back(load);
  return loads;
}

/// Brings what a trip loads before it computes, so that it is on its way while
/// the trip before is computed. Rows first, in one go: what takes turns at them
/// then has flags together.
void Lowering::bringAhead(Block &trip) {
  SmallVector<gemel::LoadOp> loads = loadsAhead(trip);
  std::function<void(Value)> know = [&](Value position) {
    Operation *from = position.getDefiningOp();
    if (!from || from->getBlock() != &trip || early.contains(from))
      return;
    llvm::for_each(from->getOperands(), know);
    lowerIndex(*from);
    early.insert(from);
  };
  llvm::stable_sort(loads, [&](gemel::LoadOp a, gemel::LoadOp b) {
    return hasLanes(a.getType()) && !hasLanes(b.getType());
  });
  for (gemel::LoadOp load : loads) {
    llvm::for_each(load.getPositions(), know);
    e.loc = load.getLoc();
    brought[load] = bringTile(load, 0);
  }
}

void Lowering::lowerTrip(ForOp loop, Value position, ArrayRef<Pieces> carried,
                         SmallVectorImpl<Pieces> &yielded) {
  Block &body = loop.getBody().front();
  indices[body.getArgument(0)] = position;
  for (auto [i, pieces] : llvm::enumerate(carried))
    values[body.getArgument(i + 1)] = pieces;
  if (!isOneTrip(loop))
    bringAhead(body);
  lowerBlock(body);
  for (Value value : cast<YieldOp>(body.back()).getValues())
    yielded.push_back(values.lookup(value));
}

/// Lanes of a step, whose end is the axis' or a run's; of a block of another
/// length it may be anywhere.
void Lowering::setSteps(ForOp loop, Value count) {
  Value end = loop.getUpper();
  if (auto clipped = end.getDefiningOp<arith::MinSIOp>())
    end = clipped.getRhs();
  auto extent = end.getDefiningOp<ExtentOp>();
  bool plain = extent && extent.getAxisAttr() == lane &&
               loop.getUpper() == extent.getResult();
  plain ? setLanes(count) : e.setLanes(count);
}

void Lowering::emitTrips(ForOp loop, llvm::function_ref<void(Value)> trip) {
  emitTrips(loop, indices.lookup(loop.getLower()), trip);
}

void Lowering::emitTrips(ForOp loop, Value lower,
                         llvm::function_ref<void(Value)> trip) {
  Value upper = indices.lookup(loop.getUpper());
  Value step = e.number(loop.getStep());
  if (isOneTrip(loop)) {
    if (!kernel->hasAttr("resident"))
      setLanes(e.min(e.sub(upper, lower), step));
    return trip(lower);
  }
  Value n = e.n, whole = e.whole;
  auto trips = e.loop(lower, upper, step, [&](Value position) {
    if (loop.getAxisAttr() == lane && loop.getStep() > 1)
      setSteps(loop, e.min(e.sub(upper, position), step));
    trip(position);
  });
  if (sets > 1 && !loadsAhead(loop.getBody().front()).empty())
    trips->setAttr(cce::CceDialect::kBuffers, b.getI64IntegerAttr(sets));
  e.n = n;
  e.whole = whole;
}

void Lowering::lowerFor(ForOp loop) {
  if (loop.getNumResults() == 0)
    return emitTrips(loop, [&](Value position) {
      SmallVector<Pieces> none;
      lowerTrip(loop, position, {}, none);
    });
  StringRef kind = cast<StringAttr>(loop.getCombine()[0]);
  auto order = cast<OrderAttr>(loop.getOrders()[0]).getKind();
  if (kind == "carry")
    return lowerCarry(loop);
  if (kind == "argmax")
    return lowerArgmax(loop);
  bool tree = (kind == "sum" || kind == "prod") && order != OrderKind::Serial &&
              isa<FloatType>(elementOf(loop.getResult(0)));
  if (tree || kind == "sum_if")
    return lowerTree(loop);
  lowerChain(loop);
}

/// `carry`: what one trip yields is the next one's block argument.
void Lowering::lowerCarry(ForOp loop) {
  SmallVector<Pieces> rooms;
  for (auto [init, result] : llvm::zip(loop.getInits(), loop.getResults())) {
    Type type = result.getType(), element = elementOf(type);
    auto &row = rooms.emplace_back();
    for (int64_t r = 0, rows = rowsOf(type); r < rows; ++r) {
      row.push_back(e.piece(element, hasLanes(type)));
      e.copy(piece(init, r), row.back(), element);
    }
  }
  emitTrips(loop, [&](Value position) {
    SmallVector<Pieces> yielded;
    lowerTrip(loop, position, rooms, yielded);
    // One may be the other's old value: all are taken before any is set.
    SmallVector<Pieces> taken;
    for (auto [i, row] : llvm::enumerate(yielded)) {
      auto &copies = taken.emplace_back();
      Type element = elementOf(loop.getResult(i));
      for (Piece p : row) {
        bool old = llvm::any_of(rooms, [&](const Pieces &room) {
          return llvm::any_of(room,
                              [&](Piece q) { return q.pointer == p.pointer; });
        });
        if (old) {
          Piece copied = e.piece(element, p.lanes);
          e.copy(p, copied, element);
          p = copied;
        }
        copies.push_back(p);
      }
    }
    for (auto [i, row] : llvm::enumerate(rooms))
      for (auto [k, room] : llvm::enumerate(row))
        e.copy(taken[i][taken[i].size() == 1 ? 0 : k], room,
               elementOf(loop.getResult(i)));
  });
  for (auto [result, row] : llvm::zip(loop.getResults(), rooms))
    values[result] = row;
}

/// One chain a row and lane: dot, serial sums, and what any order gives.
void Lowering::lowerChain(ForOp loop) {
  StringRef kind = cast<StringAttr>(loop.getCombine()[0]);
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  bool dot = kind == "dot";
  Type element = elementOf(loop.getResult(0)), f32 = b.getF32Type();
  Type type = dot ? joinAxes(yield.getValues(), element)
                  : yield.getValues()[0].getType();
  bool lanes = hasLanes(type);
  bool gathers = lanes && !hasLanes(loop.getResult(0).getType());
  int64_t rows = rowsOf(type);
  bool boolean = element.isInteger(1);
  if (gathers && isOneTrip(loop) && !dot && !isa<IntegerType>(element) &&
      (kind == "max" || kind == "min")) {
    SmallVector<Pieces> yielded;
    lowerTrip(loop, indices.lookup(loop.getLower()), {}, yielded);
    Pieces result;
    for (int64_t r = 0; r < rows; ++r)
      result.push_back(acrossExtreme(kind, piece(yield.getValues()[0], r),
                                     needsZeroSign(loop.getResult(0))));
    values[loop.getResult(0)] = result;
    return;
  }
  if (gathers && isOneTrip(loop) && boolean) {
    SmallVector<Pieces> yielded;
    lowerTrip(loop, indices.lookup(loop.getLower()), {}, yielded);
    Pieces result;
    for (int64_t r = 0; r < rows; ++r)
      result.push_back(e.toBits(
          across(kind, element, e.toNumbers(piece(yield.getValues()[0], r)))));
    values[loop.getResult(0)] = result;
    return;
  }
  // Of f32 extrema also the integer ones of the same bits, for zeros' signs.
  bool extreme = (kind == "max" || kind == "min") && element.isF32() &&
                 needsZeroSign(loop.getResult(0));
  Type held = boolean ? f32 : element;
  TypedAttr identity = identityOf(kind, element);
  auto room = [&](Type of, TypedAttr value) {
    Piece made = e.piece(of, lanes);
    e.fill(made.pointer, value, lanes ? e.extent : Emitter::kBlock);
    return made;
  };
  Type i32 = b.getI32Type();
  Pieces chains, signs;
  for (int64_t r = 0; r < rows; ++r) {
    chains.push_back(room(held, identity));
    if (extreme)
      signs.push_back(room(i32, identityOf("max", i32)));
  }
  emitTrips(loop, [&](Value position) {
    SmallVector<Pieces> yielded;
    lowerTrip(loop, position, {}, yielded);
    for (int64_t r = 0; r < rows; ++r) {
      Piece chain = chains[r], term = piece(yield.getValues()[0], r);
      if (dot) {
        Piece other = piece(yield.getValues()[1], r);
        Piece x = term, y = other;
        if (lanes && !x.lanes && !y.lanes)
          x = e.spread(x, f32);
        Piece product = e.two<cce::VmulOp>(f32, x, y);
        e.two<cce::VaddOp>(f32, chain, product, chain);
        continue;
      }
      if (boolean)
        term = e.toNumbers(term);
      if (gathers && !element.isInteger(64)) {
        // What stands behind the last term takes no part.
        if (e.n != e.whole) {
          Piece own = e.piece(held, /*lanes=*/true);
          e.copy(term, own, held);
          term = own;
          e.fillPads(term.pointer, identity);
        }
      }
      if (extreme) {
        Piece turned = term;
        if (kind == "min")
          turned = e.with<cce::VmulsOp>(f32, term, b.getF32FloatAttr(-1));
        combineInto("max", i32, signs[r], turned, signs[r]);
      }
      combineInto(kind, element, chain, term, chain);
    }
  });
  // Along the lanes what the chains of all lanes hold, of a step at most.
  Value n = e.n, whole = e.whole;
  if (gathers)
    e.setLanes(e.number(e.extent));
  Pieces result;
  for (int64_t r = 0; r < rows; ++r) {
    Piece made = chains[r];
    if (extreme) {
      // The signs' chain has them of the terms, turned for minima.
      Piece zero;
      if (gathers) {
        made = acrossByUnit(kind, made);
        zero = negativeZeroIfAll(signs[r]);
      } else {
        Type u32 = IntegerType::get(b.getContext(), 32, IntegerType::Unsigned);
        zero = e.shift<cce::VshlOp>(
            i32, e.shift<cce::VshrOp>(u32, signs[r], 31), 31);
      }
      made = withZero(kind, made, zero);
    } else if (gathers) {
      made = across(kind, element, made);
    }
    result.push_back(boolean ? e.toBits(made) : made);
  }
  e.n = n;
  e.whole = whole;
  // An empty sum is +0, which is not what leaves a term unchanged.
  if (kind == "sum" && element.isF32()) {
    Value some = e.less(indices.lookup(loop.getLower()),
                        indices.lookup(loop.getUpper()));
    e.choose(
        some, [] {},
        [&] {
          for (Piece total : result)
            e.fill(total, b.getF32FloatAttr(0), f32);
        });
  }
  values[loop.getResult(0)] = result;
}

/// The first position of the largest term, NaN largest, by the scalar unit.
void Lowering::lowerArgmax(ForOp loop) {
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  Value termValue = yield.getValues()[0];
  Type type = termValue.getType(), element = elementOf(type);
  bool real = element.isF32();
  bool lanes = hasLanes(type);
  bool gathers = lanes && !hasLanes(loop.getResult(0).getType());
  bool wide = lanes && !gathers;
  int64_t rows = rowsOf(type), size = wide ? e.extent : Emitter::kBlock;
  Type i32 = b.getI32Type();
  Value zero = e.number(0), one = e.number(1);
  auto word = [&](int32_t v) -> Value {
    return arith::ConstantOp::create(b, e.loc, b.getI32IntegerAttr(v));
  };
  // -1: no candidate yet.
  SmallVector<Value> bests, places;
  for (int64_t r = 0; r < rows; ++r) {
    bests.push_back(e.alloc(element, size));
    places.push_back(e.alloc(i32, size));
    e.fill(places.back(), b.getI32IntegerAttr(-1), size);
    e.fill(bests.back(), cast<TypedAttr>(b.getZeroAttr(element)), size);
  }
  auto larger = [&](Value x, Value y) -> Value {
    if (!real)
      return arith::CmpIOp::create(b, e.loc, arith::CmpIPredicate::sgt, x, y);
    Value nan = arith::AndIOp::create(
        b, e.loc,
        arith::CmpFOp::create(b, e.loc, arith::CmpFPredicate::UNO, x, x),
        arith::CmpFOp::create(b, e.loc, arith::CmpFPredicate::ORD, y, y));
    return arith::OrIOp::create(
        b, e.loc, nan,
        arith::CmpFOp::create(b, e.loc, arith::CmpFPredicate::OGT, x, y));
  };
  emitTrips(loop, [&](Value position) {
    SmallVector<Pieces> yielded;
    lowerTrip(loop, position, {}, yielded);
    for (int64_t r = 0; r < rows; ++r) {
      Piece term = piece(termValue, r);
      Value terms = lanes ? e.n : one;
      e.loop(zero, terms, one, [&](Value i) {
        Value at = wide ? i : zero;
        Value value = e.scalar(term, element, i);
        Value best = e.scalar({bests[r], true}, element, at);
        Value spot = e.scalar({places[r], true}, i32, at);
        Value none = arith::CmpIOp::create(b, e.loc, arith::CmpIPredicate::slt,
                                           spot, word(0));
        Value wins = arith::OrIOp::create(b, e.loc, none, larger(value, best));
        Value here = arith::TruncIOp::create(
            b, e.loc, i32, gathers ? e.add(position, i) : position);
        cce::StoreOp::create(
            b, e.loc, arith::SelectOp::create(b, e.loc, wins, value, best),
            bests[r], at);
        cce::StoreOp::create(
            b, e.loc, arith::SelectOp::create(b, e.loc, wins, here, spot),
            places[r], at);
      });
    }
  });
  Pieces result;
  for (int64_t r = 0; r < rows; ++r) {
    Piece found = wide ? Piece{places[r], true} : e.block(places[r], i32);
    result.push_back(e.with<cce::VmaxsOp>(i32, found, b.getI32IntegerAttr(0)));
  }
  values[loop.getResult(0)] = result;
}
