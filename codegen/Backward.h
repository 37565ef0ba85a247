// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The training pairs of a program: each operator and what is derived of it.

#ifndef GEMEL_CODEGEN_BACKWARD_H
#define GEMEL_CODEGEN_BACKWARD_H

#include "codegen/Program.h"

#include "llvm/Support/raw_ostream.h"

namespace gemel {

/// Derives the backward of the operators named, or, if none is, of every
/// launchable operator of the inputs that has one, and adds what is derived to
/// the program: see `Pair`. Fails after a report, at the operator, where one
/// that is named has none, and where none has.
llvm::LogicalResult deriveBackwards(Program &program,
                                    llvm::ArrayRef<std::string> names);

/// Prints the derived operators as text that compiles to the same bits.
void emitBackwards(Program &program, llvm::raw_ostream &os);

} // namespace gemel

#endif // GEMEL_CODEGEN_BACKWARD_H
