// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Attributes of the gemel dialect: text form and invariants.

#include "dialect/Dialect.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace gemel;

#include "dialect/Enums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/Attrs.cpp.inc"

void GemelDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/Attrs.cpp.inc"
      >();
}

LogicalResult
OrderAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                  OrderKind kind, int64_t blocks) {
  if (kind != OrderKind::Blocks)
    return success();
  if (blocks < 1 || blocks > (1 << 30) || !llvm::isPowerOf2_64(blocks))
    return emitError() << "'blocks' takes a power of two up to 2^30, not "
                       << blocks;
  return success();
}

Attribute OrderAttr::parse(AsmParser &p, Type) {
  StringRef word;
  int64_t blocks = 0;
  SMLoc loc = p.getCurrentLocation();
  if (p.parseLess() || p.parseKeyword(&word))
    return {};
  std::optional<OrderKind> kind = symbolizeOrderKind(word);
  if (!kind) {
    p.emitError(loc, "an order is default, serial, blocks or free, not '")
        << word << "'";
    return {};
  }
  if (*kind == OrderKind::Blocks && p.parseInteger(blocks))
    return {};
  if (p.parseGreater())
    return {};
  return getChecked([&] { return p.emitError(loc); }, p.getContext(), *kind,
                    blocks);
}

void OrderAttr::print(AsmPrinter &p) const {
  p << "<" << stringifyOrderKind(getKind());
  if (getKind() == OrderKind::Blocks)
    p << " " << getBlocks();
  p << ">";
}

LogicalResult
PlanAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                 ArrayRef<StringAttr> workAxes, ArrayRef<int64_t> workSteps,
                 ArrayRef<StringAttr> tileAxes, ArrayRef<int64_t> tileExtents,
                 StringAttr lane, int64_t grain, int64_t scratch, int64_t team,
                 int64_t vector, bool resident, bool whole, StringAttr matrix,
                 StringAttr chain) {
  if (workAxes.size() != workSteps.size() ||
      tileAxes.size() != tileExtents.size())
    return emitError() << "a plan needs one number for each axis";
  for (auto [axis, step] : llvm::zip(workAxes, workSteps))
    if (step < 1)
      return emitError() << "a work item takes at least one position of '"
                         << axis.getValue() << "', not " << step;
  for (auto [axis, extent] : llvm::zip(tileAxes, tileExtents))
    if (extent < 1 || extent > 65536)
      return emitError() << "a step along '" << axis.getValue()
                         << "' takes 1 to 65536 positions, not " << extent;
  if (grain < 1)
    return emitError() << "a grain is at least 1, not " << grain;
  if (scratch < 0 || scratch > (1 << 20))
    return emitError() << "scratch holds 0 to 2^20 positions, not " << scratch;
  if (team < 1 || team > 1024 || !llvm::isPowerOf2_64(team))
    return emitError() << "a team is a power of two up to 1024, not " << team;
  if (vector < 1 || vector > 16 || !llvm::isPowerOf2_64(vector))
    return emitError() << "a vector is a power of two up to 16, not " << vector;
  if (!lane)
    return success();
  for (auto [axis, extent] : llvm::zip(tileAxes, tileExtents))
    if (axis == lane && extent % (team * vector) != 0)
      return emitError() << "a step of " << extent << " positions of '"
                         << axis.getValue() << "' is not whole vectors of "
                         << vector << " for a team of " << team;
  return success();
}

int64_t PlanAttr::getExtent(StringAttr axis) const {
  for (auto [name, extent] : llvm::zip(getTileAxes(), getTileExtents()))
    if (name == axis)
      return extent;
  return 1;
}

/// `[T = 1, D = 32]`
static ParseResult parseSteps(AsmParser &p, SmallVectorImpl<StringAttr> &axes,
                              SmallVectorImpl<int64_t> &steps) {
  return p.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
    StringRef word;
    if (p.parseKeyword(&word))
      return failure();
    axes.push_back(StringAttr::get(p.getContext(), word));
    return failure(p.parseEqual() || p.parseInteger(steps.emplace_back()));
  });
}

static void printSteps(AsmPrinter &p, ArrayRef<StringAttr> axes,
                       ArrayRef<int64_t> steps) {
  p << "[";
  llvm::interleaveComma(llvm::zip(axes, steps), p, [&](auto pair) {
    p << std::get<0>(pair).getValue() << " = " << std::get<1>(pair);
  });
  p << "]";
}

