// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What each elementwise op computes on numbers.

#ifndef GEMEL_CODEGEN_REFERENCE_SCALAR_H
#define GEMEL_CODEGEN_REFERENCE_SCALAR_H

#include "codegen/reference/Interpreter.h"

namespace gemel::reference {

/// One element: `real` of a float, `integer` of an integer or i1.
struct Number {
  double real;
  int64_t integer;
};

/// The value of elementwise `op` for its operands' elements. Contract mode: one
/// f32 rounding an operation; F64 mode: none.
Number applyScalar(mlir::Operation *op, llvm::ArrayRef<Number> arguments,
                   Mode mode);

double addReal(double a, double b, Mode mode);
double mulReal(double a, double b, Mode mode);
double fmaReal(double a, double b, double c, Mode mode);
/// IEEE-754-2019 maximum and minimum.
double maximum(double a, double b);
double minimum(double a, double b);
/// Two's complement of the element's width.
int64_t wrap(mlir::Type element, uint64_t value);

} // namespace gemel::reference

#endif // GEMEL_CODEGEN_REFERENCE_SCALAR_H
