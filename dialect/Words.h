// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The language's words: dtypes, reserved names, and how types are described.

#ifndef GEMEL_DIALECT_WORDS_H
#define GEMEL_DIALECT_WORDS_H

#include "dialect/Dialect.h"

#include <string>

namespace gemel {

/// The element type a dtype's word names, or null.
mlir::Type parseDtype(mlir::MLIRContext *context, llvm::StringRef word);

/// The word of an element type ("bf16"); "?" for others.
llvm::StringRef dtypeWord(mlir::Type elementType);

/// True for words of dtypes that the language has and Gemel lacks so far.
bool isUnsupportedDtype(llvm::StringRef word);

/// Words that name no value, axis or operator.
bool isReserved(llvm::StringRef word);

/// True if `word` can be written as a name: a letter or `_`, then letters,
/// digits and `_`.
bool isName(llvm::StringRef word);

/// True if `word` is an array's element as a check writes it: a decimal,
/// `inf`, `nan`, `true`, `false`, or `0x` and bits; perhaps with a minus.
bool isElement(llvm::StringRef word);

/// What a check can ask for beside values, in the order of the text.
inline constexpr llvm::StringLiteral kObligations[] = {"repeat", "batch",
                                                       "tile", "vendor"};

/// True for a name that no word of the language is: a value's, an axis'.
inline bool isFreeName(llvm::StringRef word) {
  return isName(word) && !isReserved(word);
}

/// True for a free name, and for what a split makes of one: "T.256", the runs
/// of 256 positions of T, which no text can write.
bool isAxisName(llvm::StringRef word);

/// A type as users read it: "f32[T, N]".
std::string describe(mlir::Type type);

/// Axes as users read them: "[T, N]".
std::string describeAxes(llvm::ArrayRef<mlir::StringAttr> axes);

/// How the text spells an op: "+", "exp", "sum".
llvm::StringRef spelling(mlir::Operation *op);

} // namespace gemel

#endif // GEMEL_DIALECT_WORDS_H
