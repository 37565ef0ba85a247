// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs tiled kernels on concrete arrays: what the tile IR means, without a
// target. Proves a tiling by running it, whatever the order of its work items.

#ifndef GEMEL_CODEGEN_REFERENCE_TILEINTERPRETER_H
#define GEMEL_CODEGEN_REFERENCE_TILEINTERPRETER_H

#include "codegen/reference/Buffer.h"
#include "dialect/ModuleOps.h"
#include "dialect/TileOps.h"

#include "llvm/ADT/StringMap.h"

namespace gemel::reference {

/// Runs an operator's kernels in launch order, the work items of each in an
/// order that `seed` picks. `typed` gives the header: axes,
/// parameters, results, inouts. Outputs are results in header order, then the
/// inouts' last values. Results and workspaces start without elements.
///
/// Fails after a report at the op if a kernel reads an element that nothing
/// has written, if two work items of a launch write one element, if one writes
/// an element that another reads, if a result's element is not written in the
/// end, or if tiles, arrays and loops do not fit together.
llvm::LogicalResult interpretKernels(
    OpOp typed, llvm::ArrayRef<KernelOp> kernels,
    llvm::ArrayRef<ArrayType> workspaces, const llvm::StringMap<int64_t> &sizes,
    llvm::ArrayRef<Buffer> inputs, uint64_t seed, std::vector<Buffer> &outputs);

} // namespace gemel::reference

#endif // GEMEL_CODEGEN_REFERENCE_TILEINTERPRETER_H
