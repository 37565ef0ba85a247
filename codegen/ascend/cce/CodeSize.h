// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How much code a kernel is.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_CODESIZE_H
#define GEMEL_CODEGEN_ASCEND_CCE_CODESIZE_H

#include "codegen/ascend/cce/Cce.h"

namespace gemel::cce {

/// Bytes of code of the kernel's longest loop, with all that is in it: an
/// estimate (Facts.inc), the same before flags and barriers are inserted. What
/// the instruction cache has no room for is fetched anew by each iteration.
int64_t loopBytes(KernelOp kernel);

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_CODESIZE_H
