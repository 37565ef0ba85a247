// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is loaded ahead of its turn: while a team computes one of its rows, the
// next ones are on their way to shared memory, where each thread finds again
// what it has asked for itself. So few threads with full registers keep memory
// busy, and no barrier is needed for it.

#include "codegen/llvm/Control.h"
#include "codegen/nvidia/Lowering.h"
#include "dialect/TypeRules.h"

#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace gemel;
using namespace gemel::llvmir;
using namespace gemel::nvidia;
using llvm::SmallVector;
using llvm::Value;
using mlir::isa;

// Bytes on their way to a multiprocessor that keep its memory busy: what it
// copies in a second (nvidia::chips) by about a microsecond that a load takes
// of a busy memory, rounded up.
static constexpr int64_t kUnderWay = 48 << 10;

// Rows on their way beside the one that is computed are one to three.
static constexpr int64_t kMostStages = 4;

// Threads of a multiprocessor at 64 registers each, which rows that stay leave.
static constexpr int64_t kThreads = 1024;

// Shared memory that a block takes beside (CUDA C++ Programming Guide, compute
// capability 8.x: 1 KB for the system), and for what its warps combine.
static constexpr int64_t kTaken = 2 << 10;

/// Bytes of one copy of what a thread has of the load: 16 of a row's vectors,
/// 4 or 8 of what a row has one of; 0: it cannot come this way.
int64_t Lowering::copyBytes(LoadOp load) {
  mlir::Type tile = load.getType();
  int64_t element = elementOf(tile).getIntOrFloatBitWidth() / 8;
  if (stored.contains(load.getArray()) || rowsOf(tile) != 1 ||
      !llvm::all_of(load.getPositions(), [](mlir::Value position) {
        return position.getType().isIndex();
      }))
    return 0;
  if (!hasLanes(tile))
    return element == 4 || element == 8 ? element : 0;
  bool isVector =
      axesOf(load.getArray()).back() == lane && access * element % kAccess == 0;
  return isVector ? kAccess : 0;
}

/// The loads of the loop's trips that can be under way before their turn, and
/// where they go; none where shared memory would not hold two rows.
Lowering::Ahead Lowering::planAhead(ForOp loop) {
  Ahead plan;
  if (!kernel->hasAttr("resident") || matrix || loopDepth > 0)
    return plan;
  mlir::Value at = loop.getBody().getArgument(0);
  bool hasRows = false;
  for (LoadOp load : loop.getBody().getOps<LoadOp>()) {
    int64_t bytes = copyBytes(load);
    if (!bytes || !llvm::is_contained(load.getPositions(), at))
      continue;
    hasRows |= hasLanes(load.getType());
    plan.places[load] = plan.stageBytes;
    int64_t element = elementOf(load.getType()).getIntOrFloatBitWidth() / 8;
    plan.stageBytes += llvm::alignTo(
        placesOf(load.getType()) * element * blockThreads, kAccess);
  }
  if (!hasRows)
    return {};
  for (int64_t blocks = std::max<int64_t>(kThreads / blockThreads, 1);
       blocks >= 1; --blocks) {
    int64_t room = chip.sharedBytes / blocks - kTaken;
    int64_t wanted = 1 + llvm::divideCeil(kUnderWay, blocks * plan.stageBytes);
    plan.stages = std::min(std::clamp<int64_t>(wanted, 2, kMostStages),
                           room / plan.stageBytes);
    if (plan.stages >= 2)
      return plan;
  }
  return {};
}

/// Where a thread finds the first of its copies of `bytes` each, from `base`.
Value *Lowering::copyPlace(Value *base, int64_t place, int64_t bytes) {
  Value *mine = ir.CreateMul(thread, ir.getInt32(bytes));
  return ir.CreateAdd(ir.CreateAdd(base, mine), ir.getInt32(place));
}

/// Begins to bring what the load takes at the positions that its indices have
/// now; zeros if not `wanted`.
void Lowering::bring(LoadOp load, Value *place, Value *wanted) {
  int64_t bytes = copyBytes(load);
  mlir::Type tile = load.getType();
  int64_t element = elementOf(tile).getIntOrFloatBitWidth() / 8;
  llvm::Intrinsic::ID copy =
      bytes == 4   ? llvm::Intrinsic::nvvm_cp_async_ca_shared_global_4_s
      : bytes == 8 ? llvm::Intrinsic::nvvm_cp_async_ca_shared_global_8_s
                   : llvm::Intrinsic::nvvm_cp_async_cg_shared_global_16_s;
  int64_t each = bytes / element;
  for (int64_t k = 0, places = placesOf(tile), n = 0; k < places; ++n) {
    int64_t vectorAt = k / access * access;
    Address at = address(load.getArray(), load.getPositions(), tile, 0,
                         hasLanes(tile) ? vectorAt : 0);
    Value *inside = at.within ? ir.CreateAnd(at.within, wanted) : wanted;
    Value *from = ir.CreateConstGEP1_64(ir.getInt8Ty(), at.pointer,
                                        (k - vectorAt) * element);
    Value *count = ir.CreateSelect(inside, ir.getInt32(bytes), ir.getInt32(0));
    ir.CreateIntrinsic(
        copy, {},
        {sharedPointer(place, n * blockThreads * bytes), from, count});
    k += each;
  }
}

