// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of targets.

#include "codegen/Target.h"

#include "codegen/ascend/AscendTarget.h"
#include "codegen/cpu/CpuTarget.h"
#include "codegen/nvidia/NvidiaTarget.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace gemel;

llvm::ArrayRef<const Target *> gemel::targets() {
  static const Target *const table[] = {&cpu::target, &nvidia::target,
                                        &ascend::target};
  return table;
}

const Target *gemel::findTarget(llvm::StringRef chip) {
  for (const Target *target : targets())
    if (llvm::is_contained(target->chips(), chip))
      return target;
  return nullptr;
}

llvm::LogicalResult gemel::loadTargets(mlir::MLIRContext *context,
                                       llvm::ArrayRef<std::string> chips) {
  context->loadDialect<mlir::arith::ArithDialect>();
  for (const std::string &chip : chips) {
    if (const Target *target = findTarget(chip)) {
      target->load(context);
      continue;
    }
    mlir::InFlightDiagnostic diagnostic =
        mlir::emitError(mlir::UnknownLoc::get(context));
    diagnostic << "there is no target '" << chip << "'; targets are";
    for (const Target *known : targets())
      for (llvm::StringRef name : known->chips())
        diagnostic << " " << name;
    return diagnostic;
  }
  return llvm::success();
}

MachineAttr gemel::machineOf(llvm::StringRef chip, mlir::MLIRContext *context) {
  return findTarget(chip)->machineOf(chip, context);
}
