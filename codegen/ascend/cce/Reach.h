// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which bytes of a buffer an instruction may use.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_REACH_H
#define GEMEL_CODEGEN_ASCEND_CCE_REACH_H

#include "codegen/ascend/cce/Cce.h"

namespace gemel::cce {

/// Bytes of a buffer, from its begin.
struct Reach {
  int64_t first, end;
  bool meets(const Reach &o) const { return first < o.end && o.first < end; }
};

/// Asks a kernel's instructions. An instruction of the vector unit that counts
/// its elements reaches no further than the count that it has, if something
/// bounds that: rows that lie in one buffer are apart then. What is not known
/// to be less is all from the pointer on, or the whole buffer.
///
/// While this lives, instructions may move, each with the mask that it has.
class Reaches {
public:
  explicit Reaches(KernelOp kernel);

  /// `pointer`: of one of the instruction's operands, into a buffer.
  Reach of(InstructionOpInterface op, mlir::Value pointer);
  /// The loop around an instruction in whose iterations it uses other bytes
  /// each time, if that is known; or null.
  static mlir::Operation *loopApart(InstructionOpInterface op,
                                    mlir::Value pointer);

private:
  std::optional<int64_t> mostElements(mlir::Operation *op);
  std::optional<int64_t> most(mlir::Value number);
  void readCounts(mlir::Block &block);

  bool counts = true; ///< at the begin of each block
  /// Of the instructions of each block that has been read.
  llvm::DenseMap<mlir::Operation *, std::optional<int64_t>> elements;
  llvm::DenseMap<mlir::Value, std::optional<int64_t>> known;
};

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_REACH_H
