// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// C++ classes of the ops in ModuleOps.td.

#ifndef GEMEL_DIALECT_MODULEOPS_H
#define GEMEL_DIALECT_MODULEOPS_H

#include "dialect/Dialect.h"
#include "dialect/Interfaces.h"

#include "llvm/ADT/StringMap.h"

#define GET_OP_CLASSES
#include "dialect/ModuleOps.h.inc"

#endif // GEMEL_DIALECT_MODULEOPS_H
