// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which pipes a core has, between which of them flags go, and which cores they
// tell.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/cce/Verify.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

namespace {
struct Pair {
  Pipe from, to;
};
} // namespace

// asc-devkit, SetFlag/WaitFlag of NPU 2201; ascend-transformer-boost,
// coc_ppmatmul.cce. S goes with every other pipe of the core, both ways.
static constexpr Pair kCubePairs[] = {
    {Pipe::M, Pipe::MTE1},    {Pipe::MTE1, Pipe::M},
    {Pipe::M, Pipe::MTE2},    {Pipe::MTE2, Pipe::M},
    {Pipe::M, Pipe::FIX},     {Pipe::FIX, Pipe::M},
    {Pipe::MTE1, Pipe::MTE2}, {Pipe::MTE2, Pipe::MTE1},
    {Pipe::MTE1, Pipe::MTE3}, {Pipe::MTE3, Pipe::MTE1},
    {Pipe::MTE1, Pipe::FIX},  {Pipe::FIX, Pipe::MTE1},
    {Pipe::MTE2, Pipe::MTE3}, {Pipe::MTE3, Pipe::MTE2},
    {Pipe::MTE2, Pipe::FIX},  {Pipe::FIX, Pipe::MTE2},
    {Pipe::FIX, Pipe::MTE3},
};
static constexpr Pair kVectorPairs[] = {
    {Pipe::V, Pipe::MTE2}, {Pipe::MTE2, Pipe::V},    {Pipe::V, Pipe::MTE3},
    {Pipe::MTE3, Pipe::V}, {Pipe::MTE2, Pipe::MTE3}, {Pipe::MTE3, Pipe::MTE2},
};
static constexpr Pipe kCubePipes[] = {Pipe::M, Pipe::MTE1, Pipe::MTE2,
                                      Pipe::MTE3, Pipe::FIX};
static constexpr Pipe kVectorPipes[] = {Pipe::V, Pipe::MTE2, Pipe::MTE3};

static ArrayRef<Pipe> pipesOf(Unit unit) {
  return unit == Unit::Cube ? ArrayRef<Pipe>(kCubePipes)
                            : ArrayRef<Pipe>(kVectorPipes);
}

static bool isPair(Unit unit, Pipe from, Pipe to) {
  if (from == Pipe::S || to == Pipe::S)
    return from != to &&
           llvm::is_contained(pipesOf(unit), from == Pipe::S ? to : from);
  ArrayRef<Pair> pairs = unit == Unit::Cube ? ArrayRef<Pair>(kCubePairs)
                                            : ArrayRef<Pair>(kVectorPairs);
  return llvm::any_of(
      pairs, [&](Pair pair) { return pair.from == from && pair.to == to; });
}

static LogicalResult verifyFlag(Operation *op, Pipe from, Pipe to,
                                IntegerAttr event) {
  std::optional<Unit> unit = unitOf(op);
  if (unit && !isPair(*unit, from, to)) // set_flag_c1, wait_flag_c1
    return op->emitOpError()
           << "goes from " << stringifyPipe(from) << " to " << stringifyPipe(to)
           << ", between which a " << stringifyUnit(*unit)
           << " core has no flags; order them through a pipe that has";
  return verifyField(op, "event", event, 0, ascend::kFreeEvents - 1, // ..._c2
                     "of each pair of pipes", "use one again, or a barrier");
}

LogicalResult SetFlagOp::verify() {
  return verifyFlag(*this, getFrom(), getTo(), getEventAttr());
}
LogicalResult WaitFlagOp::verify() {
  return verifyFlag(*this, getFrom(), getTo(), getEventAttr());
}

LogicalResult PipeBarrierOp::verify() {
  std::optional<Unit> unit = unitOf(*this);
  if (!getSizes().empty() &&
      (getSizes().size() != 2 || getOf() != Pipe::M)) // c2
    return emitOpError() << "has sizes of products; barriers of pipe M take "
                            "two, others none";
  if (getOf() == Pipe::ALL || !unit ||
      llvm::is_contained(pipesOf(*unit), getOf()))
    return success();
  return emitOpError() << "is of pipe " << stringifyPipe(getOf()) // c1
                       << ", which needs none on a " << stringifyUnit(*unit)
                       << " core; take one of its queues, or ALL";
}

//===- FftsCrossCoreSyncOp, WaitFlagDevOp -===//

static LogicalResult verifyCrossFlag(Operation *op, IntegerAttr flag) {
  return verifyField(op, "flag", flag, 0, ascend::kCrossFlags - 1, "of a core",
                     "use one again when it has been waited for");
}

SmallVector<OpFoldResult> FftsCrossCoreSyncOp::getFields() {
  // As asc-devkit's kernel_operator_sync_impl.h puts them together.
  return {getOfAttr(), OpFoldResult(Builder(getContext())
                                        .getI64IntegerAttr(1 | getMode() << 4 |
                                                           getFlag() << 8))};
}

LogicalResult FftsCrossCoreSyncOp::verify() {
  std::optional<Unit> unit = unitOf(*this);
  if (unit && !llvm::is_contained(pipesOf(*unit), getOf())) // c1
    return emitOpError() << "is of pipe " << stringifyPipe(getOf())
                         << ", which tells no other core on a "
                         << stringifyUnit(*unit)
                         << " core; take one of its queues";
  if (failed(verifyField(*this, "mode", getModeAttr(), 0, 2, // c2
                         "as the chip knows them",
                         "take 0 for all cores of a kind, 2 for a group")))
    return failure();
  if (unit && *unit == Unit::Cube && getMode() == 1) // c3
    return emitOpError() << "has mode 1, which is between the vector cores of "
                            "a group; take 0 or 2";
  return verifyCrossFlag(*this, getFlagAttr()); // c4
}

LogicalResult WaitFlagDevOp::verify() {
  return verifyCrossFlag(*this, getFlagAttr()); // c1
}

void CceDialect::registerSyncOps() {
  addOperations<
#define GET_OP_LIST
#include "codegen/ascend/cce/CceSyncOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "codegen/ascend/cce/CceSyncOps.cpp.inc"
