// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of the matrix unit of which the second takes what is computed of the
// first's results: each warp has sixteen rows; a step's scores, their weights
// and the other product's results stay in its registers.
//
// Stages of the first product are a ring that runs on from step to step. The
// array that is weighed has a place of its own, filled while the step's scores
// are computed.

#include "codegen/llvm/Control.h"
#include "codegen/nvidia/Lowering.h"
#include "dialect/TypeRules.h"

#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace gemel;
using namespace gemel::llvmir;
using namespace gemel::nvidia;
using llvm::SmallVector;
using llvm::Value;
using mlir::cast;

// What a mma.m16n8k16 leaves with a thread (PTX ISA): of two rows two lanes.
static constexpr int64_t kResults = 4;

bool Lowering::isChained(ForOp loop) {
  return chain && loop.getAxisAttr() == chain;
}

/// Whether the loop is the one over all steps of the chain's axis.
bool Lowering::runsChain(ForOp loop) {
  return isChained(loop) && !loop.getBody().getOps<ForOp>().empty();
}

/// The loop that begins where this one ends, and goes on with its stages.
ForOp Lowering::after(ForOp loop) {
  for (mlir::Operation *user : loop.getUpper().getUsers())
    if (auto next = mlir::dyn_cast<ForOp>(user))
      if (next.getLower() == loop.getUpper() && runsChain(next))
        return next;
  return {};
}

ForOp Lowering::before(ForOp loop) {
  for (mlir::Operation *user : loop.getLower().getUsers())
    if (auto other = mlir::dyn_cast<ForOp>(user))
      if (other.getUpper() == loop.getLower() && runsChain(other))
        return other;
  return {};
}

/// What only a product takes, from shared memory or as it is in registers.
bool Lowering::feedsProduct(mlir::Operation *o) {
  return chain && mlir::isa<LoadOp, WidenOp>(o) && !o->use_empty() &&
         llvm::all_of(o->getUsers(), [&](mlir::Operation *user) {
           if (mlir::isa<YieldOp>(user)) {
             auto loop = mlir::dyn_cast<ForOp>(user->getParentOp());
             return loop && isMatrix(loop);
           }
           return feedsProduct(user);
         });
}

void Lowering::startChain(ForOp loop) {
  ForOp scores, weighing;
  loop.getBody().walk([&](ForOp inner) {
    if (isMatrix(inner))
      (isChained(inner) ? weighing : scores) = inner;
  });
  int64_t steps = loop.getStep();
  auto yield = cast<YieldOp>(scores.getBody().front().back());
  mlir::Value left = yield.getValues()[0], right = yield.getValues()[1];
  if (!hasAxis(left.getType(), row))
    std::swap(left, right);
  chained.scores =
      stage(left, {row, matrixRows()}, {matrix, kMatrixTerms}, /*place=*/0);
  int64_t bytes = matrixRows() * kMatrixTerms * kElementBytes;
  chained.others =
      stage(right, {chain, steps}, {matrix, kMatrixTerms}, /*place=*/bytes);
  chained.stageBytes = bytes + steps * kMatrixTerms * kElementBytes;
  Value *ring = stages(kStages * chained.stageBytes +
                       (weighing ? kMatrixChain * steps * kElementBytes : 0));
  chained.ring = ring;
  chained.weighed = std::nullopt;
  if (weighing) {
    auto terms = cast<YieldOp>(weighing.getBody().front().back()).getValues();
    mlir::Value array = hasAxis(terms[0].getType(), row) ? terms[1] : terms[0];
    chained.weighed = stage(array, {lane, kMatrixChain}, {chain, steps},
                            kStages * chained.stageBytes);
  }
  chained.step = steps;
  chained.rowsInside = chained.scores.inside;
  auto variable = [&](Value *value) {
    llvm::AllocaInst *made = room(value->getType());
    ir.CreateStore(value, made);
    return made;
  };
  chained.position = variable(indices.lookup(loop.getLower()));
  chained.terms = variable(ir.getInt64(0));
  chained.full = variable(ring);
  while (ForOp next = after(loop))
    loop = next;
  chained.upper = indices.lookup(loop.getUpper());
  for (int64_t s = 0; s + 1 < kStages; ++s)
    bringScores(ir.CreateAdd(ring, ir.getInt32(s * chained.stageBytes)), {});
}

