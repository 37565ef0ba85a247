// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// State shared by the parts of the kernel lowering.

#ifndef GEMEL_CODEGEN_CPU_LOWERING_H
#define GEMEL_CODEGEN_CPU_LOWERING_H

#include "codegen/cpu/LowerKernel.h"

#include "llvm/IR/IRBuilder.h"

namespace gemel::cpu {

/// A tile in registers: one LLVM value for each row and each vector of lanes,
/// row-major. Without the lane axis the values are scalars.
using Chunks = llvm::SmallVector<llvm::Value *, 8>;

class Lowering {
public:
  Lowering(KernelOp kernel, OpOp op, llvm::Function *function, int64_t lanes);
  void run();

private:
  // LowerKernel.cpp
  void lowerBlock(mlir::Block &block);
  void lowerPlain(llvm::ArrayRef<mlir::Operation *> ops);
  void lowerChunk(mlir::Operation *op, int64_t row, int64_t vector);
  llvm::Value *chunk(mlir::Value value, int64_t row, int64_t vector,
                     bool asVector);
  llvm::Value *axisSize(mlir::StringAttr axis);
  llvm::Value *argument(unsigned i);
  int64_t rowsOf(mlir::Type tile);
  int64_t vectorsOf(mlir::Type tile);
  bool hasLanes(mlir::Type tile);

  // LowerMemory.cpp
  struct Address {
    llvm::Value *pointer = nullptr; ///< of the first lane
    llvm::Value *base = nullptr;    ///< its element's number
    llvm::Value *offsets = nullptr; ///< per lane, for gathers
    llvm::Value *inside = nullptr;  ///< null if always inside
    bool contiguous = false;        ///< lanes follow one another
  };
  Address address(mlir::Value array, mlir::ValueRange positions,
                  mlir::Type tile, int64_t row, int64_t vector);
  llvm::Value *lowerLoad(LoadOp load, int64_t row, int64_t vector);
  void prefetchAhead(LoadOp load, const Address &at, int64_t vector);
  void lowerStore(StoreOp store);
  void lowerScatter(ScatterOp scatter);
  void lowerScratch(ScratchOp scratch);
  void lowerKeep(KeepOp keep);
  void lowerRecall(RecallOp recall);
  /// Which lanes of a vector are positions of the axis; null: all.
  llvm::Value *laneMask(int64_t vector);

  // LowerLoop.cpp
  void lowerFor(ForOp loop);
  void lowerCombining(ForOp loop);
  void lowerIteration(ForOp loop, llvm::Value *position, bool full,
                      llvm::ArrayRef<Chunks> carried,
                      llvm::SmallVectorImpl<Chunks> &yielded);
  llvm::Value *horizontal(llvm::StringRef kind, mlir::Type element,
                          llvm::SmallVector<llvm::Value *, 8> vectors);
  void lowerCarry(ForOp loop);
  void lowerChain(ForOp loop);
  void lowerTree(ForOp loop);
  void lowerArgmax(ForOp loop);
  void emitTrips(ForOp loop,
                 llvm::function_ref<void(llvm::Value *, bool)> trip);
  /// Stack room for one value.
  llvm::Value *room(llvm::Type *type);

  KernelOp kernel;
  OpOp op;
  llvm::Function *function;
  llvm::IRBuilder<> ir;
  int64_t lanes;
  mlir::StringAttr lane, row;
  llvm::DenseMap<mlir::Value, Chunks> values; ///< tiles
  llvm::DenseMap<mlir::Value, llvm::Value *> indices;
  llvm::DenseMap<mlir::StringAttr, llvm::Value *> sizes;
  llvm::SmallVector<llvm::Value *> pointers;
  /// Of a scratch: its first element, and whether the axis fits.
  struct Scratch {
    llvm::Value *pointer, *fits;
  };
  llvm::DenseMap<mlir::Value, Scratch> scratches;
  /// Arrays that a sweep before this one has loaded along the lanes.
  llvm::DenseSet<mlir::Value> swept;
  /// In a short last piece of the lane axis: its first position and the end.
  llvm::Value *tailFirst = nullptr, *tailEnd = nullptr;
};

} // namespace gemel::cpu

#endif // GEMEL_CODEGEN_CPU_LOWERING_H