/// What `bring` has brought for the load.
void Lowering::loadBrought(LoadOp load, Value *place) {
  int64_t bytes = copyBytes(load);
  mlir::Type tile = load.getType();
  llvm::Type *scalar = memoryType(ir.getContext(), elementOf(tile));
  int64_t each = bytes * 8 / elementOf(tile).getIntOrFloatBitWidth();
  Pieces pieces;
  for (int64_t k = 0, places = placesOf(tile), n = 0; k < places; ++n) {
    llvm::Type *type = scalar;
    if (each > 1)
      type = llvm::FixedVectorType::get(scalar, each);
    Value *made = ir.CreateAlignedLoad(
        type, sharedPointer(place, n * blockThreads * bytes),
        llvm::Align(bytes));
    for (int64_t j = 0; j < each; ++j, ++k)
      pieces.push_back(each > 1 ? ir.CreateExtractElement(made, j) : made);
  }
  values[load.getResult()].append(pieces.begin(), pieces.end());
}

/// The loop, where what its trips load has been under way for some trips
/// before.
void Lowering::emitAhead(ForOp loop, const Ahead &plan,
                         llvm::function_ref<void(Value *)> trip) {
  auto *i32 = ir.getInt32Ty();
  auto *i64 = ir.getInt64Ty();
  mlir::Block &body = loop.getBody().front();
  Value *lower = indices.lookup(loop.getLower());
  Value *upper = indices.lookup(loop.getUpper());
  Value *step = ir.getInt64(loop.getStep());
  Value *ring = stages(plan.stages * plan.stageBytes);
  Value *end = ir.CreateAdd(ring, ir.getInt32(plan.stages * plan.stageBytes));
  auto variable = [&](Value *value) {
    llvm::AllocaInst *made = room(value->getType());
    ir.CreateStore(value, made);
    return made;
  };
  llvm::AllocaInst *next = variable(lower), *filled = variable(ring),
                   *full = variable(ring), *odd = variable(ir.getInt32(0));
  auto advance = [&](llvm::AllocaInst *stage) {
    Value *after =
        ir.CreateAdd(ir.CreateLoad(i32, stage), ir.getInt32(plan.stageBytes));
    ir.CreateStore(ir.CreateSelect(ir.CreateICmpEQ(after, end), ring, after),
                   stage);
  };
  auto bringNext = [&] {
    Value *at = ir.CreateLoad(i64, next), *stage = ir.CreateLoad(i32, filled);
    indices[body.getArgument(0)] = at;
    for (mlir::Operation &o : body)
      lowerIndex(o);
    Value *wanted = ir.CreateICmpSLT(at, upper);
    for (auto [load, offset] : plan.places)
      bring(load, copyPlace(stage, offset, copyBytes(load)), wanted);
    ir.CreateIntrinsic(llvm::Intrinsic::nvvm_cp_async_commit_group,
                       llvm::ArrayRef<llvm::Type *>(), {});
    ir.CreateStore(ir.CreateAdd(at, step), next);
    advance(filled);
  };
  for (int64_t s = 0; s + 1 < plan.stages; ++s)
    bringNext();
  ++loopDepth;
  Alternation outer = alternation;
  emitLoop(ir, lower, upper, step, [&](Value *at) {
    // A thread reads only what it has brought itself, and has read it before
    // it brings the next into the same place: no barrier.
    bringNext();
    ir.CreateIntrinsic(llvm::Intrinsic::nvvm_cp_async_wait_group, {},
                       {ir.getInt32(plan.stages - 1)});
    Value *stage = ir.CreateLoad(i32, full);
    for (auto [load, offset] : plan.places)
      brought[load] = copyPlace(stage, offset, copyBytes(load));
    alternation = {loopDepth, ir.CreateLoad(i32, odd)};
    trip(at);
    brought.clear();
    advance(full);
    ir.CreateStore(ir.CreateXor(ir.CreateLoad(i32, odd), ir.getInt32(1)), odd);
  });
  --loopDepth;
  alternation = outer;
  ir.CreateIntrinsic(llvm::Intrinsic::nvvm_cp_async_wait_group, {},
                     {ir.getInt32(0)});
}
