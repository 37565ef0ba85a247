// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops: ordered combination in registers.

#include "codegen/llvm/Combine.h"
#include "codegen/llvm/Control.h"
#include "codegen/llvm/RunStack.h"
#include "codegen/nvidia/Lowering.h"
#include "dialect/TypeRules.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace gemel;
using namespace gemel::llvmir;
using namespace gemel::nvidia;
using llvm::SmallVector;
using llvm::Value;
using mlir::cast;
using mlir::isa;

// Values of a run stack beyond this many would spill; they go to local memory.
static constexpr int64_t kStackInRegisters = 48;

// The logarithm of the most trips of a plain sum that are made at once.
static constexpr int64_t kTripsAtOnce = 5;

llvm::AllocaInst *Lowering::room(llvm::Type *type) {
  return stackSlot(ir, type, 1, llvm::Align(8));
}

/// A step that holds the whole axis, or beside a matrix unit what is a work
/// item's of it: the plan has seen to it.
bool Lowering::isOneTrip(ForOp loop) {
  if (isChained(loop))
    return !runsChain(loop);
  return (matrix || kernel->hasAttr("resident")) &&
         loop.getAxisAttr() == lane && loop.getStep() > 1;
}

/// The dot that the kernel's matrix unit takes.
bool Lowering::isMatrix(ForOp loop) {
  return matrix && (loop.getAxisAttr() == matrix || isChained(loop)) &&
         loop.getNumResults() == 1 &&
         cast<mlir::StringAttr>(loop.getCombine()[0]) == "dot";
}

void Lowering::lowerTrip(ForOp loop, Value *position,
                         llvm::ArrayRef<Pieces> carried,
                         llvm::SmallVectorImpl<Pieces> &yielded) {
  mlir::Block &body = loop.getBody().front();
  indices[body.getArgument(0)] = position;
  for (auto [i, pieces] : llvm::enumerate(carried))
    values[body.getArgument(i + 1)] = pieces;
  lowerBlock(body);
  for (mlir::Value value : cast<YieldOp>(body.back()).getValues())
    yielded.push_back(values.lookup(value));
}

void Lowering::emitTrips(ForOp loop, llvm::function_ref<void(Value *)> trip) {
  Value *lower = indices.lookup(loop.getLower());
  if (runsChain(loop)) {
    if (!before(loop))
      startChain(loop);
    emitTrips(lower, indices.lookup(loop.getUpper()), loop.getStep(),
              [&](Value *position) {
                currentStep = position;
                trip(position);
              });
    if (!after(loop))
      endChain();
    return;
  }
  if (isOneTrip(loop))
    return trip(lower);
  if (Ahead plan = planAhead(loop))
    return emitAhead(loop, plan, trip);
  emitTrips(lower, indices.lookup(loop.getUpper()), loop.getStep(), trip);
}

void Lowering::emitTrips(Value *lower, Value *upper, int64_t step,
                         llvm::function_ref<void(Value *)> trip) {
  ++loopDepth;
  emitLoop(ir, lower, upper, ir.getInt64(step), trip);
  --loopDepth;
}

Value *Lowering::isTerm(ForOp loop, Value *position, int64_t k,
                        int64_t places) {
  // Of a whole block all are terms.
  if (matrix && loop.getUpper().getDefiningOp<mlir::arith::AddIOp>())
    return ir.getTrue();
  // Ends are whole vectors, for the axis and its runs are.
  int64_t after = lanesAfter(matrix ? k : k / vector * vector);
  Value *left = lanesLeft(ir.CreateAdd(position, firstLane(places)),
                          indices.lookup(loop.getUpper()));
  return ir.CreateICmpSGT(left, llvm::ConstantInt::get(left->getType(), after));
}

/// By what the loop combines or carries.
void Lowering::lowerFor(ForOp loop) {
  if (loop.getNumResults() == 0)
    return emitTrips(loop, [&](Value *position) {
      SmallVector<Pieces> none;
      lowerTrip(loop, position, {}, none);
    });
  llvm::StringRef kind = cast<mlir::StringAttr>(loop.getCombine()[0]);
  auto order = cast<OrderAttr>(loop.getOrders()[0]).getKind();
  if (kind == "carry")
    return lowerCarry(loop);
  if (kind == "argmax")
    return lowerArgmax(loop);
  if (isMatrix(loop))
    return isChained(loop) ? lowerWeighing(loop)
           : chain         ? lowerScores(loop)
                           : lowerMatrix(loop);
  bool tree = (kind == "sum" || kind == "prod") && order != OrderKind::Serial &&
              isa<mlir::FloatType>(elementOf(loop.getResult(0)));
  if (tree || kind == "sum_if")
    return lowerTree(loop);
  lowerChain(loop);
}

