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

// Fragments of a warp: its rows in sixteens, its lanes in pairs of eights.
static constexpr int64_t kRowFragments = kMatrixRows / 2 / kInstructionRows,
                         kLanePairs = kMatrixLanes / 4 / 16;

// Instructions' terms in a step.
static constexpr int64_t kTermFragments = kMatrixTerms / kInstructionTerms;

// A row of a tile is whole rounds of the eight chunks that trade places.
static constexpr int64_t kRound = 8;
static_assert(kMatrixTerms % (kRound * kChunk) == 0 &&
              kMatrixRows % (kRound * kChunk) == 0 &&
              kMatrixLanes % (kRound * kChunk) == 0);
// So that a thread's pieces are such rounds of rows apart.
static_assert(kMatrixTeam % (kMatrixLanes / kChunk * kRound) == 0 &&
              kMatrixTeam % (kMatrixRows / kChunk * kRound) == 0 &&
              kMatrixTeam % (kMatrixTerms / kChunk * kRound) == 0);

// Both operands of a stage.
static constexpr int64_t kStageBytes =
    (kMatrixRows + kMatrixLanes) * kMatrixTerms * kElementBytes;

/// An operand's place in a stage, and the part that this thread brings.
/// `free`: its axis that is not reduced. Of positions of the terms and of the
/// chain's axis, the first.
Lowering::Operand Lowering::stage(mlir::Value term, Extent free, Extent terms,
                                  int64_t place) {
  if (auto widen = term.getDefiningOp<WidenOp>())
    term = widen.getOperand();
  auto load = term.getDefiningOp<LoadOp>();
  Operand operand;
  operand.array = load.getArray();
  operand.place = place;
  auto axes = axesOf(operand.array);
  operand.termsInner = axes.back() == terms.axis;
  operand.innerExtent = operand.termsInner ? terms.positions : free.positions;
  operand.termExtent = terms.positions;
  mlir::StringAttr outer = operand.termsInner ? free.axis : terms.axis;

  int64_t each = bringsChunks() ? kChunk : 1;
  int64_t pieces = operand.innerExtent / each;
  operand.apart = team / pieces;
  operand.pieces = free.positions * terms.positions / each / team;
  operand.outerAt = ir.CreateLShr(member, llvm::Log2_64(pieces));
  operand.innerAt =
      ir.CreateMul(ir.CreateAnd(member, pieces - 1), ir.getInt32(each));
  auto *i64 = ir.getInt64Ty();
  Value *first = ir.CreateZExt(operand.innerAt, i64), *stride = ir.getInt64(1);
  for (size_t d = axes.size(); d-- > 0;) {
    Value *at = ir.getInt64(0);
    if (axes[d] != terms.axis && axes[d] != chain)
      at = indices.lookup(load.getPositions()[d]);
    if (axes[d] == free.axis)
      operand.inside = ir.CreateTrunc(ir.CreateSub(axisSize(free.axis), at),
                                      ir.getInt32Ty());
    if (axes[d] == outer) {
      at = ir.CreateAdd(at, ir.CreateZExt(operand.outerAt, i64));
      operand.outerStride = stride;
    }
    first = ir.CreateAdd(first, ir.CreateMul(at, stride));
    stride = ir.CreateMul(stride, axisSize(axes[d]));
  }
  Value *from =
      ir.CreateGEP(ir.getInt16Ty(), arrayPointer(operand.array), first);
  operand.base = from;
  operand.from = room(from->getType());
  ir.CreateStore(from, operand.from);
  return operand;
}

/// Bytes from a stage's begin. Chunks of a row trade places by the row's
/// number, so that the eight rows that ldmatrix reads at a time lie in
/// different banks; a row's are the same as those of the eighth row after it.
Value *Lowering::sharedOffset(const Operand &operand, Value *outer,
                              Value *inner) {
  Value *chunk = ir.CreateXor(ir.CreateLShr(inner, llvm::Log2_64(kChunk)),
                              ir.CreateAnd(outer, kRound - 1));
  Value *at = ir.CreateMul(outer, ir.getInt32(operand.innerExtent));
  at = ir.CreateAdd(at, ir.CreateMul(chunk, ir.getInt32(kChunk)));
  at = ir.CreateAdd(at, ir.CreateAnd(inner, kChunk - 1));
  return ir.CreateAdd(ir.CreateMul(at, ir.getInt32(kElementBytes)),
                      ir.getInt32(operand.place));
}

