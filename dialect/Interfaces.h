// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Interfaces that gemel ops implement; see Interfaces.td.

#ifndef GEMEL_DIALECT_INTERFACES_H
#define GEMEL_DIALECT_INTERFACES_H

#include "dialect/Dialect.h"

namespace gemel {
class GradientBuilder;
} // namespace gemel

#include "dialect/Interfaces.h.inc"

#endif // GEMEL_DIALECT_INTERFACES_H
