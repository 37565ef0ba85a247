// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops: ordered combination without a byte of memory but a small stack.

#include "codegen/cpu/Lowering.h"
#include "codegen/llvm/Combine.h"
#include "codegen/llvm/Control.h"
#include "codegen/llvm/LowerElementwise.h"
#include "codegen/llvm/RunStack.h"
#include "dialect/TypeRules.h"

#include <cmath>

using namespace gemel;
using namespace gemel::cpu;
using namespace gemel::llvmir;
using llvm::SmallVector;
using llvm::Value;
using mlir::cast;
using mlir::isa;

// A run of 2^39 terms: sizes are below 2^31, joined axes below 2^62.
static constexpr int64_t kMaxLevels = 64;

// Of an AVX-512 register.
static const llvm::Align kVectorAlignment(64);

Value *Lowering::room(llvm::Type *type) {
  return stackSlot(ir, type, 1, kVectorAlignment);
}

/// Neighbours are combined while more than one is left, over vectors that
/// follow one another.
Value *Lowering::horizontal(llvm::StringRef kind, mlir::Type element,
                            SmallVector<Value *, 8> vectors) {
  SmallVector<int> even, odd;
  for (int64_t i = 0; i < lanes; ++i) {
    even.push_back(2 * i);
    odd.push_back(2 * i + 1);
  }
  while (vectors.size() > 1) {
    SmallVector<Value *, 8> half;
    for (size_t i = 0; i + 1 < vectors.size(); i += 2)
      half.push_back(
          combine(ir, kind, element,
                  ir.CreateShuffleVector(vectors[i], vectors[i + 1], even),
                  ir.CreateShuffleVector(vectors[i], vectors[i + 1], odd)));
    vectors = std::move(half);
  }
  Value *v = vectors[0];
  for (int64_t width = lanes; width > 1; width /= 2) {
    even.resize(width / 2);
    odd.resize(width / 2);
    v = combine(ir, kind, element, ir.CreateShuffleVector(v, even),
                ir.CreateShuffleVector(v, odd));
  }
  return ir.CreateExtractElement(v, uint64_t(0));
}

/// One trip of a loop's body at `position`; a short one masks lanes.
void Lowering::lowerIteration(ForOp loop, Value *position, bool full,
                              llvm::ArrayRef<Chunks> carried,
                              llvm::SmallVectorImpl<Chunks> &yielded) {
  mlir::Block &body = loop.getBody().front();
  indices[body.getArgument(0)] = position;
  for (auto [i, chunks] : llvm::enumerate(carried))
    values[body.getArgument(i + 1)] = chunks;
  Value *first = tailFirst, *end = tailEnd;
  if (!full) {
    tailFirst = position;
    tailEnd = indices.lookup(loop.getUpper());
  }
  lowerBlock(body);
  auto yield = cast<YieldOp>(body.back());
  for (mlir::Value value : yield.getValues())
    yielded.push_back(values.lookup(value));
  if (!full) {
    tailFirst = first;
    tailEnd = end;
  }
}

void Lowering::lowerFor(ForOp loop) {
  lowerCombining(loop);
  for (LoadOp load : loop.getBody().front().getOps<LoadOp>())
    if (hasLanes(load.getType()) && loop.getAxisAttr() == lane)
      swept.insert(load.getArray());
}

/// By what the loop combines or carries.
void Lowering::lowerCombining(ForOp loop) {
  if (loop.getNumResults() &&
      loop.getCombine()[0] == mlir::StringAttr::get(loop.getContext(), "carry"))
    return lowerCarry(loop);
  if (loop.getNumResults()) {
    llvm::StringRef kind = cast<mlir::StringAttr>(loop.getCombine()[0]);
    auto order = cast<OrderAttr>(loop.getOrders()[0]).getKind();
    bool tree = (kind == "sum" || kind == "prod") &&
                order != OrderKind::Serial &&
                isa<mlir::FloatType>(elementOf(loop.getResult(0)));
    if (kind == "argmax")
      return lowerArgmax(loop);
    if (tree || kind == "sum_if")
      return lowerTree(loop);
    return lowerChain(loop);
  }
  SmallVector<Chunks> none;
  emitTrips(loop, [&](Value *i, bool full) {
    lowerIteration(loop, i, full, {}, none);
  });
}

