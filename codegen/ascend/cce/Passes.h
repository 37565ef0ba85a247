// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Passes over the cce dialect.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_PASSES_H
#define GEMEL_CODEGEN_ASCEND_CCE_PASSES_H

#include "codegen/ascend/cce/Cce.h"

namespace gemel::cce {

/// Replaces each quotient and root of f32, which the unit has within 1 ulp, by
/// instructions that give the number nearest to the exact one, even on a tie,
/// as IEEE 754 has it; subnormals are kept. Fails after a report where operands
/// are not dense.
llvm::LogicalResult roundExactly(KernelOp kernel);

/// Makes a product and the sum that takes it one instruction, where an operand
/// is done with there: vaxpy, vmla, vmadd. Exact: they round the product, then
/// the sum.
void multiplyAdd(KernelOp kernel);

/// Makes so many iterations one in each loop that has the attribute, all but
/// the first only where there are any, each with buffers of its own: of those
/// that are taken in the loop, and used by more than one pipe, which may then
/// work at as many iterations at a time. Addresses are not planned yet. Exact:
/// the order of iterations stays.
llvm::LogicalResult multiBuffer(KernelOp kernel);

/// How far an order looks ahead, in instructions; `late`: rows go as late as
/// what needs them allows, while the scalar unit has what came before.
struct Order {
  int64_t ahead;
  bool late;
};

/// Orders, the one in which the fewest wait first, and buffers are in use for
/// the longest: the first with which they fit.
inline constexpr Order kOrders[] = {{48, true},  {48, false}, {24, true},
                                    {24, false}, {12, true},  {12, false}};

/// Puts instructions of the vector unit in an order in which fewer wait for the
/// one before. Addresses are not planned yet; buffers may be in use longer.
/// Exact: each has the operands and the mask that it had.
void interleave(KernelOp kernel, Order order);

/// Gives every buffer of the kernel an address; buffers that are not in use
/// together may share one. Fails after a report if a memory is too small: what
/// is needed, what there is, the part of a tile that would fit.
llvm::LogicalResult planMemory(KernelOp kernel);

/// Orders instructions of different pipes, and of one pipe where the chip does
/// not, that meet in a core's memory: flags and barriers, also from one
/// iteration of a loop to the next. Addresses are planned, nothing is ordered
/// yet. Fails after a report if that is not so.
llvm::LogicalResult insertSync(KernelOp kernel);

/// Proves, on every way through the kernel, that instructions that meet in a
/// core's memory are ordered, that each flag is set once and waited for once,
/// and that none is left. Knows nothing of how they were inserted. Fails after
/// a report that names both instructions.
llvm::LogicalResult checkSync(KernelOp kernel);

/// Proves, for every launch, the order of what the cores of a group do to
/// memory that both sides use: `kernel` a cube core, `vector` its two vector
/// cores; that they never wait for each other, and that no flag between them
/// overflows or is left. Without `vector` there may be no such flag. Fails
/// after a report.
llvm::LogicalResult checkCrossCore(KernelOp kernel, KernelOp vector);
/// The same for each launch of a module.
llvm::LogicalResult checkCrossCore(mlir::ModuleOp module);

/// Takes out each flag and barrier without which the proofs hold: checkSync,
/// and checkCrossCore of a kernel's two halves, if it has `vector`. Where they
/// do not hold before, nothing goes. Exact: instructions stay as they are.
void removeSync(KernelOp kernel, KernelOp vector);
/// The same for each launch of a module. Never fails.
llvm::LogicalResult removeSync(mlir::ModuleOp module);

/// Replaces the kernels of a module by emitc, which `mlir::emitc` prints as CCE
/// C: guarded for the kind of core, with comments that name the operator's
/// lines, a table of the buffers, and the record that says how the kernel is
/// started. Every buffer has to have its address. Fails after a report.
llvm::LogicalResult toEmitC(mlir::ModuleOp module);

/// The passes of this folder by name, for gemel-opt.
void registerPasses();

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_PASSES_H
