// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The numbers of Facts.inc as constants, and as a table for people.
#ifndef GEMEL_CODEGEN_ASCEND_FACTS_H
#define GEMEL_CODEGEN_ASCEND_FACTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace gemel::ascend {

/// How sure a fact is.
enum class Sure { Code, Doc, Model, Inferred, Measured };

#define GEMEL_ASCEND_FACT(name, value, sure, what, source)                     \
  inline constexpr int64_t k##name = value;
#include "codegen/ascend/Facts.inc"

inline constexpr int64_t kRepeat = kRepeatBytes / 4; ///< 32-bit elements of one

struct Fact {
  llvm::StringLiteral name;
  int64_t value;
  Sure sure;
  llvm::StringLiteral what, source;
};

inline constexpr Fact kFacts[] = {
#define GEMEL_ASCEND_FACT(name, value, sure, what, source)                     \
  {#name, value, Sure::sure, what, source},
#include "codegen/ascend/Facts.inc"
};

} // namespace gemel::ascend

#endif // GEMEL_CODEGEN_ASCEND_FACTS_H