/// `carry`: what one trip yields is the next one's block argument.
void Lowering::lowerCarry(ForOp loop) {
  SmallVector<SmallVector<llvm::AllocaInst *>> rooms;
  auto read = [&](unsigned i) {
    Pieces pieces;
    for (llvm::AllocaInst *one : rooms[i])
      pieces.push_back(ir.CreateLoad(one->getAllocatedType(), one));
    return pieces;
  };
  for (mlir::Value init : loop.getInits()) {
    auto &row = rooms.emplace_back();
    // A constant may be one piece of a tile with lanes.
    int64_t rows = rowsOf(init.getType()), places = placesOf(init.getType());
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t k = 0; k < places; ++k) {
        Value *value = piece(init, r, k);
        row.push_back(room(value->getType()));
        ir.CreateStore(value, row.back());
      }
  }
  emitTrips(loop, [&](Value *position) {
    SmallVector<Pieces> carried, yielded;
    for (unsigned i = 0; i < rooms.size(); ++i)
      carried.push_back(read(i));
    lowerTrip(loop, position, carried, yielded);
    for (unsigned i = 0; i < rooms.size(); ++i)
      for (unsigned k = 0; k < rooms[i].size(); ++k)
        ir.CreateStore(yielded[i][yielded[i].size() == 1 ? 0 : k], rooms[i][k]);
  });
  for (unsigned i = 0; i < rooms.size(); ++i)
    values[loop.getResult(i)] = read(i);
}

/// One chain a row and place: dot, serial sums, and what any order gives
/// (max, min, any, all, integer sums).
void Lowering::lowerChain(ForOp loop) {
  llvm::StringRef kind = cast<mlir::StringAttr>(loop.getCombine()[0]);
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  bool dot = kind == "dot";
  mlir::Type element = elementOf(loop.getResult(0));
  mlir::Type type = dot ? joinAxes(yield.getValues(), element)
                        : yield.getValues()[0].getType();
  bool gathers = hasLanes(type) && !hasLanes(loop.getResult(0).getType());
  int64_t rows = rowsOf(type), places = placesOf(type);
  llvm::Type *scalar = registerType(ir.getContext(), element);
  Value *neutral = identity(kind, element, scalar);
  SmallVector<llvm::AllocaInst *> chains;
  for (int64_t i = 0; i < rows * places; ++i) {
    chains.push_back(room(scalar));
    ir.CreateStore(neutral, chains.back());
  }
  emitTrips(loop, [&](Value *position) {
    SmallVector<Pieces> yielded;
    lowerTrip(loop, position, {}, yielded);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t k = 0; k < places; ++k) {
        llvm::AllocaInst *chain = chains[r * places + k];
        Value *before = ir.CreateLoad(scalar, chain);
        Value *term = piece(yield.getValues()[0], r, k);
        if (gathers)
          term =
              ir.CreateSelect(isTerm(loop, position, k, places), term, neutral);
        Value *next =
            dot ? ir.CreateIntrinsic(
                      llvm::Intrinsic::fma, {scalar},
                      {term, piece(yield.getValues()[1], r, k), before})
                : combine(ir, kind, element, before, term, true);
        ir.CreateStore(next, chain);
      }
  });
  Pieces result;
  for (int64_t r = 0; r < rows; ++r) {
    SmallVector<Value *> row;
    for (int64_t k = 0; k < places; ++k)
      row.push_back(ir.CreateLoad(scalar, chains[r * places + k]));
    // Terms of a chain are as good in any order: a thread's own come first.
    for (; gathers && chain && static_cast<int64_t>(row.size()) > vector;
         row.resize(row.size() / 2))
      for (size_t i = 0; i < row.size() / 2; ++i)
        row[i] =
            combine(ir, kind, element, row[i], row[i + row.size() / 2], true);
    if (gathers)
      result.push_back(across(kind, element, row));
    else
      result.append(row.begin(), row.end());
  }
  // An empty sum is +0, which is not what leaves a term unchanged.
  if (kind == "sum" && isa<mlir::FloatType>(element)) {
    Value *empty = ir.CreateICmpSGE(indices.lookup(loop.getLower()),
                                    indices.lookup(loop.getUpper()));
    for (Value *&total : result)
      total =
          ir.CreateSelect(empty, llvm::Constant::getNullValue(scalar), total);
  }
  values[loop.getResult(0)] = result;
}

