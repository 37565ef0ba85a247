// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The nvidia target: kernels are PTX that the library carries.

#include "codegen/nvidia/NvidiaTarget.h"

#include "codegen/nvidia/Chips.h"
#include "codegen/nvidia/LowerKernel.h"
#include "codegen/nvidia/Ptx.h"
#include "codegen/nvidia/Ptxas.h"
#include "dialect/Interfaces.h"
#include "dialect/TypeRules.h"
#include "passes/Cost.h"

#include <gemel/library.h>

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Parallel.h"

#include <atomic>

using namespace gemel;
using namespace gemel::nvidia;
using llvm::SmallVector;
using llvm::StringRef;

static llvm::ArrayRef<StringRef> chipNames() {
  static const SmallVector<StringRef> names =
      llvm::map_to_vector(llvm::ArrayRef<Chip>(chips),
                          [](const Chip &chip) { return chip.target; });
  return names;
}

static MachineAttr machineFor(StringRef name, mlir::MLIRContext *context) {
  const Chip &chip = *findChip(name);
  mlir::Builder b(context);
  // Four instructions of a warp a cycle, of which 80 % are reached.
  int64_t instructions = chip.megahertz * 4 * 8 / 10;
  return MachineAttr::get(
      context, b.getStringAttr(name), b.getStrArrayAttr({"block", "lane"}),
      kWarp, kChunkHeld, kRows, /*chunk=*/kBlock * kChunkHeld, kRuns,
      /*rowRuns=*/0, /*scratch=*/0, /*team=*/kMostThreads, kAccess, kHeld,
      kRowRegisters, kBlock, kCacheBytes, kMatrixRows, kMatrixLanes,
      kMatrixTerms, kMatrixTeam, kMatrixBits, kMatrixChain,
      /*units=*/chip.multiprocessors,
      chip.megabytesPerSecond / chip.multiprocessors, instructions);
}

/// Vectors want aligned rows; rows that stay in registers want a bound.
static SmallVector<Specialisation> variantsOf(OpOp fused, MachineAttr machine) {
  llvm::SmallSetVector<mlir::StringAttr, 4> lanes;
  llvm::SmallMapVector<mlir::StringAttr, int64_t, 4> rows; ///< arrays read
  llvm::SmallSetVector<mlir::StringAttr, 2> chained; ///< lanes beside a chain
  for (GroupOp group : fused.getBody().getOps<GroupOp>()) {
    PlanAttr plan = *group.getPlan();
    if (!plan.getLane())
      continue;
    lanes.insert(plan.getLane());
    if (plan.getMatrix()) // operands come in vectors along their own last axes
      for (auto dot : group.getBody().front().getOps<ReductionOpInterface>())
        for (mlir::Value operand : dot->getOperands())
          if (operand.getParentBlock() != dot->getBlock())
            lanes.insert(axesOf(operand).back());
    if (plan.getChain())
      chained.insert(plan.getLane());
    bool contraction = plan.getTileAxes().size() > 1;
    if (!contraction &&
        !llvm::is_contained(plan.getWorkAxes(), plan.getLane()) &&
        !plan.getResident())
      rows[plan.getLane()] =
          std::max(rows[plan.getLane()], readAlong(group, plan.getLane()));
  }
  SmallVector<Specialisation> variants;
  Specialisation aligned;
  aligned.alignment = kAccess;
  constexpr int64_t kAny = std::numeric_limits<int64_t>::max();
  constexpr int64_t kVector = 8; // of two-byte elements; of others two vectors
  for (mlir::StringAttr lane : lanes) {
    AxisAttr axis = fused.getAxis(fused.findAxis(lane.getValue()));
    // An axis of runs has the size that others give it.
    if (axis.getOf() || (axis.getFixed() >= 0 && axis.getFixed() % kVector))
      continue;
    aligned.facts.push_back({lane, kVector, kAny});
  }
  if (!aligned.facts.empty()) {
    // What a step holds of a chain's lanes is all there is: one launch.
    if (!chained.empty()) {
      Specialisation special = aligned;
      for (Specialisation::Fact &fact : special.facts)
        if (chained.contains(fact.axis))
          fact.maximum = kMatrixChain;
      variants.push_back(special);
    }
    for (int64_t size : kRowSizes) {
      Specialisation special = aligned;
      bool bounds = false;
      for (Specialisation::Fact &fact : special.facts)
        if (rows.contains(fact.axis) &&
            size * rows[fact.axis] <= machine.getRegisters()) {
          fact.maximum = size;
          bounds = true;
        }
      if (bounds)
        variants.push_back(special);
    }
    variants.push_back(aligned);
  }
  variants.push_back({});
  return variants;
}

