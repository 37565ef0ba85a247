// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cpu target's row of the table.

#ifndef GEMEL_CODEGEN_CPU_CPUTARGET_H
#define GEMEL_CODEGEN_CPU_CPUTARGET_H

#include "codegen/Target.h"

namespace gemel::cpu {

extern const Target target;

} // namespace gemel::cpu

#endif // GEMEL_CODEGEN_CPU_CPUTARGET_H
