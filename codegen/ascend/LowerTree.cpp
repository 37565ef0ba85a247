// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The default order of a loop's terms: each trip's are one aligned run, and
// runs meet as a binary counter's bits do, so that equal, neighbouring runs
// combine.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/Lowering.h"

#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

/// How many lengths of runs a loop's trips can leave.
int64_t Lowering::levelsOf(ForOp loop) {
  int64_t most = std::numeric_limits<int32_t>::max();
  Value end = loop.getUpper();
  if (auto clipped = end.getDefiningOp<arith::MinSIOp>())
    end = clipped.getRhs();
  auto extent = end.getDefiningOp<ExtentOp>();
  if (!extent || extent.getAxisAttr() != loop.getAxisAttr())
    return 63; // several axes taken as one
  AxisAttr axis = op.getAxis(op.findAxis(loop.getAxis()));
  most = axis.getFixed() >= 0 ? axis.getFixed()
                              : std::min(axis.getMaximum(), most);
  if (int64_t trips = tripsOfItems(loop))
    most = std::min(most, trips);
  int64_t step = loop.getStep();
  return llvm::Log2_64(std::max<int64_t>(1, (most - 1) / step + 1)) + 1;
}

/// Room for the runs of each row, in a stack of so many lengths.
Lowering::Runs Lowering::runsOf(ForOp loop, int64_t levels) {
  StringRef kind = cast<StringAttr>(loop.getCombine()[0]);
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  bool conditional = kind == "sum_if";
  Value term = yield.getValues()[conditional ? 1 : 0];
  bool lanes = hasLanes(term.getType());
  Runs runs;
  runs.kind = conditional ? "sum" : kind;
  runs.element = elementOf(loop.getResult(0));
  runs.wide = lanes && hasLanes(loop.getResult(0).getType());
  runs.levels = levels;
  auto bytes = static_cast<int64_t>(cce::bytesOf(runs.element));
  int64_t size = runs.wide ? e.extent : Emitter::kBlock;
  runs.pitch = llvm::alignTo(size * bytes, kBlockBytes) / bytes;
  for (int64_t r = 0, rows = rowsOf(term.getType()); r < rows; ++r)
    runs.stacks.push_back(e.alloc(runs.element, runs.pitch * runs.levels));
  return runs;
}

Piece Lowering::levelOf(const Runs &runs, int64_t r, Value level) {
  return {e.at(runs.stacks[r], e.mul(level, e.number(runs.pitch))), runs.wide};
}

/// Adds each row's run of 2^base trips behind `count` others.
void Lowering::pushRun(const Runs &runs, ArrayRef<Piece> terms, Value count,
                       int64_t base) {
  auto rows = static_cast<int64_t>(runs.stacks.size());
  // Ones at the end of `count`: runs that meet this one. What comes of them is
  // made where it will be, a level that is free.
  Value next = e.add(count, e.number(int64_t(1) << base));
  Value first = e.number(base);
  Value ones = first, power = e.number(int64_t(1) << base);
  for (int64_t l = base + 1; l < runs.levels; ++l) {
    power = e.mul(power, e.number(2));
    Value whole = arith::CmpIOp::create(b, e.loc, arith::CmpIPredicate::eq,
                                        e.rem(next, power), e.number(0));
    ones = e.add(ones, arith::SelectOp::create(b, e.loc, whole, e.number(1),
                                               e.number(0)));
  }
  auto meet = [&] {
    for (int64_t r = 0; r < rows; ++r)
      combineInto(runs.kind, runs.element, levelOf(runs, r, first), terms[r],
                  levelOf(runs, r, ones));
    e.loop(e.number(base + 1), ones, e.number(1), [&](Value l) {
      for (int64_t r = 0; r < rows; ++r) {
        Piece into = levelOf(runs, r, ones);
        combineInto(runs.kind, runs.element, levelOf(runs, r, l), into, into);
      }
    });
  };
  e.choose(e.less(first, ones), meet, [&] {
    for (int64_t r = 0; r < rows; ++r)
      e.copy(terms[r], levelOf(runs, r, first), runs.element);
  });
}

/// Combines what `count` trips have left with `into`, from the shortest run on.
void Lowering::addRuns(const Runs &runs, Value count, ArrayRef<Piece> into) {
  Value zero = e.number(0), one = e.number(1);
  e.loop(zero, e.number(runs.levels), one, [&](Value l) {
    Value shifted = arith::ShRSIOp::create(b, e.loc, count, l);
    Value bit = arith::AndIOp::create(b, e.loc, shifted, one);
    e.choose(
        arith::CmpIOp::create(b, e.loc, arith::CmpIPredicate::eq, bit, one),
        [&] {
          for (auto [r, total] : llvm::enumerate(into))
            combineInto(runs.kind, runs.element, levelOf(runs, r, l), total,
                        total);
        });
  });
}

