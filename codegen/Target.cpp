// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of targets.

#include "codegen/Target.h"

#include "codegen/ascend/AscendTarget.h"
#include "codegen/cpu/CpuTarget.h"
#include "codegen/nvidia/NvidiaTarget.h"

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

MachineAttr gemel::machineOf(llvm::StringRef chip, mlir::MLIRContext *context) {
  return findTarget(chip)->machineOf(chip, context);
}
