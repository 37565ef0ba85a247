// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The gemel dialect with its types and attributes.

#ifndef GEMEL_DIALECT_DIALECT_H
#define GEMEL_DIALECT_DIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <limits>

#include "dialect/Dialect.h.inc"
#include "dialect/Enums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialect/Types.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/Attrs.h.inc"

#endif // GEMEL_DIALECT_DIALECT_H
