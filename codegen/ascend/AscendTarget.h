// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ascend target's row of the table.

#ifndef GEMEL_CODEGEN_ASCEND_ASCENDTARGET_H
#define GEMEL_CODEGEN_ASCEND_ASCENDTARGET_H

#include "codegen/Target.h"

namespace gemel::ascend {

extern const Target target;

} // namespace gemel::ascend

#endif // GEMEL_CODEGEN_ASCEND_ASCENDTARGET_H
