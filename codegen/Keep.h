// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Decides what the backward reads from memory and what it computes again.

#ifndef GEMEL_CODEGEN_KEEP_H
#define GEMEL_CODEGEN_KEEP_H

#include "codegen/Program.h"

namespace gemel {

/// Adds a `save` to `op`, an operator as written, for each value that it pays
/// to keep, and notes each value that was weighed. Keeping pays where the
/// launches of the training variant and of the backward, fused for no machine
/// in particular and at the program's sizes (1024 where it has none), move
/// fewer bytes with it, by as many at least as it holds in between. Only values
/// behind a reduction, a dot or a call are weighed: others are computed again
/// from what the backward reads anyway. Numerics: exact.
void keepWhatPays(Program &program, OpOp op, std::vector<Weighed> &weighed);

} // namespace gemel

#endif // GEMEL_CODEGEN_KEEP_H