void Lowering::endChain() {
  if (bringsChunks())
    ir.CreateIntrinsic(llvm::Intrinsic::nvvm_cp_async_wait_group, {},
                       {ir.getInt32(0)});
}

/// Begins to bring the part of `operand` from `free` and `terms` on: `inside`
/// of the one and `left` of the other there are.
void Lowering::bringPart(Operand operand, Value *free, Value *terms,
                         Value *inside, Value *left, Value *stage) {
  Value *outer = operand.termsInner ? free : terms;
  Value *inner = operand.termsInner ? terms : free;
  Value *at = ir.CreateAdd(ir.CreateMul(outer, operand.outerStride), inner);
  ir.CreateStore(ir.CreateGEP(ir.getInt16Ty(), operand.base, at), operand.from);
  operand.inside = inside;
  bringPieces(operand, 0, operand.pieces, left, stage);
}

/// Begins to bring the next terms of the scores, which may lie past them all,
/// to `stage`, and with them what `beside` does.
void Lowering::bringScores(Value *stage, llvm::function_ref<void()> beside) {
  auto *i32 = ir.getInt32Ty();
  auto read = [&](llvm::AllocaInst *from) {
    return ir.CreateLoad(from->getAllocatedType(), from);
  };
  Value *position = read(chained.position), *terms = read(chained.terms);
  Value *zero = ir.getInt64(0);
  Value *size = axisSize(matrix);
  Value *left = ir.CreateTrunc(ir.CreateSub(size, terms), i32);
  Value *inside = ir.CreateTrunc(ir.CreateSub(chained.upper, position), i32);
  Value *any = ir.CreateICmpSGT(inside, ir.getInt32(0));
  bringPart(chained.scores, zero, terms,
            ir.CreateSelect(any, chained.rowsInside, ir.getInt32(0)), left,
            stage);
  bringPart(chained.others, position, terms, inside, left, stage);
  if (beside)
    beside();
  if (bringsChunks())
    ir.CreateIntrinsic(llvm::Intrinsic::nvvm_cp_async_commit_group,
                       llvm::ArrayRef<llvm::Type *>(), {});
  Value *next = ir.CreateAdd(terms, ir.getInt64(kMatrixTerms));
  Value *more = ir.CreateICmpSLT(next, size);
  ir.CreateStore(ir.CreateSelect(more, next, zero), chained.terms);
  ir.CreateStore(
      ir.CreateSelect(more, position,
                      ir.CreateAdd(position, ir.getInt64(chained.step))),
      chained.position);
}

/// Stages are a ring: the one `steps` after another.
Value *Lowering::stageAfter(Value *stage, int64_t steps) {
  int64_t bytes = kStages * chained.stageBytes;
  Value *next = ir.CreateAdd(stage, ir.getInt32(steps * chained.stageBytes));
  Value *end = ir.CreateAdd(chained.ring, ir.getInt32(bytes));
  return ir.CreateSelect(ir.CreateICmpULT(next, end), next,
                         ir.CreateSub(next, ir.getInt32(bytes)));
}

/// sums += left x right, of one fragment of rows and a pair of lanes' ones.
void Lowering::multiplyPair(const Fragment &left, const Fragment &right,
                            bool isBf16, llvm::AllocaInst **sums) {
  auto *half = llvm::FixedVectorType::get(ir.getHalfTy(), 2);
  for (int64_t n = 0; n < 2; ++n, sums += kResults) {
    SmallVector<Value *> operands(left.begin(), left.end());
    operands.append({right[2 * n], right[2 * n + 1]});
    if (!isBf16)
      for (Value *&operand : operands)
        operand = ir.CreateBitCast(operand, half);
    for (int64_t i = 0; i < kResults; ++i)
      operands.push_back(ir.CreateLoad(ir.getFloatTy(), sums[i]));
    Value *made = ir.CreateIntrinsic(
        isBf16 ? llvm::Intrinsic::nvvm_mma_m16n8k16_row_col_bf16
               : llvm::Intrinsic::nvvm_mma_m16n8k16_row_col_f32_f32,
        llvm::ArrayRef<llvm::Type *>(), operands);
    for (unsigned i = 0; i < kResults; ++i)
      ir.CreateStore(ir.CreateExtractValue(made, i), sums[i]);
  }
}