Attribute PlanAttr::parse(AsmParser &p, Type) {
  SmallVector<StringAttr> workAxes, tileAxes;
  SmallVector<int64_t> workSteps, tileExtents;
  StringAttr lane, matrix, chain;
  int64_t grain = 1, scratch = 0, team = 1, vector = 1, resident = 0, whole = 0;
  SMLoc loc = p.getCurrentLocation();
  if (p.parseLess() || p.parseKeyword("work") || p.parseEqual() ||
      parseSteps(p, workAxes, workSteps))
    return {};
  while (succeeded(p.parseOptionalComma())) {
    StringRef word;
    SMLoc at = p.getCurrentLocation();
    if (p.parseKeyword(&word) || p.parseEqual())
      return {};
    StringRef axis;
    if (word == "tile") {
      if (parseSteps(p, tileAxes, tileExtents))
        return {};
    } else if (word == "lane") {
      if (p.parseKeyword(&axis))
        return {};
      lane = StringAttr::get(p.getContext(), axis);
    } else if (word == "matrix" || word == "chain") {
      if (p.parseKeyword(&axis))
        return {};
      (word == "matrix" ? matrix : chain) =
          StringAttr::get(p.getContext(), axis);
    } else if (word == "grain") {
      if (p.parseInteger(grain))
        return {};
    } else if (word == "scratch" || word == "team" || word == "vector" ||
               word == "resident" || word == "whole") {
      int64_t &number = word == "scratch"    ? scratch
                        : word == "team"     ? team
                        : word == "vector"   ? vector
                        : word == "resident" ? resident
                                             : whole;
      if (p.parseInteger(number))
        return {};
    } else {
      p.emitError(at, "a plan has work, tile, lane, grain, scratch, team, "
                      "vector, resident, whole, matrix and chain, not '")
          << word << "'";
      return {};
    }
  }
  if (p.parseGreater())
    return {};
  return getChecked([&] { return p.emitError(loc); }, p.getContext(), workAxes,
                    workSteps, tileAxes, tileExtents, lane, grain, scratch,
                    team, vector, resident != 0, whole != 0, matrix, chain);
}

void PlanAttr::print(AsmPrinter &p) const {
  p << "<work = ";
  printSteps(p, getWorkAxes(), getWorkSteps());
  if (!getTileAxes().empty()) {
    p << ", tile = ";
    printSteps(p, getTileAxes(), getTileExtents());
  }
  if (getLane())
    p << ", lane = " << getLane().getValue();
  if (getGrain() != 1)
    p << ", grain = " << getGrain();
  if (getScratch())
    p << ", scratch = " << getScratch();
  if (getTeam() != 1)
    p << ", team = " << getTeam();
  if (getVector() != 1)
    p << ", vector = " << getVector();
  if (getResident())
    p << ", resident = 1";
  if (getWhole())
    p << ", whole = 1";
  if (getMatrix())
    p << ", matrix = " << getMatrix().getValue();
  if (getChain())
    p << ", chain = " << getChain().getValue();
  p << ">";
}

MachineAttr::Tiles MachineAttr::getTiles() const {
  return {getUnroll(),  getRows(),    getChunk(), getRuns(),
          getRowRuns(), getScratch(), getHeld()};
}

MachineAttr MachineAttr::with(const Tiles &tiles) const {
  return get(getContext(), getName(), getLevels(), getLanes(), tiles.unroll,
             tiles.rows, tiles.chunk, tiles.runs, tiles.rowRuns, tiles.scratch,
             getTeam(), getAccess(), tiles.held, getRegisters(), getBlock(),
             getCache(), getMatrixRows(), getMatrixLanes(), getMatrixTerms(),
             getMatrixTeam(), getMatrixBits(), getMatrixChain(), getUnits(),
             getMegabytesPerSecond(), getMegainstructionsPerSecond());
}

int64_t MachineAttr::rowRunOf(int64_t positions) const {
  int64_t run = getRowRuns();
  if (run == 0 || positions > getHeld() / 4)
    return 0;
  // Each row of a run may have a sum of its own beside it: of long ones fewer.
  return positions <= 2 * getHeld() / run ? run : run / 2;
}
