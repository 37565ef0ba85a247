// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Says what a compile decided: launches, bytes, work, predicted times.

#ifndef GEMEL_CODEGEN_EXPLAIN_H
#define GEMEL_CODEGEN_EXPLAIN_H

#include "codegen/Compiler.h"

namespace gemel {

/// Prints, for each instance, the class of each result and a table of its
/// launches: what is read and written, bytes, operations, plan, predicted
/// time and what bounds it, at the program's sizes; others count as 1024. Of
/// a device's kernels also what its assembler says, where it is installed.
llvm::LogicalResult explain(Program &program, const CompileOptions &options,
                            llvm::raw_ostream &os);

} // namespace gemel

#endif // GEMEL_CODEGEN_EXPLAIN_H