/// Whole steps in a loop, then what is left.
void Lowering::emitTrips(ForOp loop,
                         llvm::function_ref<void(Value *, bool)> trip) {
  Value *lower = indices.lookup(loop.getLower());
  Value *upper = indices.lookup(loop.getUpper());
  Value *step = ir.getInt64(loop.getStep());
  Value *whole = upper;
  if (loop.getStep() > 1)
    whole =
        ir.CreateSub(upper, ir.CreateSRem(ir.CreateSub(upper, lower), step));
  emitLoop(ir, lower, whole, step, [&](Value *i) { trip(i, true); });
  if (whole != upper)
    emitIf(ir, ir.CreateICmpSLT(whole, upper), [&] { trip(whole, false); });
}

/// `carry`: what one trip yields is the next one's block argument.
void Lowering::lowerCarry(ForOp loop) {
  SmallVector<SmallVector<Value *>> slots;
  auto read = [&](unsigned i) {
    Chunks chunks;
    for (Value *slot : slots[i])
      chunks.push_back(ir.CreateLoad(
          llvm::cast<llvm::AllocaInst>(slot)->getAllocatedType(), slot));
    return chunks;
  };
  for (mlir::Value init : loop.getInits()) {
    auto &row = slots.emplace_back();
    for (Value *value : values.lookup(init)) {
      Value *slot = room(value->getType());
      ir.CreateStore(value, slot);
      row.push_back(slot);
    }
  }
  emitLoop(
      ir, indices.lookup(loop.getLower()), indices.lookup(loop.getUpper()),
      ir.getInt64(loop.getStep()), [&](Value *position) {
        SmallVector<Chunks> carried, yielded;
        for (unsigned i = 0; i < slots.size(); ++i)
          carried.push_back(read(i));
        lowerIteration(loop, position, true, carried, yielded);
        for (unsigned i = 0; i < slots.size(); ++i)
          for (unsigned k = 0; k < slots[i].size(); ++k) {
            Value *next = yielded[i][yielded[i].size() == 1 ? 0 : k];
            llvm::Type *type =
                llvm::cast<llvm::AllocaInst>(slots[i][k])->getAllocatedType();
            if (type->isVectorTy() && !next->getType()->isVectorTy())
              next = ir.CreateVectorSplat(lanes, next);
            ir.CreateStore(next, slots[i][k]);
          }
      });
  for (unsigned i = 0; i < slots.size(); ++i)
    values[loop.getResult(i)] = read(i);
}

namespace {

/// A chain of IEEE maxima (minima) in the machine's own instruction, which
/// knows neither NaN nor the sign of zero: both are noted beside it and put
/// right at the end.
class Extremum {
public:
  Extremum(llvm::IRBuilder<> &ir, llvm::Type *type, bool minimum,
           llvm::function_ref<Value *(llvm::Type *)> slot)
      : ir(ir), type(type), bits(type->getWithNewType(ir.getInt32Ty())),
        minimum(minimum), signs(slot(bits)), nans(slot(bits)) {
    ir.CreateStore(minimum ? llvm::Constant::getNullValue(bits)
                           : llvm::Constant::getAllOnesValue(bits),
                   signs);
    ir.CreateStore(llvm::Constant::getNullValue(bits), nans);
  }

  /// `before` and one more term.
  Value *add(Value *before, Value *term) {
    Value *sign = ir.CreateLoad(bits, signs),
          *raw = ir.CreateBitCast(term, bits);
    ir.CreateStore(minimum ? ir.CreateOr(sign, raw) : ir.CreateAnd(sign, raw),
                   signs);
    ir.CreateStore(
        ir.CreateOr(ir.CreateLoad(bits, nans),
                    ir.CreateSExt(ir.CreateFCmpUNO(term, term), bits)),
        nans);
    Value *wins = minimum ? ir.CreateFCmpOLT(term, before)
                          : ir.CreateFCmpOGT(term, before);
    return ir.CreateSelect(wins, term, before);
  }