/// How many lengths of runs a loop's trips can leave.
int64_t Lowering::levelsOf(ForOp loop) {
  mlir::Value end = loop.getUpper();
  if (auto clipped = end.getDefiningOp<mlir::arith::MinSIOp>())
    end = clipped.getRhs();
  auto extent = end.getDefiningOp<ExtentOp>();
  if (!extent || extent.getAxisAttr() != loop.getAxisAttr())
    return 64; // several axes taken as one
  AxisAttr axis = op.getAxis(op.findAxis(loop.getAxis()));
  int64_t most = std::numeric_limits<int32_t>::max();
  most = axis.getFixed() >= 0 ? axis.getFixed()
                              : std::min(axis.getMaximum(), most);
  for (mlir::Attribute attr : kernel.getWorkAxes()) {
    auto work = cast<mlir::StringAttr>(attr);
    if (op.getCutAxis(work) == loop.getAxisAttr())
      most = std::min(most, op.getAxis(op.findAxis(work)).getRuns());
  }
  return llvm::Log2_64_Ceil(llvm::divideCeil(most, loop.getStep()) + 1);
}

/// The default order: each trip's terms are one aligned run.
void Lowering::lowerTree(ForOp loop) {
  llvm::StringRef kind = cast<mlir::StringAttr>(loop.getCombine()[0]);
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  bool conditional = kind == "sum_if";
  mlir::Value termValue = yield.getValues()[conditional ? 1 : 0];
  mlir::Type type = termValue.getType();
  mlir::Type element = elementOf(loop.getResult(0));
  bool gathers = hasLanes(type) && !hasLanes(loop.getResult(0).getType());
  int64_t rows = rowsOf(type), places = placesOf(type);
  llvm::Type *scalar = registerType(ir.getContext(), element);
  Value *neutral = identity(kind, element, scalar);
  auto termsAt = [&](Value *position) {
    SmallVector<Pieces> yielded;
    lowerTrip(loop, position, {}, yielded);
    SmallVector<Value *> terms;
    for (int64_t r = 0; r < rows; ++r) {
      SmallVector<Value *> row;
      for (int64_t k = 0; k < places; ++k) {
        Value *term = piece(termValue, r, k);
        if (gathers)
          term =
              ir.CreateSelect(isTerm(loop, position, k, places), term, neutral);
        row.push_back(term);
      }
      if (gathers)
        terms.push_back(across(kind, element, row));
      else
        terms.append(row.begin(), row.end());
    }
    return terms;
  };
  Value *lower = indices.lookup(loop.getLower());
  if (isOneTrip(loop)) {
    Value *empty = ir.CreateICmpSGE(lower, indices.lookup(loop.getUpper()));
    Pieces result;
    for (Value *total : termsAt(lower))
      result.push_back(
          kind == "prod" || !isa<mlir::FloatType>(element)
              ? total
              : ir.CreateSelect(empty, llvm::Constant::getNullValue(scalar),
                                total));
    values[loop.getResult(0)] = result;
    return;
  }
  int64_t count = gathers ? rows : rows * places, levels = levelsOf(loop);
  RunStack runs(ir, kind, element, scalar, count, levels,
                levels * count <= kStackInRegisters, llvm::Align(8));
  auto push = [&](Value *position) {
    SmallVector<Value *> terms = termsAt(position);
    if (!conditional)
      return runs.push(terms);
    emitIf(ir, piece(yield.getValues()[0], 0, 0), [&] { runs.push(terms); });
  };
  int64_t atOnce = 0; // the logarithm of trips
  if (!gathers && !conditional && loop.getBody().getOps<ForOp>().empty())
    while (atOnce < kTripsAtOnce && count << (atOnce + 1) <= kStackInRegisters)
      ++atOnce;
  if (atOnce == 0) {
    emitTrips(loop, push);
  } else {
    // Loads of several trips are under way before the first is needed.
    Value *upper = indices.lookup(loop.getUpper());
    int64_t step = loop.getStep(), steps = step << atOnce;
    Value *length = ir.CreateBinaryIntrinsic(
        llvm::Intrinsic::smax, ir.CreateSub(upper, lower), ir.getInt64(0));
    Value *whole = ir.CreateUDiv(length, ir.getInt64(steps));
    Value *rest = ir.CreateAdd(lower, ir.CreateMul(whole, ir.getInt64(steps)));
    emitTrips(lower, rest, steps, [&](Value *position) {
      SmallVector<SmallVector<Value *>> parts;
      for (int64_t trip = 0; trip < int64_t(1) << atOnce; ++trip)
        parts.push_back(
            termsAt(ir.CreateAdd(position, ir.getInt64(trip * step))));
      for (; parts.size() > 1; parts.truncate(parts.size() / 2))
        for (size_t i = 0; i < parts.size(); i += 2)
          for (int64_t k = 0; k < count; ++k)
            parts[i / 2][k] =
                combine(ir, kind, element, parts[i][k], parts[i + 1][k]);
      runs.push(parts.front(), atOnce);
    });
    emitTrips(rest, upper, step, push);
  }
  auto totals = runs.totals();
  values[loop.getResult(0)].assign(totals.begin(), totals.end());
}

