// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops that are marked: two iterations in one, each with buffers of its own.
//
//   scf.for %i = %lo to %hi step %s {    ==>   %a, %a1: taken at the begin
//     %a = cce.alloc ...                       scf.for %i = %lo to %hi step 2
//     %s { body(%i, %a)                               body(%i, %a)
//   } {cce.double_buffer}                        scf.if %i + %s < %hi {
//                                                  body(%i + %s, %a1)
//                                                }
//                                              }
//
// What one iteration loads and the next one still computes with are then
// different buffers, to the plan of the memory, to synchronisation, and to its
// proof, which need no notion of halves. The order of iterations stays, so that
// numbers do, to the bit. Buffers that one pipe uses alone are not what
// iterations wait for each other by: both copies may have them in one place.
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

static void unroll(scf::ForOp loop, Block &kernel) {
  OpBuilder b(loop);
  Location loc = loop.getLoc();
  IRMapping second;
  for (AllocOp alloc : sharedBuffers(loop)) {
    // Of a loop in this one: each iteration of this one has them all.
    bool isOwn = alloc->getParentOfType<scf::ForOp>() == loop;
    alloc->moveBefore(&kernel, kernel.begin());
    if (!isOwn)
      continue;
    b.setInsertionPointAfter(alloc);
    second.map(alloc.getResult(), b.clone(*alloc)->getResult(0));
  }
  Value step = loop.getStep();
  auto add = [&](Value x, Value y) -> Value {
    return arith::AddIOp::create(b, loc, x, y,
                                 arith::IntegerOverflowFlags::nsw);
  };
  b.setInsertionPoint(loop);
  loop.getStepMutable().assign(add(step, step));
  Operation *yield = loop.getBody()->getTerminator();
  SmallVector<Operation *> body;
  for (Operation &op : loop.getBody()->without_terminator())
    body.push_back(&op);
  b.setInsertionPoint(yield);
  Value next = add(loop.getInductionVar(), step);
  Value inside =
      arith::CmpIOp::create(b, loc,
                            loop.getUnsignedCmp() ? arith::CmpIPredicate::ult
                                                  : arith::CmpIPredicate::slt,
                            next, loop.getUpperBound());
  second.map(loop.getInductionVar(), next);
  second.map(loop.getRegionIterArgs(), yield->getOperands());
  bool gives = yield->getNumOperands() != 0;
  auto choice = scf::IfOp::create(b, loc, yield->getOperandTypes(), inside,
                                  /*withElseRegion=*/gives);
  b.setInsertionPointToStart(choice.thenBlock());
  for (Operation *op : body)
    b.clone(*op, second);
  if (!gives)
    return;
  SmallVector<Value> given;
  for (Value value : yield->getOperands())
    given.push_back(second.lookupOrDefault(value));
  scf::YieldOp::create(b, loc, given);
  b.setInsertionPointToStart(choice.elseBlock());
  scf::YieldOp::create(b, loc, yield->getOperands());
  yield->setOperands(choice.getResults());
}

LogicalResult cce::doubleBuffer(KernelOp kernel) {
  SmallVector<scf::ForOp> marked; // loops within loops first
  kernel.walk([&](scf::ForOp loop) {
    if (loop->removeAttr(CceDialect::kDoubleBuffer))
      marked.push_back(loop);
  });
  for (scf::ForOp loop : marked)
    unroll(loop, kernel.getBody().front());
  return success();
}