  /// A zero is -0 if all terms (minimum: any term) had the sign.
  Value *finish(Value *value) {
    Value *zero = llvm::ConstantFP::get(type, 0.0);
    Value *sign = ir.CreateAnd(ir.CreateLoad(bits, signs),
                               llvm::ConstantInt::get(bits, 0x80000000));
    Value *made = ir.CreateSelect(ir.CreateFCmpOEQ(value, zero),
                                  ir.CreateBitCast(sign, type), value);
    Value *isNan = ir.CreateICmpNE(ir.CreateLoad(bits, nans),
                                   llvm::Constant::getNullValue(bits));
    return ir.CreateSelect(isNan, llvm::ConstantFP::getNaN(type), made);
  }

private:
  llvm::IRBuilder<> &ir;
  llvm::Type *type, *bits;
  bool minimum;
  Value *signs, *nans;
};

} // namespace

/// One chain a row and lane: dot, serial sums, and what any order gives
/// (max, min, any, all, integer sums), which keeps one chain a lane.
void Lowering::lowerChain(ForOp loop) {
  llvm::StringRef kind = cast<mlir::StringAttr>(loop.getCombine()[0]);
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  bool dot = kind == "dot";
  mlir::Type type =
      dot ? joinAxes(yield.getValues(), elementOf(loop.getResult(0)))
          : yield.getValues()[0].getType();
  mlir::Type element = elementOf(loop.getResult(0));
  bool vector = hasLanes(type);
  bool across = vector && !hasLanes(loop.getResult(0).getType());
  int64_t rows = rowsOf(type), vectors = vectorsOf(type);
  llvm::Type *scalar = registerType(ir.getContext(), element);
  llvm::Type *each =
      vector ? llvm::FixedVectorType::get(scalar, lanes) : scalar;
  SmallVector<Value *> slots;
  for (int64_t i = 0; i < rows * vectors; ++i) {
    slots.push_back(room(each));
    ir.CreateStore(identity(kind, element, each), slots.back());
  }
  SmallVector<Extremum, 8> extrema;
  if ((kind == "max" || kind == "min") && element.isF32())
    for (size_t i = 0; i < slots.size(); ++i)
      extrema.emplace_back(ir, each, kind == "min",
                           [&](llvm::Type *type) { return room(type); });
  auto trip = [&](Value *position, bool full) {
    SmallVector<Chunks> yielded;
    lowerIteration(loop, position, full, {}, yielded);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t v = 0; v < vectors; ++v) {
        Value *slot = slots[r * vectors + v];
        Value *before = ir.CreateLoad(each, slot);
        Value *term = chunk(yield.getValues()[0], r, v, vector), *next;
        if (dot) {
          next = ir.CreateIntrinsic(
              llvm::Intrinsic::fma, {each},
              {term, chunk(yield.getValues()[1], r, v, vector), before});
        } else {
          if (!full && across) {
            Value *old = tailFirst, *end = tailEnd;
            tailFirst = position;
            tailEnd = indices.lookup(loop.getUpper());
            term = ir.CreateSelect(laneMask(v), term,
                                   identity(kind, element, each));
            tailFirst = old;
            tailEnd = end;
          }
          next = extrema.empty() ? combine(ir, kind, element, before, term)
                                 : extrema[r * vectors + v].add(before, term);
        }
        ir.CreateStore(next, slot);
      }
  };
  Value *lower = indices.lookup(loop.getLower());
  Value *upper = indices.lookup(loop.getUpper());
  Value *step = ir.getInt64(loop.getStep());
  Value *whole = upper;
  if (loop.getStep() > 1 && across)
    whole =
        ir.CreateSub(upper, ir.CreateSRem(ir.CreateSub(upper, lower), step));
  emitLoop(ir, lower, whole, step, [&](Value *i) { trip(i, true); });
  if (whole != upper)
    emitIf(ir, ir.CreateICmpSLT(whole, upper), [&] { trip(whole, false); });
  Chunks result;
  for (int64_t r = 0; r < rows; ++r) {
    SmallVector<Value *, 8> row;
    for (int64_t v = 0; v < vectors; ++v) {
      row.push_back(ir.CreateLoad(each, slots[r * vectors + v]));
      if (!extrema.empty())
        row.back() = extrema[r * vectors + v].finish(row.back());
    }
    if (across)
      result.push_back(horizontal(kind, element, row));
    else
      result.append(row.begin(), row.end());
  }
  // An empty sum is +0, which is not what leaves a term unchanged.
  if (kind == "sum" && isa<mlir::FloatType>(element)) {
    Value *empty = ir.CreateICmpSGE(lower, upper);
    for (Value *&total : result)
      total = ir.CreateSelect(
          empty, llvm::Constant::getNullValue(total->getType()), total);
  }
  values[loop.getResult(0)] = result;
}