Pieces Lowering::totalOf(const Runs &runs, Value count) {
  Pieces result;
  for (size_t r = 0; r < runs.stacks.size(); ++r) {
    result.push_back(e.piece(runs.element, runs.wide));
    e.fill(result.back(), identityOf(runs.kind, runs.element), runs.element);
  }
  addRuns(runs, count, result);
  zeroIfNone(runs.kind, e.less(e.number(0), count), result, runs.element);
  return result;
}

/// An empty sum is +0, which is not what leaves a term unchanged.
void Lowering::zeroIfNone(StringRef kind, Value any, ArrayRef<Piece> totals,
                          Type element) {
  if (!element.isF32() || kind == "prod")
    return;
  e.choose(
      any, [] {},
      [&] {
        for (Piece total : totals)
          e.fill(total, b.getF32FloatAttr(0), element);
      });
}

/// How many trips of a loop there are before a position.
Value Lowering::tripsTo(ForOp loop, Value position) {
  Value lower = indices.lookup(loop.getLower());
  return e.div(e.sub(position, lower), e.number(loop.getStep()));
}

/// Trips of a loop from `begin` on, one by one, whose terms are all taken.
void Lowering::pushTrips(ForOp loop, const Runs &runs, Value begin) {
  StringRef kind = cast<StringAttr>(loop.getCombine()[0]);
  Value term = cast<YieldOp>(loop.getBody().front().back()).getValues()[0];
  emitTrips(loop, begin, [&](Value position) {
    SmallVector<Pieces> yielded;
    lowerTrip(loop, position, {}, yielded);
    SmallVector<Piece> terms;
    for (size_t r = 0; r < runs.stacks.size(); ++r) {
      terms.push_back(piece(term, r));
      if (hasLanes(term.getType()) && !runs.wide)
        terms.back() = across(kind, runs.element, terms.back());
    }
    pushRun(runs, terms, tripsTo(loop, position));
  });
}

/// Terms that are taken where they are to be, which is counted in memory; all
/// pipes wait for that.
Pieces Lowering::totalIf(ForOp loop, const Runs &runs) {
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  Type i64 = b.getI64Type(), byte = b.getIntegerType(8);
  Value zero = e.number(0);
  Value trips = e.alloc(i64, 4);
  cce::StoreOp::create(b, e.loc, zero, trips, zero);
  emitTrips(loop, [&](Value position) {
    SmallVector<Pieces> yielded;
    lowerTrip(loop, position, {}, yielded);
    Piece condition = piece(yield.getValues()[0], 0);
    Value bits = cce::LoadOp::create(b, e.loc, byte,
                                     e.as(byte, condition.pointer), zero);
    Value one = arith::ConstantOp::create(b, e.loc, b.getI8IntegerAttr(1));
    Value bit = arith::AndIOp::create(b, e.loc, bits, one);
    e.choose(
        arith::CmpIOp::create(b, e.loc, arith::CmpIPredicate::eq, bit, one),
        [&] {
          Value term = yield.getValues()[1];
          SmallVector<Piece> terms;
          for (size_t r = 0; r < runs.stacks.size(); ++r) {
            terms.push_back(piece(term, r));
            if (hasLanes(term.getType()) && !runs.wide)
              terms.back() = across("sum_if", runs.element, terms.back());
          }
          Value count = cce::LoadOp::create(b, e.loc, i64, trips, zero);
          cce::StoreOp::create(b, e.loc, e.add(count, e.number(1)), trips,
                               zero);
          pushRun(runs, terms, count);
        });
  });
  return totalOf(runs, cce::LoadOp::create(b, e.loc, i64, trips, zero));
}

void Lowering::lowerTree(ForOp loop) {
  StringRef kind = cast<StringAttr>(loop.getCombine()[0]);
  Value lower = indices.lookup(loop.getLower());
  Value upper = indices.lookup(loop.getUpper());
  Value result = loop.getResult(0);
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  if (isOneTrip(loop)) {
    Value term = yield.getValues()[kind == "sum_if" ? 1 : 0];
    bool gathers = hasLanes(term.getType()) && !hasLanes(result.getType());
    SmallVector<Pieces> yielded;
    lowerTrip(loop, lower, {}, yielded);
    Pieces made;
    for (int64_t r = 0, rows = rowsOf(term.getType()); r < rows; ++r)
      made.push_back(gathers ? across(kind, elementOf(result), piece(term, r))
                             : piece(term, r));
    zeroIfNone(kind, e.less(lower, upper), made, elementOf(result));
    values[result] = made;
    return;
  }
  Runs runs = runsOf(loop, levelsOf(loop));
  if (kind == "sum_if") {
    values[result] = totalIf(loop, runs);
    return;
  }
  int64_t run = tripsOfRun(loop, runs);
  Value begin = lower; // of trips one by one
  if (run > 1) {
    begin = endOfRuns(loop, run);
    eachRun(loop, kind, lower, begin, run, [&](Piece sum, Value position) {
      pushRun(runs, {sum}, tripsTo(loop, position), llvm::Log2_64(run));
    });
  }
  pushTrips(loop, runs, begin);
  Value steps = e.number(loop.getStep() - 1);
  values[result] =
      totalOf(runs, tripsTo(loop, e.add(e.max(lower, upper), steps)));
}