/// Addresses in shared memory are 32 bits until an instruction takes one.
Value *Lowering::sharedPointer(Value *address, int64_t bytes) {
  Value *pointer = ir.CreateIntToPtr(
      address, llvm::PointerType::get(ir.getContext(), kShared));
  return ir.CreateConstGEP1_64(ir.getInt8Ty(), pointer, bytes);
}

/// Whether operands come 16 bytes at a time, without waiting for them.
bool Lowering::bringsChunks() {
  return kernel->getAttrOfType<mlir::IntegerAttr>("vector").getInt() >= kChunk;
}

/// What a thread has loaded before it stores the first of it.
static constexpr int64_t kAhead = 8;

/// Pieces of one element, through registers, to be waited for: of `rest` outer
/// positions. Returns the address after the last.
Value *Lowering::storePieces(const Operand &operand, int64_t begin, int64_t end,
                             Value *rest, Value *from, Value *stage) {
  auto *i16 = ir.getInt16Ty();
  Value *apart = ir.CreateMul(operand.outerStride, ir.getInt64(operand.apart));
  llvm::BasicBlock *latch = nullptr;
  emitLoop(
      ir, ir.getInt64(begin), ir.getInt64(end), ir.getInt64(kAhead),
      [&](Value *first) {
        SmallVector<Value *> outers, loaded;
        for (int64_t i = 0; i < kAhead; ++i) {
          Value *piece = ir.CreateAdd(first, ir.getInt64(i));
          outers.push_back(ir.CreateMul(ir.CreateTrunc(piece, ir.getInt32Ty()),
                                        ir.getInt32(operand.apart)));
          loaded.push_back(emitChoice(
              ir, ir.CreateICmpSGT(rest, outers.back()), ir.getInt16(0), [&] {
                return ir.CreateAlignedLoad(
                    i16, ir.CreateGEP(i16, from, ir.CreateMul(piece, apart)),
                    llvm::Align(2));
              }));
        }
        // Of a chain one address grows: ptxas 13.0 was seen to add what grows
        // from a stage's begin to the begin itself. Of other products the
        // eight offsets that stay are more than the registers hold besides.
        Value *to = stage;
        if (chain)
          to = ir.CreateAdd(
              to, ir.CreateMul(ir.CreateTrunc(first, ir.getInt32Ty()),
                               ir.getInt32(operand.apart * operand.innerExtent *
                                           kElementBytes)));
        for (auto [i, value] : llvm::enumerate(loaded)) {
          // Chunks of the eighth piece's row lie as those of the first one's.
          Value *passed = chain ? ir.getInt32(i * operand.apart) : outers[i];
          Value *at = sharedOffset(
              operand, ir.CreateAdd(operand.outerAt, passed), operand.innerAt);
          ir.CreateAlignedStore(value, sharedPointer(ir.CreateAdd(to, at), 0),
                                llvm::Align(2));
        }
        latch = ir.GetInsertBlock();
      });
  // Unrolled, what it computes of addresses would not fit the registers.
  llvm::LLVMContext &context = ir.getContext();
  auto *once = llvm::MDNode::get(
      context, llvm::MDString::get(context, "llvm.loop.unroll.disable"));
  auto *id = llvm::MDNode::getDistinct(context, {nullptr, once});
  id->replaceOperandWith(0, id);
  latch->getTerminator()->setMetadata(llvm::LLVMContext::MD_loop, id);
  return ir.CreateGEP(i16, from, ir.CreateMul(apart, ir.getInt64(end - begin)));
}

