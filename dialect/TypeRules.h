// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The typing rules of the language, each a plain function: what elements an
// op works on, and which axes come out. Parser, verifier and instantiation
// all use these.

#ifndef GEMEL_DIALECT_TYPERULES_H
#define GEMEL_DIALECT_TYPERULES_H

#include "dialect/Dialect.h"

namespace gemel {

/// The element of an array or tile type; null for an untyped value.
mlir::Type elementOf(mlir::Type type);
inline mlir::Type elementOf(mlir::Value value) {
  return elementOf(value.getType());
}

/// The axes of an array or tile; none for an untyped value.
llvm::ArrayRef<mlir::StringAttr> axesOf(mlir::Type type);
inline llvm::ArrayRef<mlir::StringAttr> axesOf(mlir::Value value) {
  return axesOf(value.getType());
}
bool hasAxis(mlir::Type type, mlir::StringAttr axis);

/// True for bf16, f16 and u8: elements that widen before arithmetic.
bool isNarrow(mlir::Type element);

/// f32 for bf16 and f16, i32 for u8, else the element itself.
mlir::Type widened(mlir::Type element);

bool isTyped(mlir::ValueRange values);

/// The type with this element and the union of the operands' axes in order of
/// first appearance: an array, or a tile if an operand is one.
mlir::Type joinAxes(mlir::ValueRange operands, mlir::Type element);

/// The same shape with another element, or without the axes listed.
mlir::Type withElement(mlir::Type type, mlir::Type element);
mlir::Type withoutAxes(mlir::Type type, llvm::ArrayRef<mlir::StringAttr> axes);

/// Replaces operand `i` of `op` by its value with elements `element`: a
/// literal of that type, a `gemel.widen` or a `gemel.convert` before `op`.
/// Fails after a report where there is no such change (a rounding, say).
llvm::LogicalResult coerceOperand(mlir::Operation *op, unsigned i,
                                  mlir::Type element);

/// `value` with elements `element`, before the builder's point, or null if
/// the language has no implicit change to it.
mlir::Value coerce(mlir::OpBuilder &builder, mlir::Location loc,
                   mlir::Value value, mlir::Type element);

/// The common element of numbers: i32 < i64 < f32, literals take their
/// partner's. Null after a report at `op` if an operand is i1 or a literal
/// does not fit.
mlir::Type promote(mlir::Operation *op, mlir::ValueRange operands);

/// Coerces operands [first, first + count) to their common element.
llvm::LogicalResult promoteOperands(mlir::Operation *op, unsigned first,
                                    unsigned count);
/// Coerces operand `i` to its widened element.
llvm::LogicalResult widenOperand(mlir::Operation *op, unsigned i);
/// Fails after a report unless operand `i` is i1.
llvm::LogicalResult expectBool(mlir::Operation *op, unsigned i);
/// Widens operand `i`; fails after a report unless it is an integer.
llvm::LogicalResult expectInteger(mlir::Operation *op, unsigned i);

/// What ops compute on once their operands are coerced.
inline constexpr llvm::StringLiteral kNumbers[] = {"f32", "i32", "i64"};
inline constexpr llvm::StringLiteral kIntegers[] = {"i32", "i64"};
inline constexpr llvm::StringLiteral kReals[] = {"f32"};
inline constexpr llvm::StringLiteral kTruths[] = {"i1"};

/// Fails after a report unless the operands' elements are among `words`:
/// text that comes typed has passed no coercion.
llvm::LogicalResult verifyElements(mlir::Operation *op,
                                   mlir::ValueRange operands,
                                   llvm::ArrayRef<llvm::StringLiteral> words);

/// Checks an op's result against `TypedOpInterface::inferType`, as sets of
/// axes. Untyped ops pass.
llvm::LogicalResult verifyTyped(mlir::Operation *op);

} // namespace gemel

#endif // GEMEL_DIALECT_TYPERULES_H