/// Results of a warp's sixteen rows: of `lanes` lanes what a thread has.
static SmallVector<llvm::AllocaInst *>
makeSums(llvm::IRBuilder<> &ir, int64_t lanes,
         llvm::function_ref<llvm::AllocaInst *(llvm::Type *)> room) {
  SmallVector<llvm::AllocaInst *> sums;
  for (int64_t i = 0; i < lanes / 8 * kResults; ++i) {
    sums.push_back(room(ir.getFloatTy()));
    ir.CreateStore(llvm::ConstantFP::get(ir.getFloatTy(), 0.0), sums.back());
  }
  return sums;
}

Pieces Lowering::piecesOfSums(llvm::ArrayRef<llvm::AllocaInst *> sums) {
  Pieces pieces;
  for (int64_t r = 0; r < 2; ++r)
    for (size_t k = 0; k < sums.size() / 2; ++k)
      pieces.push_back(ir.CreateLoad(ir.getFloatTy(),
                                     sums[k / 2 * kResults + r * 2 + k % 2]));
  return pieces;
}

/// dot[terms] of a step: its stages come one after another.
void Lowering::lowerScores(ForOp loop) {
  bool isBf16 = elementOf(chained.scores.array).isBF16();
  auto makeRoom = [&](llvm::Type *type) { return room(type); };
  auto sums = makeSums(ir, chained.step, makeRoom);
  Value *warp = ir.CreateLShr(member, llvm::Log2_64(kWarp));
  Value *rows = ir.CreateMul(warp, ir.getInt32(kInstructionRows));
  Value *leftFirst = fragmentOffset(chained.scores, rows, /*left=*/true);
  Value *rightFirst =
      fragmentOffset(chained.others, ir.getInt32(0), /*left=*/false);
  Value *lower = indices.lookup(loop.getLower());
  Value *upper = indices.lookup(loop.getUpper());
  // What is weighed in this step comes with the first of its stages.
  Value *position = currentStep;
  auto bringWeighed = [&] {
    Value *left =
        ir.CreateTrunc(ir.CreateSub(chained.upper, position), ir.getInt32Ty());
    bringPart(*chained.weighed, ir.getInt64(0), position,
              chained.weighed->inside, left, chained.ring);
  };
  if (chained.weighed) // without terms there are no stages
    emitIf(ir, ir.CreateICmpSGE(lower, upper), [&] {
      synchronise();
      bringWeighed();
    });
  ++loopDepth;
  emitLoop(ir, lower, upper, ir.getInt64(kMatrixTerms), [&](Value *terms) {
    if (bringsChunks())
      ir.CreateIntrinsic(llvm::Intrinsic::nvvm_cp_async_wait_group, {},
                         {ir.getInt32(kStages - 2)});
    synchronise();
    Value *full = ir.CreateLoad(ir.getInt32Ty(), chained.full);
    bringScores(stageAfter(full, kStages - 1), [&] {
      if (chained.weighed)
        emitIf(ir, ir.CreateICmpEQ(terms, lower), bringWeighed);
    });
    for (int64_t k = 0; k < kMatrixTerms / kInstructionTerms; ++k) {
      Fragment left =
          loadFragment(chained.scores, ir.CreateAdd(full, leftFirst), 0, k);
      for (int64_t n = 0; n < chained.step / 16; ++n)
        multiplyPair(
            left,
            loadFragment(chained.others, ir.CreateAdd(full, rightFirst), n, k),
            isBf16, &sums[n * 2 * kResults]);
    }
    ir.CreateStore(stageAfter(full, 1), chained.full);
  });
  --loopDepth;
  values[loop.getResult(0)] = piecesOfSums(sums);
}

