// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cpu target: kernels are functions of the library.

#include "codegen/cpu/CpuTarget.h"

#include "codegen/cpu/Chips.h"
#include "codegen/cpu/LowerKernel.h"

#include "llvm/Support/FormatVariadic.h"

using namespace gemel;
using namespace gemel::cpu;

static llvm::ArrayRef<llvm::StringRef> chipNames() {
  static const llvm::SmallVector<llvm::StringRef> names =
      llvm::map_to_vector(llvm::ArrayRef<Chip>(chips),
                          [](const Chip &chip) { return chip.target; });
  return names;
}

namespace {
class Writer : public KernelWriter {
public:
  Writer(const Chip &chip, llvm::Module &host) : chip(chip), host(host) {}

  llvm::FailureOr<bool> add(KernelOp kernel, OpOp op, Launch &launch,
                            bool) override {
    launch.onHost = true;
    llvm::Function *function =
        lowerKernel(kernel, op, host, launch.symbol, chip.lanes);
    function->addFnAttr("target-cpu", chip.llvmCpu);
    function->addFnAttr("prefer-vector-width", std::to_string(chip.lanes * 32));
    return true;
  }
  llvm::FailureOr<bool> finish(mlir::Location, DeviceCode &) override {
    return false;
  }

private:
  const Chip &chip;
  llvm::Module &host;
};
} // namespace

constexpr Target cpu::target = {
    "cpu",
    "cpu",
    /*onHost=*/true,
    /*chainsDots=*/true,
    /*runsText=*/false,
    [](mlir::MLIRContext *) {},
    chipNames,
    [](llvm::StringRef chip, mlir::MLIRContext *context) {
      return machineOf(*findChip(chip), context);
    },
    [](OpOp, MachineAttr) { return llvm::SmallVector<Specialisation>(1); },
    [](llvm::StringRef chip, llvm::Module &host,
       Assembly) -> std::unique_ptr<KernelWriter> {
      return std::make_unique<Writer>(*findChip(chip), host);
    },
    [](llvm::StringRef name) {
      const Chip &chip = *findChip(name);
      return llvm::formatv(
                 "one thread of {0}: memory at {1:f1} GB/s and {2:f1} G vector "
                 "instructions/s",
                 name, static_cast<double>(chip.megabytesPerSecond) / 1e3,
                 static_cast<double>(chip.megainstructionsPerSecond) / 1e3)
          .str();
    }};
