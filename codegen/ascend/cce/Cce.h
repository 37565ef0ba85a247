// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cce dialect; see its .td files.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_CCE_H
#define GEMEL_CODEGEN_ASCEND_CCE_CCE_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "codegen/ascend/cce/CceDialect.h.inc"
#include "codegen/ascend/cce/CceEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "codegen/ascend/cce/CceTypes.h.inc"
#define GET_ATTRDEF_CLASSES
#include "codegen/ascend/cce/CceAttrs.h.inc"

namespace gemel::cce {
/// The pipes by their numbers, S to FIX.
inline constexpr unsigned kPipes = 7;
constexpr unsigned of(Pipe pipe) { return static_cast<unsigned>(pipe); }

/// Registers that instructions of a pipe hand each other.
enum class Register { CmpMask, Kept };
struct RegisterUse {
  Register which;
  bool writes;
};

/// Of an instruction with one source, or two, those that go as the result does.
template <typename T>
llvm::SmallVector<mlir::Value> placesOfOne(T &op) {
  llvm::SmallVector<mlir::Value> places;
  if (op.getDstBlk() == op.getSrcBlk() && op.getDstRep() == op.getSrcRep())
    places.push_back(op.getSrc());
  return places;
}
template <typename T>
llvm::SmallVector<mlir::Value> placesOfTwo(T &op) {
  llvm::SmallVector<mlir::Value> places;
  if (op.getDstBlk() == op.getSrc0Blk() && op.getDstRep() == op.getSrc0Rep())
    places.push_back(op.getSrc0());
  if (op.getDstBlk() == op.getSrc1Blk() && op.getDstRep() == op.getSrc1Rep())
    places.push_back(op.getSrc1());
  return places;
}
} // namespace gemel::cce

#include "codegen/ascend/cce/CceInterfaces.h.inc"

#define GET_OP_CLASSES
#include "codegen/ascend/cce/CceCubeOps.h.inc"
#define GET_OP_CLASSES
#include "codegen/ascend/cce/CceKernelOps.h.inc"
#define GET_OP_CLASSES
#include "codegen/ascend/cce/CceMoveOps.h.inc"
#define GET_OP_CLASSES
#include "codegen/ascend/cce/CceScalarOps.h.inc"
#define GET_OP_CLASSES
#include "codegen/ascend/cce/CceSyncOps.h.inc"
#define GET_OP_CLASSES
#include "codegen/ascend/cce/CceVectorOps.h.inc"

namespace mlir::scf {
class IfOp;
} // namespace mlir::scf

namespace gemel::cce {

/// The buffer or the kernel's argument that a pointer points into.
mlir::Value rootOf(mlir::Value pointer);

/// Whether both set the same; null: none does.
bool isSameMask(SetVectorMaskOp a, SetVectorMaskOp b);

/// The first choice or instruction of the load's block that the scalar unit
/// cannot go into or hand out before it has what it loads; null: none. It has
/// that, and all that it loaded before, when it goes on.
mlir::Operation *firstNeeding(LoadOp load);

/// What a module launches: kernels alone, and the two halves of one in pairs,
/// that of the cube core first.
llvm::SmallVector<std::pair<KernelOp, KernelOp>>
launchesOf(mlir::ModuleOp module);

/// Bytes of an element.
int64_t bytesOf(mlir::Type element);

/// As CCE C spells it: "half", "float", "int32_t".
llvm::StringRef spelling(mlir::Type element);

/// As names of intrinsics have it: "f16", "bf16", "s32"; empty if none has it.
llvm::StringRef shortName(mlir::Type element);

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_CCE_H
