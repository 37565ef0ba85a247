// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One case of a check made concrete: sizes, inputs, and known outputs.

#ifndef GEMEL_CODEGEN_CHECK_CASE_H
#define GEMEL_CODEGEN_CHECK_CASE_H

#include "codegen/reference/Interpreter.h"
#include "passes/Passes.h"

namespace gemel::check {

struct Case {
  llvm::StringMap<int64_t> sizes;
  /// One a parameter, in header order; random where the text gives none.
  std::vector<reference::Buffer> inputs;
  /// By result or inout name; only those the text knows.
  llvm::StringMap<reference::Buffer> expected;
};

/// Reads a case of an instantiated operator. Random elements depend on
/// `seed`, the parameter and the position only, so that a row's elements do
/// not depend on the other rows. Fails after a report at the case.
llvm::LogicalResult makeCase(OpOp op, CaseOp text, uint64_t seed, Case &made);

/// Random elements for an argument at these sizes, as `makeCase` draws them.
llvm::FailureOr<reference::Buffer>
randomArray(ArgumentAttr argument, const llvm::StringMap<int64_t> &sizes,
            uint64_t seed, mlir::Location loc);

/// A number that follows from `x` and looks like no other: the source of all
/// random elements.
uint64_t mix(uint64_t x);

/// Runs kernels on a case through the tile interpreter; `op` is what was tiled.
/// Fails after a report.
llvm::LogicalResult interpretTiled(OpOp op, const Tiled &tiled,
                                   const Case &made,
                                   std::vector<reference::Buffer> &outputs);

/// "T=3, N=77"
std::string describeSizes(CaseOp text);

} // namespace gemel::check

#endif // GEMEL_CODEGEN_CHECK_CASE_H
