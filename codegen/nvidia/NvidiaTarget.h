// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The nvidia target's row of the table.

#ifndef GEMEL_CODEGEN_NVIDIA_NVIDIATARGET_H
#define GEMEL_CODEGEN_NVIDIA_NVIDIATARGET_H

#include "codegen/Target.h"

namespace gemel::nvidia {

extern const Target target;

} // namespace gemel::nvidia

#endif // GEMEL_CODEGEN_NVIDIA_NVIDIATARGET_H
