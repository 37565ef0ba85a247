// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A kernel made ready to run on arrays of known sizes: every tile has its
// place, every op its tables, and what cannot be run was refused.

#ifndef GEMEL_CODEGEN_REFERENCE_TILEPROGRAM_H
#define GEMEL_CODEGEN_REFERENCE_TILEPROGRAM_H

#include "codegen/reference/Scalar.h"
#include "dialect/TileOps.h"

namespace gemel::reference {

/// For each element of a tile, row-major: the number of an element of another
/// tile, or a distance along an axis.
using Spread = std::vector<int32_t>;

/// An array of an operator as its kernels see it.
struct TileArray {
  std::string name;
  Buffer buffer;
  bool writable; ///< a result, an inout or a workspace
};

/// Where the elements of a tile stand along one axis of an array.
struct Place {
  int64_t size, stride; ///< of the array along that axis
  bool gathers;         ///< by a tile of positions; else from an index on
  int slot;             ///< of that tile or index
  Spread spread;
};

struct Step;

/// A dot under way: the chain of this block, what the blocks before it gave.
struct Chain {
  double block = 0, total = 0;
  int64_t count = 0; ///< of products
};

/// One result of a loop.
struct Combination {
  enum class Kind { Carry, Reduce, Dot, SumIf };
  Kind kind;
  ReduceKind reduce = ReduceKind::Sum;
  OrderAttr order;
  mlir::Type element; ///< of the terms
  int result;
  /// What the body yields for it: one tile, or two of `dot` and `sum_if`.
  /// Element e's first term is where its spread says, the next one a stride
  /// further.
  int yielded[2];
  Spread spreads[2];
  int64_t strides[2] = {0, 0};
  /// Positions along the loop's axis that one trip yields; `swept` if the
  /// tiles have that axis, so that some of them may lie past the end.
  int64_t along = 1;
  bool swept = false;
  /// Of `carry`: the body's argument, and what it is at first.
  int carried = -1, init = -1;
  Spread initSpread;
  /// While the loop runs.
  std::vector<std::vector<Number>> terms;
  std::vector<Number> next;
  std::vector<Chain> chains;
};

struct Loop {
  int first; ///< slot of the body's position
  int lower, upper;
  int64_t step;
  std::vector<Step> body;
  std::vector<Combination> combinations;
};

/// One op. Slots number tiles or indices, by the values' types.
struct Step {
  enum class Kind {
    Index,
    ReadIndex,
    Iota,
    Elementwise,
    Load,
    Store,
    For,
    Recall
  };
  Kind kind;
  mlir::Operation *op;
  int result = -1;
  llvm::SmallVector<int, 3> operands;
  llvm::SmallVector<Spread, 3> spreads; ///< by operand
  int64_t (*index)(int64_t, int64_t) = nullptr;
  int array = -1;                     ///< of a load or store
  llvm::SmallVector<Place, 4> places; ///< by axis of the array
  std::unique_ptr<Loop> loop;
  std::vector<Step> again; ///< of a recall without room: gives operands[0]
  bool hasRoom = false;    ///< of a recall
};

struct TileProgram {
  KernelOp kernel;
  std::vector<Step> steps;
  /// By slot; constants and sizes stand in them already.
  std::vector<std::vector<Number>> tiles;
  std::vector<int64_t> indices;
  /// By work axis: how many steps, and the slot of the position.
  llvm::SmallVector<int64_t> counts;
  llvm::SmallVector<int> positions;
  /// A work item's own arrays, numbered after the operator's; those without
  /// room have no elements.
  std::vector<TileArray> scratches;
  /// By array: whether this launch stores to it.
  std::vector<bool> stores;
};

/// Fails after a report at the op that cannot be run: operands that disagree
/// in an axis' extent, positions or stores that do not fit the array, counts
/// that do not match.
llvm::FailureOr<TileProgram> prepare(KernelOp kernel,
                                     llvm::ArrayRef<TileArray> arrays,
                                     const llvm::StringMap<int64_t> &sizes);

} // namespace gemel::reference

#endif // GEMEL_CODEGEN_REFERENCE_TILEPROGRAM_H
