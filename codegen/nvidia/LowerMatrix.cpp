// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Dots of the matrix unit: operands through stages of shared memory, swizzled,
// into mma.sync; terms ascending, sixteen an instruction, whatever the plan.

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

// PTX's shared memory.
static constexpr unsigned kShared = 3;

// What one 16-byte access holds of 16-bit elements, and a row of ldmatrix.
static constexpr int64_t kChunk = 8;

// mma.m16n8k16 (PTX ISA, warp-level matrix instructions).
static constexpr int64_t kInstructionRows = 16, kInstructionTerms = 16;

// Fragments of a warp: its rows in sixteens, its lanes in pairs of eights.
static constexpr int64_t kRowFragments = kMatrixRows / 2 / kInstructionRows,
                         kLanePairs = kMatrixLanes / 4 / 16;

/// An operand's place in shared memory. `free`: its axis that is not reduced.
Lowering::Operand Lowering::stage(mlir::Value term, mlir::StringAttr free) {
  if (auto widen = term.getDefiningOp<WidenOp>())
    term = widen.getOperand();
  auto load = term.getDefiningOp<LoadOp>();
  Operand operand;
  operand.array = load.getArray();
  operand.positions.assign(load.getPositions().begin(),
                           load.getPositions().end());
  operand.inner = axesOf(operand.array).back();
  operand.outer = operand.inner == free ? matrix : free;
  auto extent = [&](mlir::StringAttr axis) {
    return axis == matrix ? kMatrixTerms
           : free == row  ? kMatrixRows
                          : kMatrixLanes;
  };
  operand.innerExtent = extent(operand.inner);
  operand.outerExtent = extent(operand.outer);
  auto *array = llvm::ArrayType::get(
      ir.getInt16Ty(), kStages * operand.innerExtent * operand.outerExtent);
  operand.shared = new llvm::GlobalVariable(
      *function->getParent(), array, false, llvm::GlobalValue::InternalLinkage,
      llvm::PoisonValue::get(array), function->getName() + "_operand", nullptr,
      llvm::GlobalValue::NotThreadLocal, kShared);
  operand.shared->setAlignment(llvm::Align(128));
  return operand;
}

/// Chunks of a row trade places by the row's number, so that the eight rows
/// that ldmatrix reads at a time lie in different banks.
Value *Lowering::sharedAddress(const Operand &operand, Value *stage,
                               Value *outer, Value *inner) {
  int64_t chunks = operand.innerExtent / kChunk;
  Value *chunk = ir.CreateLShr(inner, llvm::Log2_64(kChunk));
  // A row of 64 bytes is half of what all banks hold.
  Value *turn = chunks >= 8 ? ir.CreateAnd(outer, 7)
                            : ir.CreateAnd(ir.CreateLShr(outer, 1), chunks - 1);
  chunk = ir.CreateXor(chunk, turn);
  Value *at = ir.CreateMul(
      stage, ir.getInt32(operand.innerExtent * operand.outerExtent));
  at = ir.CreateAdd(at, ir.CreateMul(outer, ir.getInt32(operand.innerExtent)));
  at = ir.CreateAdd(at, ir.CreateMul(chunk, ir.getInt32(kChunk)));
  at = ir.CreateAdd(at, ir.CreateAnd(inner, kChunk - 1));
  return ir.CreateGEP(ir.getInt16Ty(), operand.shared, at);
}

/// Whether operands come 16 bytes at a time, without waiting for them.
bool Lowering::bringsChunks() {
  return kernel->getAttrOfType<mlir::IntegerAttr>("vector").getInt() >= kChunk;
}