/// The default order: each trip's terms are one aligned run; runs meet as a
/// binary counter's bits do, so that equal, neighbouring runs combine.
void Lowering::lowerTree(ForOp loop) {
  llvm::StringRef kind = cast<mlir::StringAttr>(loop.getCombine()[0]);
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  bool conditional = kind == "sum_if";
  mlir::Value termValue = yield.getValues()[conditional ? 1 : 0];
  mlir::Type type = termValue.getType();
  mlir::Type element = elementOf(loop.getResult(0));
  bool vector = hasLanes(type);
  bool across = vector && !hasLanes(loop.getResult(0).getType());
  int64_t rows = rowsOf(type), vectors = vectorsOf(type);
  llvm::Type *scalar = registerType(ir.getContext(), element);
  llvm::Type *wide =
      vector ? llvm::FixedVectorType::get(scalar, lanes) : scalar;
  llvm::Type *each = across ? scalar : wide;
  int64_t count = across ? rows : rows * vectors;
  RunStack runs(ir, kind, element, each, count, kMaxLevels,
                /*inRegisters=*/false, kVectorAlignment);
  auto trip = [&](Value *position, bool full) {
    SmallVector<Chunks> yielded;
    lowerIteration(loop, position, full, {}, yielded);
    SmallVector<Value *> terms;
    for (int64_t r = 0; r < rows; ++r) {
      SmallVector<Value *, 8> row;
      for (int64_t v = 0; v < vectors; ++v) {
        Value *term = chunk(termValue, r, v, vector);
        if (!full && across) {
          Value *old = tailFirst, *end = tailEnd;
          tailFirst = position;
          tailEnd = indices.lookup(loop.getUpper());
          term =
              ir.CreateSelect(laneMask(v), term, identity(kind, element, wide));
          tailFirst = old;
          tailEnd = end;
        }
        row.push_back(term);
      }
      if (across)
        terms.push_back(horizontal(kind, element, row));
      else
        terms.append(row.begin(), row.end());
    }
    if (conditional)
      emitIf(ir, chunk(yield.getValues()[0], 0, 0, false),
             [&] { runs.push(terms); });
    else
      runs.push(terms);
  };
  emitTrips(loop, trip);
  auto totals = runs.totals();
  values[loop.getResult(0)].assign(totals.begin(), totals.end());
}

