// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ascend target: kernels are CCE C, and objects where ccec is installed.

#include "codegen/ascend/AscendTarget.h"

#include "codegen/ascend/Ccec.h"
#include "codegen/ascend/Chips.h"
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/LowerKernel.h"
#include "codegen/ascend/cce/CodeSize.h"
#include "codegen/ascend/cce/Passes.h"
#include "dialect/Silence.h"

#include <gemel/library.h>

#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Target/Cpp/CppEmitter.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/FormatVariadic.h"

using namespace gemel;
using namespace gemel::ascend;
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
  int64_t units = chip.vectorCores();
  // Repeats of an instruction: one every two cycles.
  return MachineAttr::get(
      context, b.getStringAttr(name), b.getStrArrayAttr({"core", "vector"}),
      kLanes, kUnroll, kRows, kChunk, kRuns, kRowRuns, /*scratch=*/0,
      /*team=*/1,
      /*access=*/32, /*held=*/kRow, /*registers=*/0, /*block=*/1, /*cache=*/0,
      kMatrixRows, kMatrixLanes, kMatrixTerms, /*matrixTeam=*/1, kMatrixBits,
      /*matrixChain=*/0, units, chip.megabytesPerSecond / units,
      chip.megahertz / 2);
}

/// Rows that stay in UB want a bound; whole repeats want no pads.
static SmallVector<Specialisation> variantsOf(OpOp fused, MachineAttr) {
  llvm::SmallSetVector<mlir::StringAttr, 4> lanes, rows;
  for (GroupOp group : fused.getBody().getOps<GroupOp>()) {
    PlanAttr plan = *group.getPlan();
    if (!plan.getLane() ||
        fused.getAxis(fused.findAxis(plan.getLane().getValue())).getOf())
      continue;
    lanes.insert(plan.getLane());
    if (!plan.getResident())
      rows.insert(plan.getLane());
  }
  constexpr int64_t kAny = std::numeric_limits<int64_t>::max();
  SmallVector<Specialisation> variants;
  auto add = [&](int64_t multiple, int64_t size) {
    Specialisation special;
    for (mlir::StringAttr lane : lanes) {
      AxisAttr axis = fused.getAxis(fused.findAxis(lane.getValue()));
      if (axis.getFixed() < 0)
        special.facts.push_back(
            {lane, multiple, rows.contains(lane) ? size : kAny});
    }
    if (!special.facts.empty())
      variants.push_back(special);
  };
  for (int64_t size : kRowSizes)
    add(kLanes, size);
  add(1, kRow);
  variants.push_back({});
  return variants;
}

namespace {
class Writer : public KernelWriter {
public:
  Writer(const Chip &chip, Assembly assembly)
      : chip(chip), assembly(assembly) {}

  int64_t begin(llvm::ArrayRef<KernelOp> kernels) override {
    int64_t bytes = handoverBytes(kernels, chip.cubeCores);
    handover = bytes > 0;
    return bytes;
  }

  llvm::FailureOr<bool> add(KernelOp kernel, OpOp op, Launch &launch,
                            bool mustFit) override {
    if (!module)
      module = mlir::ModuleOp::create(op.getLoc());
    // As much together as fits, its code, too, else tiles planned again.
    Lowered made;
    bool areRows = false;
    const Attempt *last = nullptr;
    SmallVector<Attempt> attempts = attemptsFor(
        kernel, op, machineFor(chip.target, op.getContext()), mustFit);
    for (const Attempt &with : attempts) {
      // Where items are no rows, less of them is the same again.
      bool sameTrips =
          last && (!made.groups || with.rows.batch == last->rows.batch);
      if (last && with.sets == last->sets && !areRows && sameTrips &&
          !isProduct(kernel))
        continue;
      last = &with;
      made = plan(kernel, op, launch.symbol, with,
                  /*isLast=*/&with == &attempts.back(), mustFit);
      areRows |= made.batch > 1 || made.parts > 1;
      if (!made.kernels.empty())
        break;
    }
    if (made.kernels.empty())
      return mustFit ? llvm::FailureOr<bool>(mlir::failure()) : false;
    for (cce::KernelOp half : made.kernels)
      if (failed(cce::insertSync(half)) || failed(cce::checkSync(half)))
        return mlir::failure();
    bool isMixed = made.kernels.size() > 1;
    cce::KernelOp other = isMixed ? made.kernels[1] : nullptr;
    if (failed(cce::checkCrossCore(made.kernels[0], other)))
      return mlir::failure();
    cce::removeSync(made.kernels[0], other);
    launch.grain = made.grain; // a core does pieces in turns
    launch.blocks = isProduct(kernel) ? chip.cubeCores : chip.vectorCores();
    launch.unit = isMixed             ? GEMEL_UNIT_MIXED
                  : isProduct(kernel) ? GEMEL_UNIT_CUBE
                                      : GEMEL_UNIT_VECTOR;
    return true;
  }