/// Begins to bring the operand's tile at `terms` into a stage. Positions
/// outside the array are zeros, which change no sum.
void Lowering::bringTile(Operand &operand, Value *terms, Value *stage) {
  auto *i32 = ir.getInt32Ty();
  bool wide = bringsChunks();
  int64_t each = wide ? kChunk : 1;
  int64_t rowPieces = operand.innerExtent / each;
  int64_t pieces = operand.outerExtent * rowPieces / team;
  auto bring = [&](Value *piece) {
    Value *id = ir.CreateAdd(
        member, ir.CreateMul(ir.CreateTrunc(piece, i32), ir.getInt32(team)));
    Value *outer = ir.CreateUDiv(id, ir.getInt32(rowPieces));
    Value *inner = ir.CreateMul(ir.CreateURem(id, ir.getInt32(rowPieces)),
                                ir.getInt32(each));
    Value *base = ir.getInt64(0), *stride = ir.getInt64(1);
    Value *inside = ir.getTrue();
    auto axes = axesOf(operand.array);
    for (size_t d = axes.size(); d-- > 0;) {
      Value *at =
          axes[d] == matrix ? terms : indices.lookup(operand.positions[d]);
      Value *size = axisSize(axes[d]);
      if (axes[d] == operand.outer || axes[d] == operand.inner) {
        Value *offset = axes[d] == operand.outer ? outer : inner;
        at = ir.CreateAdd(at, ir.CreateZExt(offset, ir.getInt64Ty()));
        inside = ir.CreateAnd(inside, ir.CreateICmpSLT(at, size));
      }
      base = ir.CreateAdd(base, ir.CreateMul(at, stride));
      stride = ir.CreateMul(stride, size);
    }
    Value *to = sharedAddress(operand, stage, outer, inner);
    Value *array = arrayPointer(operand.array);
    if (wide) {
      // Nothing is read of an address with no bytes; it stays in the array.
      base = ir.CreateSelect(inside, base, ir.getInt64(0));
      Value *from = ir.CreateGEP(ir.getInt16Ty(), array, base);
      Value *bytes =
          ir.CreateSelect(inside, ir.getInt32(kAccess), ir.getInt32(0));
      ir.CreateIntrinsic(llvm::Intrinsic::nvvm_cp_async_cg_shared_global_16_s,
                         {}, {to, from, bytes});
      return;
    }
    Value *value = emitChoice(ir, inside, ir.getInt16(0), [&]() -> Value * {
      return ir.CreateAlignedLoad(ir.getInt16Ty(),
                                  ir.CreateGEP(ir.getInt16Ty(), array, base),
                                  llvm::Align(2));
    });
    ir.CreateAlignedStore(value, to, llvm::Align(2));
  };
  if (wide)
    for (int64_t piece = 0; piece < pieces; ++piece)
      bring(ir.getInt64(piece));
  else
    emitLoop(ir, ir.getInt64(0), ir.getInt64(pieces), ir.getInt64(1), bring);
}

/// Sixteen rows or lanes by sixteen terms, as the instruction wants them: of
/// rows (`left`) the four registers of one, of lanes two for each eight.
SmallVector<Value *> Lowering::loadFragment(const Operand &operand,
                                            Value *stage, Value *free,
                                            int64_t terms, bool left) {
  Value *thread = ir.CreateAnd(member, kWarp - 1);
  // Which of the four 8 x 8 matrices this thread's address is a row of.
  Value *low = ir.CreateShl(ir.CreateAnd(ir.CreateLShr(thread, 3), 1), 3);
  Value *high = ir.CreateShl(ir.CreateLShr(thread, 4), 3);
  Value *freeAt = ir.CreateAdd(free, left ? low : high);
  Value *termAt = ir.CreateAdd(ir.getInt32(terms), left ? high : low);
  Value *line = ir.CreateAnd(thread, 7);
  bool transposed = operand.inner != matrix;
  Value *address =
      transposed
          ? sharedAddress(operand, stage, ir.CreateAdd(termAt, line), freeAt)
          : sharedAddress(operand, stage, ir.CreateAdd(freeAt, line), termAt);
  Value *loaded = ir.CreateIntrinsic(
      transposed ? llvm::Intrinsic::nvvm_ldmatrix_sync_aligned_m8n8_x4_trans_b16
                 : llvm::Intrinsic::nvvm_ldmatrix_sync_aligned_m8n8_x4_b16,
      {address->getType()}, {address});
  SmallVector<Value *> registers;
  for (unsigned i = 0; i < 4; ++i)
    registers.push_back(ir.CreateExtractValue(loaded, i));
  return registers;
}

