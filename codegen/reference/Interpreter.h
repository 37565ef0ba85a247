// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The reference: evaluates an operator's body on whole arrays, independent of
// every pass and lowering. The oracle of every test.

#ifndef GEMEL_CODEGEN_REFERENCE_INTERPRETER_H
#define GEMEL_CODEGEN_REFERENCE_INTERPRETER_H

#include "codegen/reference/Buffer.h"
#include "dialect/ModuleOps.h"

#include "llvm/ADT/StringMap.h"

namespace gemel::reference {

enum class Mode {
  Contract, ///< rounding points and reduction orders of the language, to the
            ///< bit
  F64       ///< everything in f64; casts to floats, `quick`, `fast` ignored
};

/// Evaluates a typed operator. `sizes`: by axis. `inputs`: one buffer a
/// parameter, in header order, with the parameter's element and axes (by-value
/// scalars have none). Gives results in header order, then the inouts' last
/// values; rounded to their declared elements in contract mode. Fails after a
/// report at the operator.
llvm::LogicalResult interpret(OpOp op, const llvm::StringMap<int64_t> &sizes,
                              llvm::ArrayRef<Buffer> inputs, Mode mode,
                              std::vector<Buffer> &outputs);

} // namespace gemel::reference

#endif // GEMEL_CODEGEN_REFERENCE_INTERPRETER_H
