// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A whole array in the reference interpreter, and conversion to stored bits.

#ifndef GEMEL_CODEGEN_REFERENCE_BUFFER_H
#define GEMEL_CODEGEN_REFERENCE_BUFFER_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Types.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gemel::reference {

/// Elements of one array, row-major over `axes`. Floats of every width are
/// held exactly in `real`, integers and i1 in `integer`.
struct Buffer {
  llvm::SmallVector<mlir::StringAttr> axes;
  llvm::SmallVector<int64_t> sizes;
  mlir::Type element;
  std::vector<double> real;
  std::vector<int64_t> integer;

  bool isFloat() const;
  int64_t count() const;
  /// Row-major stride of an axis, 0 if the array lacks it.
  int64_t stride(mlir::StringAttr axis) const;
  void resize();
};

/// Bytes of one stored element.
int64_t storageBytes(mlir::Type element);

/// The bits of element i as stored, and back. Bits of a float NaN are the
/// quiet one.
uint64_t toBits(const Buffer &buffer, int64_t i);
void setBits(Buffer &buffer, int64_t i, uint64_t bits);

/// A double rounded to a float element, nearest-even.
double roundTo(mlir::Type element, double value);

/// Packs into, or reads from, memory in the element's storage form.
void store(const Buffer &buffer, void *memory);
void load(Buffer &buffer, const void *memory);

} // namespace gemel::reference

#endif // GEMEL_CODEGEN_REFERENCE_BUFFER_H
