// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What verifiers of several families check.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_VERIFY_H
#define GEMEL_CODEGEN_ASCEND_CCE_VERIFY_H

#include "codegen/ascend/cce/Cce.h"

namespace gemel::cce {

/// A field of an instruction: a number that has to be in [least, most], where
/// it is known. `unit`: what it counts; `wayOut`: what to do.
llvm::LogicalResult verifyField(mlir::Operation *op, llvm::StringRef name,
                                mlir::OpFoldResult value, int64_t least,
                                int64_t most, llvm::StringRef unit,
                                llvm::StringRef wayOut);

/// Where the address is known: a multiple of what UB wants of operands.
llvm::LogicalResult verifyAligned(mlir::Operation *op, llvm::StringRef name,
                                  mlir::Value pointer, int64_t alignment);

/// Where the address and the buffer are known: `bytes` from there on are
/// inside.
llvm::LogicalResult verifyFits(mlir::Operation *op, llvm::StringRef name,
                               mlir::Value pointer, int64_t bytes);

/// A number, where it is known.
std::optional<int64_t> numberOf(mlir::Value value);

/// The pointers' elements are the same, and one of those in `elements`:
/// "f16 f32 s16".
llvm::LogicalResult verifyElements(mlir::Operation *op,
                                   llvm::ArrayRef<mlir::Value> pointers,
                                   llvm::StringRef elements);

/// The scalar has the type of the pointer's elements; of unsigned ones it is
/// signless.
llvm::LogicalResult verifyScalar(mlir::Operation *op, mlir::Value pointer,
                                 mlir::Value scalar);

/// The kind of core that runs the op, if it stands in a kernel.
std::optional<Unit> unitOf(mlir::Operation *op);

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_VERIFY_H
