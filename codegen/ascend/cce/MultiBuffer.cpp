// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops that are marked: so many iterations in one, each with buffers of its
// own. Of two:
//
//   scf.for %i = %lo to %hi step %s {    ==>   %a, %a1: taken at the begin
//     %a = cce.alloc ...                       scf.for %i = %lo to %hi step 2
//     %s { body(%i, %a)                               body(%i, %a)
//   } {cce.buffers = 2}                          scf.if %i + %s < %hi {
//                                                  body(%i + %s, %a1)
//                                                }
//                                              }
//
// What one iteration loads and the next one still computes with are then
// different buffers, to the plan of the memory, to synchronisation, and to its
// proof, which need no notion of halves. The order of iterations stays, so that
// numbers do, to the bit. Buffers that one pipe uses alone are not what
// iterations wait for each other by: all copies may have them in one place.
#include "codegen/ascend/cce/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

/// The buffers in a loop that more than one pipe uses.
static SmallVector<AllocOp> sharedBuffers(scf::ForOp loop) {
  llvm::MapVector<Operation *, llvm::SmallDenseSet<Pipe, 4>> pipes;
  loop.walk([&](AllocOp alloc) { pipes[alloc]; });
  loop.walk([&](InstructionOpInterface op) {
    SmallVector<Value> pointers = op.getReads();
    llvm::append_range(pointers, op.getWrites());
    for (Value pointer : pointers)
      if (auto found = pipes.find(rootOf(pointer).getDefiningOp());
          found != pipes.end())
        found->second.insert(op.getPipe());
  });
  SmallVector<AllocOp> shared;
  for (auto &[alloc, users] : pipes)
    if (users.size() > 1)
      shared.push_back(cast<AllocOp>(alloc));
  return shared;
}

/// Behind an iteration that stands before `yield` the next one, if there is
/// one, and those after it: as many as there are maps of buffers.
static void append(scf::ForOp loop, ArrayRef<Operation *> body, Value position,
                   Value step, Operation *yield, ValueRange carried,
                   ArrayRef<IRMapping> buffers) {
  if (buffers.empty())
    return;
  OpBuilder b(yield);
  Location loc = loop.getLoc();
  Value next = arith::AddIOp::create(b, loc, position, step,
                                     arith::IntegerOverflowFlags::nsw);
  Value inside =
      arith::CmpIOp::create(b, loc,
                            loop.getUnsignedCmp() ? arith::CmpIPredicate::ult
                                                  : arith::CmpIPredicate::slt,
                            next, loop.getUpperBound());
  IRMapping mapped = buffers.front();
  mapped.map(loop.getInductionVar(), next);
  mapped.map(loop.getRegionIterArgs(), carried);
  bool gives = !carried.empty();
  auto choice = scf::IfOp::create(b, loc, carried.getTypes(), inside,
                                  /*withElseRegion=*/gives);
  b.setInsertionPointToStart(choice.thenBlock());
  for (Operation *op : body)
    b.clone(*op, mapped);
  SmallVector<Value> given;
  for (Value value : loop.getBody()->getTerminator()->getOperands())
    given.push_back(mapped.lookupOrDefault(value));
  Operation *end = gives ? scf::YieldOp::create(b, loc, given)
                         : choice.thenBlock()->getTerminator();
  append(loop, body, next, step, end, given, buffers.drop_front());
  if (!gives)
    return;
  b.setInsertionPointToStart(choice.elseBlock());
  scf::YieldOp::create(b, loc, carried);
  yield->setOperands(choice.getResults());
}

static void unroll(scf::ForOp loop, int64_t count, Block &kernel) {
  OpBuilder b(loop);
  Location loc = loop.getLoc();
  SmallVector<IRMapping> others(count - 1);
  for (AllocOp alloc : sharedBuffers(loop)) {
    // Of a loop in this one: each iteration of this one has them all.
    bool isOwn = alloc->getParentOfType<scf::ForOp>() == loop;
    alloc->moveBefore(&kernel, kernel.begin());
    if (!isOwn)
      continue;
    b.setInsertionPointAfter(alloc);
    for (IRMapping &other : llvm::reverse(others))
      other.map(alloc.getResult(), b.clone(*alloc)->getResult(0));
  }
  Value step = loop.getStep();
  b.setInsertionPoint(loop);
  Value all = step;
  for (int64_t i = 1; i < count; ++i)
    all = arith::AddIOp::create(b, loc, all, step,
                                arith::IntegerOverflowFlags::nsw);
  loop.getStepMutable().assign(all);
  Operation *yield = loop.getBody()->getTerminator();
  SmallVector<Operation *> body;
  for (Operation &op : loop.getBody()->without_terminator())
    body.push_back(&op);
  SmallVector<Value> carried(yield->getOperands());
  append(loop, body, loop.getInductionVar(), step, yield, carried, others);
}

LogicalResult cce::multiBuffer(KernelOp kernel) {
  SmallVector<std::pair<scf::ForOp, int64_t>> marked; // inner loops first
  kernel.walk([&](scf::ForOp loop) {
    if (Attribute count = loop->removeAttr(CceDialect::kBuffers))
      marked.push_back({loop, cast<IntegerAttr>(count).getInt()});
  });
  for (auto [loop, count] : marked)
    unroll(loop, count, kernel.getBody().front());
  return success();
}
