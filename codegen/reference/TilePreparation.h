// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// State shared by the parts that make a kernel ready to run.

#ifndef GEMEL_CODEGEN_REFERENCE_TILEPREPARATION_H
#define GEMEL_CODEGEN_REFERENCE_TILEPREPARATION_H

#include "codegen/reference/TileProgram.h"

#include "mlir/IR/Diagnostics.h"

namespace gemel::reference {

// Elements of all tiles and tables of one kernel; far above what a tiling
// makes, and little memory.
inline constexpr int64_t kMaxElements = int64_t(1) << 24;

struct Shape {
  llvm::SmallVector<mlir::StringAttr> axes;
  llvm::SmallVector<int64_t> extents;
  int64_t count() const {
    int64_t n = 1;
    for (int64_t extent : extents)
      n = std::min(kMaxElements + 1, n * std::min(kMaxElements + 1, extent));
    return n;
  }
  int64_t find(mlir::StringAttr axis) const {
    auto it = llvm::find(axes, axis);
    return it == axes.end() ? -1 : it - axes.begin();
  }
};

class Preparation {
public:
  Preparation(KernelOp kernel, llvm::ArrayRef<TileArray> arrays,
              const llvm::StringMap<int64_t> &sizes)
      : arrays(arrays), sizes(sizes) {
    program.kernel = kernel;
  }
  llvm::FailureOr<TileProgram> run();

private:
  using Steps = std::vector<Step>;
  llvm::LogicalResult prepareArguments();
  llvm::LogicalResult prepareBlock(mlir::Block &block, Steps &steps);
  llvm::LogicalResult prepareOp(mlir::Operation *op, Steps &steps);
  llvm::LogicalResult prepareIndexOp(mlir::Operation *op, Steps &steps);
  llvm::LogicalResult prepareFill(mlir::Operation *op, Number value);
  llvm::LogicalResult prepareIota(IotaOp op, Steps &steps);
  llvm::LogicalResult prepareElementwise(mlir::Operation *op, Steps &steps);
  llvm::LogicalResult prepareLoad(LoadOp op, Steps &steps);
  llvm::LogicalResult preparePlaces(mlir::Operation *op,
                                    mlir::ValueRange positions,
                                    const Shape &shape, Step &step);
  llvm::LogicalResult prepareStore(StoreOp op, Steps &steps);
  llvm::LogicalResult prepareScatter(ScatterOp op, Steps &steps);
  llvm::LogicalResult prepareScratch(ScratchOp op);
  llvm::LogicalResult prepareKeep(KeepOp op, Steps &steps);
  llvm::LogicalResult prepareRecall(RecallOp op, Steps &steps);
  llvm::LogicalResult prepareFor(ForOp op, Steps &steps);
  llvm::LogicalResult prepareCarry(ForOp op, unsigned init, Combination &c);
  llvm::LogicalResult prepareTerms(ForOp op, mlir::ValueRange terms,
                                   TileType result, Combination &c);
  llvm::LogicalResult prepareArray(mlir::Operation *op, mlir::Value array,
                                   mlir::ValueRange positions, Step &step);

  /// A shape as far as there is a use: a matrix unit's tile that is larger than
  /// its axis begins where the axis does, and of what lies outside a few
  /// positions will show whether anyone relies on them.
  Shape shapeOf(llvm::ArrayRef<mlir::StringAttr> axes,
                llvm::ArrayRef<int64_t> extents) const;
  Shape shapeOf(TileType type) const {
    return shapeOf(type.getAxes(), type.getExtents());
  }
  Shape shapeOf(mlir::Value value) const {
    return shapeOf(llvm::cast<TileType>(value.getType()));
  }
  /// A slot for a value; -1 after a report if it is no tile and no index.
  int define(mlir::Operation *op, mlir::Value value);
  int slot(mlir::Value value) const { return slots.lookup(value); }
  llvm::FailureOr<int64_t> sizeOf(mlir::Operation *op, mlir::StringAttr axis);
  /// For each element of `to`, its own in `from`, aligned by name; the first
  /// along `swept`, and in `sweep` how far it is from there to the next.
  llvm::LogicalResult spread(mlir::Operation *op, const Shape &from,
                             const Shape &to, Spread &made,
                             mlir::StringAttr swept = {},
                             int64_t *sweep = nullptr);
  /// For each element of `shape`, its distance from the first along `axis`.
  llvm::LogicalResult distances(mlir::Operation *op, const Shape &shape,
                                mlir::StringAttr axis, Spread &made);
  llvm::LogicalResult spend(mlir::Operation *op, int64_t elements);

  TileProgram program;
  llvm::ArrayRef<TileArray> arrays;
  const llvm::StringMap<int64_t> &sizes;
  llvm::DenseMap<mlir::Value, int> slots;
  llvm::DenseMap<mlir::Value, int> rooms; ///< numbers of scratches
  int64_t elements = 0;
};

inline mlir::InFlightDiagnostic refuse(mlir::Operation *op) {
  return mlir::emitError(op->getLoc()) << "'" << op->getName() << "' ";
}

inline Step makeStep(Step::Kind kind, mlir::Operation *op, int result) {
  Step step;
  step.kind = kind;
  step.op = op;
  step.result = result;
  return step;
}

} // namespace gemel::reference

#endif // GEMEL_CODEGEN_REFERENCE_TILEPREPARATION_H