/// Two neighbours along the lanes as the unit takes them. Of what is rounded
/// for it, both are rounded at once.
Value *Lowering::packPair(mlir::Value tile, int64_t r, int64_t k, Value *low,
                          Value *high) {
  auto *i32 = ir.getInt32Ty();
  bool isBf16 = elementOf(tile).isBF16();
  auto cast = tile.getDefiningOp<CastOp>();
  if (cast && elementOf(cast.getOperand()).isF32()) {
    auto take = [&](Value *inside, int64_t place) {
      Value *value = piece(cast.getOperand(), r, place);
      return ir.CreateSelect(inside, value,
                             llvm::Constant::getNullValue(value->getType()));
    };
    Value *both = ir.CreateIntrinsic(isBf16 ? llvm::Intrinsic::nvvm_ff2bf16x2_rn
                                            : llvm::Intrinsic::nvvm_ff2f16x2_rn,
                                     llvm::ArrayRef<llvm::Type *>(),
                                     {take(high, k + 1), take(low, k)});
    return ir.CreateBitCast(both, i32);
  }
  auto take = [&](Value *inside, int64_t place) {
    Value *bits = ir.CreateBitCast(piece(tile, r, place), ir.getInt16Ty());
    return ir.CreateZExt(ir.CreateSelect(inside, bits, ir.getInt16(0)), i32);
  };
  return ir.CreateOr(take(low, k), ir.CreateShl(take(high, k + 1), 16));
}

/// What the result of a step's product is added to and nothing else, if that
/// is known: the unit's sums begin there (language: of a running max, a matrix
/// unit's dot may go on from what the blocks before it gave, scaled).
mlir::Value Lowering::addsTo(ForOp loop) {
  mlir::Value made = loop.getResult(0);
  auto add =
      made.hasOneUse() ? mlir::dyn_cast<AddOp>(*made.user_begin()) : AddOp();
  if (!add)
    return {};
  mlir::Value other = add.getLhs() == made ? add.getRhs() : add.getLhs();
  return values.count(other) && other.getType() == made.getType()
             ? other
             : mlir::Value();
}

/// dot[chain] of a step: rows' weights are in registers.
void Lowering::lowerWeighing(ForOp loop) {
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  mlir::Value weights = yield.getValues()[0];
  if (!hasAxis(weights.getType(), row))
    weights = yield.getValues()[1];
  weights = weights.getDefiningOp<WidenOp>().getOperand();
  const Operand &weighed = *chained.weighed;
  bool isBf16 = elementOf(weighed.array).isBF16();
  auto makeRoom = [&](llvm::Type *type) { return room(type); };
  auto sums = makeSums(ir, kMatrixChain, makeRoom);
  mlir::Value from = addsTo(loop);
  if (from)
    for (size_t i = 0; i < sums.size(); ++i)
      ir.CreateStore(piece(from, i / 2 % 2, i / kResults * 2 + i % 2), sums[i]);
  // Packed before the wait, weights need half the registers across it. Of the
  // instruction's terms a thread has two neighbours and two more, eight after
  // them; of each two rows.
  Value *position = indices.lookup(loop.getLower());
  int64_t places = placesOf(weights.getType());
  SmallVector<Fragment> packed(chained.step / kInstructionTerms);
  for (auto [k, left] : llvm::enumerate(packed))
    for (int64_t i = 0; i < 4; ++i) {
      int64_t place = 4 * k + i / 2 * 2;
      left[i] =
          packPair(weights, i % 2, place, isTerm(loop, position, place, places),
                   isTerm(loop, position, place + 1, places));
    }
  endChain(); // all that was on its way to this step is there
  synchronise();
  Value *first = ir.CreateAdd(
      chained.ring, fragmentOffset(weighed, ir.getInt32(0), /*left=*/false));
  for (auto [k, left] : llvm::enumerate(packed))
    for (int64_t n = 0; n < kMatrixChain / 16; ++n)
      multiplyPair(left, loadFragment(weighed, first, n, k), isBf16,
                   &sums[n * 2 * kResults]);
  Pieces pieces = piecesOfSums(sums);
  values[loop.getResult(0)] = pieces;
  if (from) {
    mlir::Operation *add = *loop.getResult(0).user_begin();
    values[add->getResult(0)] = pieces;
    made.insert(add);
  }
}