void Lowering::lowerMatrix(ForOp loop) {
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  mlir::Value first = yield.getValues()[0], second = yield.getValues()[1];
  if (!hasAxis(first.getType(), row))
    std::swap(first, second);
  Operand left = stage(first, row), right = stage(second, lane);
  bool isBf16 = elementOf(left.array).isBF16();
  llvm::Type *f32 = ir.getFloatTy();
  SmallVector<llvm::AllocaInst *> sums; // fragment of rows, of lanes, register
  constexpr int64_t kLaneFragments = 2 * kLanePairs;
  for (int64_t i = 0; i < kRowFragments * kLaneFragments * 4; ++i) {
    sums.push_back(room(f32));
    ir.CreateStore(llvm::ConstantFP::get(f32, 0.0), sums.back());
  }
  Value *rowBase = ir.CreateTrunc(
      ir.CreateMul(ir.CreateLShr(member, llvm::Log2_64(kWarp * 4)),
                   ir.getInt32(kMatrixRows / 2)),
      ir.getInt32Ty());
  Value *laneBase =
      ir.CreateMul(ir.CreateAnd(ir.CreateLShr(member, llvm::Log2_64(kWarp)), 3),
                   ir.getInt32(kMatrixLanes / 4));
  auto multiply = [&](Value *stage, int64_t terms) {
    SmallVector<SmallVector<Value *>> rows, lanes;
    for (int64_t m = 0; m < kRowFragments; ++m)
      rows.push_back(loadFragment(
          left, stage, ir.CreateAdd(rowBase, ir.getInt32(m * 16)), terms,
          /*left=*/true));
    for (int64_t n = 0; n < kLanePairs; ++n)
      lanes.push_back(loadFragment(
          right, stage, ir.CreateAdd(laneBase, ir.getInt32(n * 16)), terms,
          /*left=*/false));
    auto *half = llvm::FixedVectorType::get(ir.getHalfTy(), 2);
    for (int64_t m = 0; m < kRowFragments; ++m)
      for (int64_t n = 0; n < kLaneFragments; ++n) {
        SmallVector<Value *> operands(rows[m]);
        operands.push_back(lanes[n / 2][n % 2 * 2]);
        operands.push_back(lanes[n / 2][n % 2 * 2 + 1]);
        if (!isBf16)
          for (Value *&operand : operands)
            operand = ir.CreateBitCast(operand, half);
        auto *sum = &sums[(m * kLaneFragments + n) * 4];
        for (int i = 0; i < 4; ++i)
          operands.push_back(ir.CreateLoad(f32, sum[i]));
        Value *made = ir.CreateIntrinsic(
            isBf16 ? llvm::Intrinsic::nvvm_mma_m16n8k16_row_col_bf16
                   : llvm::Intrinsic::nvvm_mma_m16n8k16_row_col_f32_f32,
            llvm::ArrayRef<llvm::Type *>(), operands);
        for (unsigned i = 0; i < 4; ++i)
          ir.CreateStore(ir.CreateExtractValue(made, i), sum[i]);
      }
  };

  // Stage t is multiplied while the next ones are on their way. One barrier a
  // step: all have read the stage that is filled anew, and what came is there.
  // A group of copies may be empty; none is under way when the loop has ended.
  Value *step = ir.getInt64(kMatrixTerms);
  Value *upper = indices.lookup(loop.getUpper());
  bool copies = bringsChunks();
  auto bring = [&](Value *terms, Value *stage) {
    emitIf(ir, ir.CreateICmpSLT(terms, upper), [&] {
      bringTile(left, terms, stage);
      bringTile(right, terms, stage);
    });
    if (copies)
      ir.CreateIntrinsic(llvm::Intrinsic::nvvm_cp_async_commit_group,
                         llvm::ArrayRef<llvm::Type *>(), {});
  };
  for (int64_t s = 0; s + 1 < kStages; ++s)
    bring(ir.getInt64(s * kMatrixTerms), ir.getInt32(s));
  auto stageOf = [&](Value *terms) {
    Value *number = ir.CreateUDiv(terms, step);
    return ir.CreateTrunc(ir.CreateURem(number, ir.getInt64(kStages)),
                          ir.getInt32Ty());
  };
  emitLoop(ir, indices.lookup(loop.getLower()), upper, step, [&](Value *terms) {
    if (copies)
      ir.CreateIntrinsic(llvm::Intrinsic::nvvm_cp_async_wait_group, {},
                         {ir.getInt32(kStages - 2)});
    synchronise();
    Value *next =
        ir.CreateAdd(terms, ir.getInt64((kStages - 1) * kMatrixTerms));
    bring(next, stageOf(next));
    Value *here = stageOf(terms);
    for (int64_t k = 0; k < kMatrixTerms; k += kInstructionTerms)
      multiply(here, k);
  });
  Pieces result;
  for (int64_t r = 0; r < 2 * kRowFragments; ++r)
    for (int64_t k = 0; k < 2 * kLaneFragments; ++k)
      result.push_back(ir.CreateLoad(
          f32, sums[(r / 2 * kLaneFragments + k / 2) * 4 + r % 2 * 2 + k % 2]));
  values[loop.getResult(0)] = result;
}