/// Begins to bring pieces [begin, end) of this thread's part of the operand
/// into the stage at `stage`, and after the last one goes to the next tile.
/// `left`: how many terms there are from the tile's first on. Positions past
/// them are zeros, which change no sum, and the rows and lanes outside the
/// array are zeros too; nothing is read of an address with no bytes.
void Lowering::bringPieces(const Operand &operand, int64_t begin, int64_t end,
                           Value *left, Value *stage) {
  auto *i16 = ir.getInt16Ty();
  // One comparison a piece: outer positions, none where the inner one is
  // outside.
  Value *outerInside = operand.termsInner ? operand.inside : left;
  Value *innerInside = operand.termsInner ? left : operand.inside;
  Value *none = ir.CreateSub(ir.getInt32(0), operand.outerAt);
  Value *rest =
      ir.CreateSelect(ir.CreateICmpSLT(operand.innerAt, innerInside),
                      ir.CreateSub(outerInside, operand.outerAt), none);
  Value *from = ir.CreateLoad(operand.from->getAllocatedType(), operand.from);
  Value *apart = ir.CreateMul(operand.outerStride, ir.getInt64(operand.apart));
  if (bringsChunks()) {
    // The eighth row's chunks lie as the first one's.
    Value *to = ir.CreateAdd(
        stage, sharedOffset(operand, operand.outerAt, operand.innerAt));
    int64_t rowBytes = operand.innerExtent * kElementBytes;
    for (int64_t piece = begin; piece < end; ++piece) {
      Value *inside =
          ir.CreateICmpSGT(rest, ir.getInt32(piece * operand.apart));
      Value *bytes =
          ir.CreateSelect(inside, ir.getInt32(kAccess), ir.getInt32(0));
      ir.CreateIntrinsic(
          llvm::Intrinsic::nvvm_cp_async_cg_shared_global_16_s, {},
          {sharedPointer(to, piece * operand.apart * rowBytes), from, bytes});
      from = ir.CreateGEP(i16, from, apart);
    }
  } else {
    from = storePieces(operand, begin, end, rest, from, stage);
  }
  // Past the last piece the next tile begins, where terms are the outer axis.
  if (end == operand.pieces && operand.termsInner) {
    Value *tile = ir.CreateMul(apart, ir.getInt64(operand.pieces));
    from = ir.CreateGEP(i16, from,
                        ir.CreateSub(ir.getInt64(operand.termExtent), tile));
  }
  ir.CreateStore(from, operand.from);
}

/// This thread's address of the first fragment in a stage, from row or lane
/// `free` on: which row of which of four 8 x 8 matrices it gives ldmatrix.
Value *Lowering::fragmentOffset(const Operand &operand, Value *free,
                                bool left) {
  Value *thread = ir.CreateAnd(member, kWarp - 1);
  Value *low = ir.CreateShl(ir.CreateAnd(ir.CreateLShr(thread, 3), 1), 3);
  Value *high = ir.CreateShl(ir.CreateLShr(thread, 4), 3);
  Value *freeAt = ir.CreateAdd(free, left ? low : high);
  Value *termAt = left ? high : low;
  Value *line = ir.CreateAnd(thread, 7);
  return operand.termsInner
             ? sharedOffset(operand, ir.CreateAdd(freeAt, line), termAt)
             : sharedOffset(operand, ir.CreateAdd(termAt, line), freeAt);
}

/// Sixteen rows or lanes by sixteen terms, as the instruction wants them: of
/// rows the four registers of one, of lanes two for each eight. `first`: the
/// address of the first; `free` and `terms`: sixteens after it.
Lowering::Fragment Lowering::loadFragment(const Operand &operand, Value *first,
                                          int64_t free, int64_t terms) {
  int64_t inner = operand.termsInner ? terms : free;
  int64_t outer = operand.termsInner ? free : terms;
  // Sixteens along the row are other bits of the chunk's number than those
  // that the thread and its warp give, which trading places only flips.
  Value *at = ir.CreateXor(first, ir.getInt32(inner * 16 * kElementBytes));
  Value *pointer =
      sharedPointer(at, outer * 16 * operand.innerExtent * kElementBytes);
  Value *loaded = ir.CreateIntrinsic(
      operand.termsInner
          ? llvm::Intrinsic::nvvm_ldmatrix_sync_aligned_m8n8_x4_b16
          : llvm::Intrinsic::nvvm_ldmatrix_sync_aligned_m8n8_x4_trans_b16,
      {pointer->getType()}, {pointer});
  Fragment registers;
  for (unsigned i = 0; i < registers.size(); ++i)
    registers[i] = ir.CreateExtractValue(loaded, i);
  return registers;
}

