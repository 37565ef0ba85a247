// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds products that a matrix unit chains: scores, what becomes of them, and
// what they weigh.

#ifndef GEMEL_PASSES_CHAIN_H
#define GEMEL_PASSES_CHAIN_H

#include "dialect/Interfaces.h"
#include "dialect/ModuleOps.h"

#include <optional>

namespace gemel {

/// s[rows, axis] = dot[terms](a, b) of two arrays; running reductions over
/// `blocks` of `axis` of what elementwise ops make of it; and, where there is
/// one, o[rows, lanes] = dot[axis](p, c) of that and an array: attention. A
/// step of `blocks` positions of s stays in the unit's registers.
struct Chain {
  ReductionOpInterface first, second = {}; ///< second: null if there is none
  mlir::StringAttr rows, axis, terms, lanes = {};
  int64_t blocks = 0;
};

/// The chain that `ops`, in order, are, if the machine's unit takes it.
/// `isArray`: what stands in memory before the launch.
std::optional<Chain> findChain(llvm::ArrayRef<mlir::Operation *> ops, OpOp op,
                               MachineAttr machine,
                               llvm::function_ref<bool(mlir::Value)> isArray);

/// Whether the machine has a matrix unit that multiplies the operands of a
/// `dot` as they are: floats of one type, no wider than it takes.
bool multiplies(ReductionOpInterface dot, MachineAttr machine);

/// Whether it does from memory only, for it chains nothing.
bool multipliesMemory(ReductionOpInterface dot, MachineAttr machine);

/// Whether a step of the unit holds all of the chain's lanes.
bool holdsLanes(const Chain &chain, OpOp op, MachineAttr machine);

} // namespace gemel

#endif // GEMEL_PASSES_CHAIN_H
