// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a group costs: bytes over the memory's wires, operations, and the time
// that the slower of the two takes.

#ifndef GEMEL_PASSES_COST_H
#define GEMEL_PASSES_COST_H

#include "dialect/ModuleOps.h"
#include "dialect/TileOps.h"

#include "llvm/ADT/StringMap.h"

namespace gemel {

struct Cost {
  double bytesRead = 0, bytesWritten = 0;
  double instructions = 0; ///< f32 operations of the definitions
  double memorySeconds = 0, computeSeconds = 0; ///< of one unit

  double bytes() const { return bytesRead + bytesWritten; }
  double seconds() const { return std::max(memorySeconds, computeSeconds); }
  bool isMemoryBound() const { return memorySeconds > computeSeconds; }
};

/// The size of each axis: fixed, else as `given`, else an assumed one; of an
/// axis of runs, the number of runs.
llvm::StringMap<int64_t> assumeSizes(OpOp op,
                                     const llvm::StringMap<int64_t> &given);

/// What is stored by `group`: arrays of the caller and of later launches.
struct Written {
  mlir::Value value;     ///< the group's result
  ArgumentAttr argument; ///< where it goes; null for a workspace
};
llvm::SmallVector<Written> writtenBy(GroupOp group);

/// Values of other launches and arguments that `group` reads, each once.
llvm::SmallVector<mlir::Value> readBy(GroupOp group);

/// How many of them have `axis`.
int64_t readAlong(GroupOp group, mlir::StringAttr axis);

/// Bytes of all elements of a value, or of an argument, at these sizes.
double bytesOf(mlir::Value value, const llvm::StringMap<int64_t> &sizes);
double bytesOf(ArgumentAttr argument, mlir::MLIRContext *context,
               const llvm::StringMap<int64_t> &sizes);

Cost costOf(GroupOp group, const llvm::StringMap<int64_t> &sizes,
            MachineAttr machine);

} // namespace gemel

#endif // GEMEL_PASSES_COST_H