/// The stages of both operands: all the shared memory that the launch gives.
Value *Lowering::stages(int64_t bytes) {
  llvm::Module &module = *function->getParent();
  auto *array = llvm::ArrayType::get(ir.getInt8Ty(), 0);
  auto *stages = new llvm::GlobalVariable(
      module, array, false, llvm::GlobalValue::ExternalLinkage, nullptr,
      function->getName() + "_stages", nullptr,
      llvm::GlobalValue::NotThreadLocal, kShared);
  // Rows begin at multiples of it, so that their bits are apart.
  stages->setAlignment(llvm::Align(kRound * kAccess));
  shared = bytes;
  return ir.CreatePtrToInt(stages, ir.getInt32Ty());
}

void Lowering::lowerMatrix(ForOp loop) {
  auto yield = cast<YieldOp>(loop.getBody().front().back());
  mlir::Value first = yield.getValues()[0], second = yield.getValues()[1];
  if (!hasAxis(first.getType(), row))
    std::swap(first, second);
  Extent terms = {matrix, kMatrixTerms};
  Operand left = stage(first, {row, kMatrixRows}, terms, /*place=*/0);
  Operand right = stage(second, {lane, kMatrixLanes}, terms,
                        kMatrixRows * kMatrixTerms * kElementBytes);
  bool isBf16 = elementOf(left.array).isBF16();
  bool copies = bringsChunks();
  auto *i32 = ir.getInt32Ty();
  llvm::Type *f32 = ir.getFloatTy();
  auto variable = [&](Value *value) {
    llvm::AllocaInst *made = room(value->getType());
    ir.CreateStore(value, made);
    return made;
  };
  auto read = [&](llvm::AllocaInst *from) {
    return ir.CreateLoad(from->getAllocatedType(), from);
  };
  SmallVector<llvm::AllocaInst *> sums; // fragment of rows, of lanes, register
  constexpr int64_t kLaneFragments = 2 * kLanePairs;
  for (int64_t i = 0; i < kRowFragments * kLaneFragments * 4; ++i)
    sums.push_back(variable(llvm::ConstantFP::get(f32, 0.0)));
  Value *rowBase = ir.CreateMul(ir.CreateLShr(member, llvm::Log2_64(kWarp * 4)),
                                ir.getInt32(kMatrixRows / 2));
  Value *laneBase =
      ir.CreateMul(ir.CreateAnd(ir.CreateLShr(member, llvm::Log2_64(kWarp)), 3),
                   ir.getInt32(kMatrixLanes / 4));
  Value *leftFirst = fragmentOffset(left, rowBase, /*left=*/true);
  Value *rightFirst = fragmentOffset(right, laneBase, /*left=*/false);

  // What the next instructions multiply, loaded while these do.
  SmallVector<llvm::AllocaInst *> fragments;
  for (int64_t i = 0; i < (kRowFragments + kLanePairs) * 4; ++i)
    fragments.push_back(room(i32));
  auto load = [&](Value *stage, int64_t terms) {
    for (int64_t i = 0; i < kRowFragments + kLanePairs; ++i) {
      Fragment fragment =
          i < kRowFragments
              ? loadFragment(left, ir.CreateAdd(stage, leftFirst), i, terms)
              : loadFragment(right, ir.CreateAdd(stage, rightFirst),
                             i - kRowFragments, terms);
      for (int64_t k = 0; k < 4; ++k)
        ir.CreateStore(fragment[k], fragments[i * 4 + k]);
    }
  };
  auto multiply = [&](llvm::ArrayRef<Value *> loaded) {
    auto *half = llvm::FixedVectorType::get(ir.getHalfTy(), 2);
    for (int64_t m = 0; m < kRowFragments; ++m)
      for (int64_t n = 0; n < kLaneFragments; ++n) {
        SmallVector<Value *> operands(loaded.slice(m * 4, 4));
        llvm::append_range(operands,
                           loaded.slice((kRowFragments * 2 + n) * 2, 2));
        if (!isBf16)
          for (Value *&operand : operands)
            operand = ir.CreateBitCast(operand, half);
        auto *sum = &sums[(m * kLaneFragments + n) * 4];
        for (int i = 0; i < 4; ++i)
          operands.push_back(read(sum[i]));
        Value *made = ir.CreateIntrinsic(
            isBf16 ? llvm::Intrinsic::nvvm_mma_m16n8k16_row_col_bf16
                   : llvm::Intrinsic::nvvm_mma_m16n8k16_row_col_f32_f32,
            llvm::ArrayRef<llvm::Type *>(), operands);
        for (unsigned i = 0; i < 4; ++i)
          ir.CreateStore(ir.CreateExtractValue(made, i), sum[i]);
      }
  };

  // Stages are a ring: one is multiplied while the next ones are on their way.
  Value *ring = stages(kStages * kStageBytes);
  Value *end = ir.CreateAdd(ring, ir.getInt32(kStages * kStageBytes));
  auto advance = [&](llvm::AllocaInst *stage) {
    Value *next = ir.CreateAdd(read(stage), ir.getInt32(kStageBytes));
    ir.CreateStore(ir.CreateSelect(ir.CreateICmpEQ(next, end), ring, next),
                   stage);
  };
  llvm::AllocaInst *full = variable(ring), *filled = variable(ring);
  Value *upper = indices.lookup(loop.getUpper());
  // Part `part` of `parts` of the tile at `terms`, which may lie past them all.
  auto bring = [&](Value *terms, int64_t part, int64_t parts) {
    Value *rest = ir.CreateTrunc(ir.CreateSub(upper, terms), i32);
    for (const Operand *operand : {&left, &right}) {
      int64_t begin = operand->pieces * part / parts;
      bringPieces(*operand, begin, operand->pieces * (part + 1) / parts, rest,
                  read(filled));
    }
    if (part + 1 < parts)
      return;
    advance(filled);
    if (copies)
      ir.CreateIntrinsic(llvm::Intrinsic::nvvm_cp_async_commit_group,
                         llvm::ArrayRef<llvm::Type *>(), {});
  };
  auto arrive = [&](int64_t underWay) {
    if (copies)
      ir.CreateIntrinsic(llvm::Intrinsic::nvvm_cp_async_wait_group, {},
                         {ir.getInt32(underWay)});
  };
  for (int64_t s = 0; s + 1 < kStages; ++s)
    bring(ir.getInt64(s * kMatrixTerms), 0, 1);
  arrive(kStages - 2);
  synchronise();
  load(ring, 0);
  // One barrier a step, before its last instructions: all have read the stage
  // that is filled anew in the next step, and the one read next is there.
  emitLoop(ir, indices.lookup(loop.getLower()), upper,
           ir.getInt64(kMatrixTerms), [&](Value *terms) {
             Value *next =
                 ir.CreateAdd(terms, ir.getInt64((kStages - 1) * kMatrixTerms));
             for (int64_t k = 0; k < kTermFragments; ++k) {
               auto loaded =
                   llvm::map_to_vector(fragments, [&](auto *from) -> Value * {
                     return read(from);
                   });
               if (k + 1 < kTermFragments) {
                 load(read(full), k + 1);
                 if (copies)
                   bring(next, k, kTermFragments - 1);
                 else if (k == 0)
                   bring(next, 0, 1);
               } else {
                 arrive(kStages - 2);
                 synchronise();
                 advance(full);
                 load(read(full), 0);
               }
               multiply(loaded);
             }
           });
  arrive(0);
  Pieces result;
  for (int64_t r = 0; r < 2 * kRowFragments; ++r)
    for (int64_t k = 0; k < 2 * kLaneFragments; ++k)
      result.push_back(
          read(sums[(r / 2 * kLaneFragments + k / 2) * 4 + r % 2 * 2 + k % 2]));
  values[loop.getResult(0)] = result;
}