  void drop(const Launch &launch) override {
    for (StringRef half : {"", "_mix_aic", "_mix_aiv"})
      if (mlir::Operation *kernel =
              module->lookupSymbol((launch.symbol + half).str()))
        kernel->erase();
  }

  bool print(llvm::raw_ostream &os) const override {
    if (module)
      module.get().print(os);
    return true;
  }

  llvm::FailureOr<bool> finish(mlir::Location loc, DeviceCode &code) override {
    if (!module)
      return false;
    if (failed(cce::toEmitC(*module)))
      return mlir::failure();
    llvm::raw_string_ostream os(code.text);
    if (failed(mlir::emitc::translateToCpp(*module, os)))
      return mlir::failure();
    code.textKind = {"GEMEL_CCE", GEMEL_CCE};
    code.binaryKind = {"GEMEL_ASCEND_ELF", GEMEL_ASCEND_ELF};
    module = nullptr;
    std::string ccec = assembly == Assembly::None ? "" : findCcec(), error;
    if (!ccec.empty() && !compileCce(ccec, code.text, code.binary, error))
      return mlir::emitError(loc) << error;
    return true;
  }

private:
  /// The kernel with its memory planned, or none if that does not fit, with a
  /// report if that is wanted and nothing else will be tried.
  Lowered plan(KernelOp kernel, OpOp op, StringRef symbol, const Attempt &with,
               bool isLast, bool mustFit) {
    Lowered made = lowerKernel(kernel, op, symbol, *module, handover, with);
    auto fits = [&](cce::KernelOp half) {
      if (failed(mlir::verify(half)) || failed(cce::roundExactly(half)))
        return false;
      cce::multiplyAdd(half);
      if (failed(cce::multiBuffer(half)))
        return false;
      auto isPlanned = [&](cce::KernelOp kernel) {
        Silence silence(op.getContext());
        return succeeded(cce::planMemory(kernel));
      };
      for (const cce::Order &order : cce::kOrders) {
        mlir::OwningOpRef<cce::KernelOp> other = half.clone();
        cce::interleave(*other, order);
        if (!isLast && cce::loopBytes(*other) > kCodeCacheBytes)
          return false;
        if (isPlanned(*other)) {
          half.getBody().takeBody(other->getBody());
          return true;
        }
        // In the order that it has, little is in use at a time, the less the
        // less another one looks ahead.
        if (&order != cce::kOrders)
          continue;
        mlir::OwningOpRef<cce::KernelOp> same = half.clone();
        if (!isPlanned(*same))
          break;
      }
      // Less at a time, in a better order, is faster.
      return isLast && succeeded(cce::planMemory(half));
    };
    bool done = false;
    if (isLast && mustFit) {
      done = llvm::all_of(made.kernels, fits);
    } else {
      Silence silence(op.getContext());
      done = llvm::all_of(made.kernels, fits);
    }
    if (done)
      return made;
    for (cce::KernelOp half : made.kernels)
      half.erase();
    made.kernels.clear();
    return made;
  }

  const Chip &chip;
  Assembly assembly;
  bool handover = false; ///< the variant's kernels have a slot for it
  mlir::OwningOpRef<mlir::ModuleOp> module;
};
} // namespace

constexpr Target ascend::target = {
    "ascend",
    "ascend:0",
    /*onHost=*/false,
    /*chainsDots=*/false,
    /*runsText=*/false,
    [](mlir::MLIRContext *context) {
      context->loadDialect<cce::CceDialect, mlir::emitc::EmitCDialect,
                           mlir::scf::SCFDialect>();
    },
    chipNames,
    machineFor,
    variantsOf,
    [](StringRef chip, llvm::Module &,
       Assembly assembly) -> std::unique_ptr<KernelWriter> {
      return std::make_unique<Writer>(*findChip(chip), assembly);
    },
    [](StringRef name) {
      const Chip &chip = *findChip(name);
      return llvm::formatv("{0}: {1} vector cores, memory at {2} GB/s, {3} MHz",
                           name, chip.vectorCores(),
                           chip.megabytesPerSecond / 1000, chip.megahertz)
          .str();
    }};