/// The first position of the largest term, NaN largest; one candidate a lane.
void Lowering::lowerArgmax(ForOp loop) {
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  mlir::Value termValue = yield.getValues()[0];
  mlir::Type type = termValue.getType(), element = elementOf(type);
  bool real = isa<mlir::FloatType>(element);
  bool vector = hasLanes(type);
  bool across = vector && !hasLanes(loop.getResult(0).getType());
  int64_t rows = rowsOf(type), vectors = vectorsOf(type);
  auto shape = [&](llvm::Type *t) -> llvm::Type * {
    return vector ? llvm::FixedVectorType::get(t, lanes) : t;
  };
  llvm::Type *valueType = shape(registerType(ir.getContext(), element));
  llvm::Type *indexType = shape(ir.getInt32Ty());
  // -1: no candidate yet.
  SmallVector<Value *> bests, places;
  for (int64_t i = 0; i < rows * vectors; ++i) {
    bests.push_back(room(valueType));
    places.push_back(room(indexType));
    ir.CreateStore(llvm::Constant::getNullValue(valueType), bests.back());
    ir.CreateStore(llvm::Constant::getAllOnesValue(indexType), places.back());
  }
  auto larger = [&](Value *a, Value *b) {
    if (!real)
      return ir.CreateICmpSGT(a, b);
    Value *nan = ir.CreateAnd(ir.CreateFCmpUNO(a, a), ir.CreateFCmpORD(b, b));
    return ir.CreateOr(nan, ir.CreateFCmpOGT(a, b));
  };
  auto trip = [&](Value *position, bool full) {
    SmallVector<Chunks> yielded;
    lowerIteration(loop, position, full, {}, yielded);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t v = 0; v < vectors; ++v) {
        Value *term = chunk(termValue, r, v, vector);
        Value *place = ir.CreateTrunc(position, ir.getInt32Ty());
        if (vector)
          place = ir.CreateVectorSplat(lanes, place);
        if (across) {
          SmallVector<llvm::Constant *> ramp;
          for (int64_t i = 0; i < lanes; ++i)
            ramp.push_back(ir.getInt32(v * lanes + i));
          place = ir.CreateAdd(place, llvm::ConstantVector::get(ramp));
        }
        Value *best = ir.CreateLoad(valueType, bests[r * vectors + v]);
        Value *at = ir.CreateLoad(indexType, places[r * vectors + v]);
        Value *none =
            ir.CreateICmpSLT(at, llvm::Constant::getNullValue(indexType));
        Value *wins = ir.CreateOr(none, larger(term, best));
        if (!full && across) {
          Value *old = tailFirst, *end = tailEnd;
          tailFirst = position;
          tailEnd = indices.lookup(loop.getUpper());
          wins = ir.CreateAnd(wins, laneMask(v));
          tailFirst = old;
          tailEnd = end;
        }
        ir.CreateStore(ir.CreateSelect(wins, term, best),
                       bests[r * vectors + v]);
        ir.CreateStore(ir.CreateSelect(wins, place, at),
                       places[r * vectors + v]);
      }
  };
  emitTrips(loop, trip);
  Chunks result;
  for (int64_t r = 0; r < rows; ++r) {
    Value *best = nullptr, *at = nullptr;
    for (int64_t v = 0; v < vectors; ++v) {
      Value *candidates = ir.CreateLoad(valueType, bests[r * vectors + v]);
      Value *found = ir.CreateLoad(indexType, places[r * vectors + v]);
      if (!across) {
        result.push_back(
            ir.CreateBinaryIntrinsic(llvm::Intrinsic::smax, found,
                                     llvm::Constant::getNullValue(indexType)));
        continue;
      }
      for (int64_t i = 0; i < lanes; ++i) {
        Value *c = ir.CreateExtractElement(candidates, i);
        Value *p = ir.CreateExtractElement(found, i);
        if (!best) {
          best = c;
          at = p;
          continue;
        }
        Value *mine = ir.CreateICmpSGE(p, ir.getInt32(0));
        Value *none = ir.CreateICmpSLT(at, ir.getInt32(0));
        Value *tie = ir.CreateAnd(ir.CreateNot(larger(best, c)),
                                  ir.CreateICmpSLT(p, at));
        Value *wins = ir.CreateAnd(
            mine, ir.CreateOr(none, ir.CreateOr(larger(c, best), tie)));
        best = ir.CreateSelect(wins, c, best);
        at = ir.CreateSelect(wins, p, at);
      }
    }
    if (across)
      result.push_back(
          ir.CreateBinaryIntrinsic(llvm::Intrinsic::smax, at, ir.getInt32(0)));
  }
  values[loop.getResult(0)] = result;
}
