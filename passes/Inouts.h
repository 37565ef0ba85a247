// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Orders what is read of an inout before what is written to it.

#ifndef GEMEL_PASSES_INOUTS_H
#define GEMEL_PASSES_INOUTS_H

#include "dialect/ModuleOps.h"

namespace gemel {

/// A result that is a parameter as it is, and an inout whose old value is read
/// by a later launch or at other positions, are copied by a launch of their
/// own at the end of `op`, which is groups.
void orderInouts(OpOp op);

} // namespace gemel

#endif // GEMEL_PASSES_INOUTS_H