namespace {
class Writer : public KernelWriter {
public:
  Writer(const Chip &chip, Assembly assembly)
      : chip(chip), assembly(assembly) {}

  llvm::FailureOr<bool> add(KernelOp kernel, OpOp op, Launch &launch,
                            bool) override {
    parts.push_back(std::make_unique<Part>());
    prepareDevice(parts.back()->module, chip);
    lowerKernel(kernel, op, parts.back()->module, chip, launch);
    given[launch.symbol] = launch.sharedBytes;
    return true;
  }

  llvm::FailureOr<bool> finish(mlir::Location loc, DeviceCode &code) override {
    if (parts.empty())
      return false;
    std::vector<std::string> texts(parts.size()), errors(parts.size());
    // The largest first: it is not waited for alone.
    auto order = llvm::to_vector(llvm::seq(parts.size()));
    llvm::stable_sort(order, [&](size_t a, size_t b) {
      return parts[a]->module.getInstructionCount() >
             parts[b]->module.getInstructionCount();
    });
    std::atomic<size_t> next = 0; // tasks begin in any order
    llvm::parallelFor(0, order.size(), [&](size_t) {
      size_t i = order[next++];
      printPtx(parts[i]->module, chip, texts[i], errors[i]);
      parts[i].reset();
    });
    for (const std::string &error : errors)
      if (!error.empty())
        return mlir::emitError(loc) << error;
    std::string error;
    code.text = joinPtx(texts);
    code.textKind = {"GEMEL_PTX", GEMEL_PTX};
    code.binaryKind = {"GEMEL_CUBIN", GEMEL_CUBIN};
    std::string ptxas = assembly == Assembly::None ? "" : findPtxas();
    if (ptxas.empty())
      return true;
    Assembled assembled;
    if (!assemble(ptxas, code.text, chip, assembled, error))
      return mlir::emitError(loc) << error;
    code.binary = std::move(assembled.cubin);
    if (!report(loc, assembled))
      return mlir::failure();
    for (const KernelResources &kernel : assembled.kernels)
      code.resources[kernel.symbol] =
          llvm::formatv(
              "{0,3} registers, {1,4} B spilled, {2,4} B stack, {3,6} "
              "B shared",
              kernel.registers, kernel.spilledBytes, kernel.stackBytes,
              kernel.sharedBytes + given.lookup(kernel.symbol))
              .str();
    return true;
  }

private:
  /// What is to be said of the code; false if that makes it none.
  bool report(mlir::Location loc, const Assembled &assembled) const {
    bool isStrict = assembly == Assembly::Strict, isGood = true;
    auto say = [&](const llvm::Twine &text) {
      (isStrict ? mlir::emitError(loc) : mlir::emitRemark(loc)) << text;
      isGood = !isStrict;
    };
    for (const std::string &warning : assembled.warnings)
      say(warning);
    for (const KernelResources &kernel : assembled.kernels)
      if (kernel.spilledBytes)
        say(llvm::formatv("'{0}' has no registers for {1} bytes of what its "
                          "{2} registers should hold; they go through local "
                          "memory",
                          kernel.symbol, kernel.spilledBytes, kernel.registers)
                .str());
    return isGood;
  }

  const Chip &chip;
  Assembly assembly;
  /// A kernel, optimised and printed beside others.
  struct Part {
    llvm::LLVMContext context;
    llvm::Module module{"gemel", context};
  };
  std::vector<std::unique_ptr<Part>> parts;
  llvm::StringMap<int64_t> given; ///< shared memory of a launch
};
} // namespace

constexpr Target nvidia::target = {
    "nvidia",
    "cuda:0",
    /*onHost=*/false,
    /*chainsDots=*/false,
    /*runsText=*/true,
    [](mlir::MLIRContext *) {},
    chipNames,
    machineFor,
    variantsOf,
    [](StringRef chip, llvm::Module &,
       Assembly assembly) -> std::unique_ptr<KernelWriter> {
      return std::make_unique<Writer>(*findChip(chip), assembly);
    },
    [](StringRef name) {
      const Chip &chip = *findChip(name);
      return llvm::formatv("{0}: {1} multiprocessors, copies at {2} GB/s, {3} "
                           "MHz",
                           name, chip.multiprocessors,
                           chip.megabytesPerSecond / 1000, chip.megahertz)
          .str();
    }};
