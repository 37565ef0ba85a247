// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// C++ classes of the ops in SortOps.td.

#ifndef GEMEL_DIALECT_SORTOPS_H
#define GEMEL_DIALECT_SORTOPS_H

#include "dialect/Dialect.h"
#include "dialect/Interfaces.h"

#define GET_OP_CLASSES
#include "dialect/SortOps.h.inc"

#endif // GEMEL_DIALECT_SORTOPS_H