/// The first position of the largest term, NaN largest.
void Lowering::lowerArgmax(ForOp loop) {
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  mlir::Value termValue = yield.getValues()[0];
  mlir::Type type = termValue.getType(), element = elementOf(type);
  bool real = isa<mlir::FloatType>(element);
  bool gathers = hasLanes(type) && !hasLanes(loop.getResult(0).getType());
  int64_t rows = rowsOf(type), places = placesOf(type);
  llvm::Type *scalar = registerType(ir.getContext(), element);
  llvm::Type *i32 = ir.getInt32Ty();
  // Two candidates, value and place (-1: none yet): the larger, then the first.
  auto better = [&](const Tuple &a, const Tuple &b) {
    auto larger = [&](Value *x, Value *y) {
      if (!real)
        return ir.CreateICmpSGT(x, y);
      Value *nan = ir.CreateAnd(ir.CreateFCmpUNO(x, x), ir.CreateFCmpORD(y, y));
      return ir.CreateOr(nan, ir.CreateFCmpOGT(x, y));
    };
    Value *mine = ir.CreateICmpSGE(b[1], ir.getInt32(0));
    Value *none = ir.CreateICmpSLT(a[1], ir.getInt32(0));
    Value *tie = ir.CreateAnd(ir.CreateNot(larger(a[0], b[0])),
                              ir.CreateICmpSLT(b[1], a[1]));
    Value *wins = ir.CreateAnd(
        mine, ir.CreateOr(none, ir.CreateOr(larger(b[0], a[0]), tie)));
    return Tuple{ir.CreateSelect(wins, b[0], a[0]),
                 ir.CreateSelect(wins, b[1], a[1])};
  };
  SmallVector<llvm::AllocaInst *> bests, spots;
  for (int64_t i = 0; i < rows * places; ++i) {
    bests.push_back(room(scalar));
    spots.push_back(room(i32));
    ir.CreateStore(llvm::Constant::getNullValue(scalar), bests.back());
    ir.CreateStore(ir.getInt32(-1), spots.back());
  }
  emitTrips(loop, [&](Value *position) {
    SmallVector<Pieces> yielded;
    lowerTrip(loop, position, {}, yielded);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t k = 0; k < places; ++k) {
        Value *at = position;
        if (gathers)
          at = ir.CreateAdd(ir.CreateAdd(at, firstLane(places)),
                            ir.getInt64(lanesAfter(k)));
        Value *spot = ir.CreateTrunc(at, i32);
        if (gathers)
          spot = ir.CreateSelect(isTerm(loop, position, k, places), spot,
                                 ir.getInt32(-1));
        int64_t i = r * places + k;
        Tuple next = better(
            {ir.CreateLoad(scalar, bests[i]), ir.CreateLoad(i32, spots[i])},
            {piece(termValue, r, k), spot});
        ir.CreateStore(next[0], bests[i]);
        ir.CreateStore(next[1], spots[i]);
      }
  });
  Pieces result;
  for (int64_t r = 0; r < rows; ++r) {
    SmallVector<Tuple> row;
    for (int64_t k = 0; k < places; ++k) {
      int64_t i = r * places + k;
      row.push_back(
          {ir.CreateLoad(scalar, bests[i]), ir.CreateLoad(i32, spots[i])});
    }
    if (gathers)
      row = {across(row, better)};
    for (Tuple &best : row)
      result.push_back(ir.CreateBinaryIntrinsic(llvm::Intrinsic::smax, best[1],
                                                ir.getInt32(0)));
  }
  values[loop.getResult(0)] = result;
}
