// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// State shared by the parts of the kernel lowering.
//
// A work item belongs to a team of threads. A tile with the lane axis is spread
// over them, each holding `vector` neighbouring positions at a time; a tile
// without it is the same in all of them. Warps own neighbouring segments:
//
//   position = warp * segment + u * (width * vector) + member * vector + j
//
// with u counting a thread's vectors and j the positions of one. So a thread's
// vector, then the warp's lanes, then its vectors, then the warps are aligned
// runs of powers of two, which is the default order.
//
// Where a matrix unit forms the item's dot, rows and lanes lie as its
// instruction leaves results (PTX ISA, mma.m16n8k16): of every 16 rows a thread
// has two, eight apart, of every 8 lanes a pair. So do rows and positions of
// the axis by which products are chained; a warp then has all lanes of its
// rows.

#ifndef GEMEL_CODEGEN_NVIDIA_LOWERING_H
#define GEMEL_CODEGEN_NVIDIA_LOWERING_H

#include "codegen/llvm/LowerElementwise.h"
#include "codegen/nvidia/Chips.h"
#include "codegen/nvidia/LowerKernel.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/IR/DIBuilder.h"
#include "llvm/IR/IRBuilder.h"

#include <array>
#include <optional>

namespace gemel::nvidia {

/// What a thread holds of a tile, row-major: of each row one value, or one for
/// each of its positions along the lane axis, ascending.
using Pieces = llvm::SmallVector<llvm::Value *, 8>;

class Lowering {
public:
  Lowering(KernelOp kernel, OpOp op, llvm::Function *function,
           llvm::DIBuilder &debug, const Chip &chip);
  /// `grain`: work items of a block; `waits`: first, for the launch before this
  /// one.
  void run(int64_t grain, bool waits);
  int64_t getThreads() const { return blockThreads; } ///< of a block
  int64_t getSharedBytes() const { return shared; }

private:
  // LowerKernel.cpp
  void waitForLaunch();
  void placeItem(llvm::Value *item);
  llvm::Value *itemOfBlock(llvm::Value *block);
  llvm::Value *piecesOf(int64_t workAxis);
  llvm::Value *inBands(llvm::Value *item, llvm::Value *rowTiles,
                       llvm::Value *laneTiles);
  void lowerBlock(mlir::Block &block);
  bool lowerIndex(mlir::Operation &op);
  int64_t rowsMade(mlir::Operation *op);
  void lowerPlain(llvm::ArrayRef<mlir::Operation *> ops);
  void lowerRow(mlir::Operation *op, int64_t row);
  llvm::Value *lowerPiece(mlir::Operation *op, int64_t row, int64_t place);
  /// A piece of a tile, broadcast along the axes it lacks.
  llvm::Value *piece(mlir::Value value, int64_t row, int64_t place);
  llvm::Value *axisSize(mlir::StringAttr axis);
  llvm::Value *slot(int64_t i);
  int64_t matrixRows();
  int64_t rowsOf(mlir::Type tile);
  int64_t placesOf(mlir::Type tile); ///< of one thread along the lane axis
  bool hasLanes(mlir::Type tile);
  bool isLane(mlir::StringAttr axis);
  /// Where a thread's first place lies in a step of `places` of the lane axis,
  /// i64, and how many lanes after it another does. What is a thread's own is
  /// found once; places differ by constants.
  llvm::Value *firstLane(int64_t places);
  int64_t lanesAfter(int64_t place);
  /// How many lanes there are from `first` on; i32 beside a matrix unit.
  llvm::Value *lanesLeft(llvm::Value *first, llvm::Value *upper);
  /// Where a thread's row lies in a step of the row axis, i64.
  llvm::Value *offsetOfRow(int64_t row);
  void setLocation(mlir::Location loc);

  // LowerMemory.cpp
  struct Address {
    llvm::Value *pointer = nullptr;
    llvm::Value *within = nullptr; ///< a position of the axis; null: always
    llvm::Value *inside = nullptr; ///< an index in the array; null: always
    bool together = false;         ///< the vector's positions are neighbours
  };
  /// `repeats`: places past the end of the lane axis repeat the last ones.
  Address address(mlir::Value array, mlir::ValueRange positions,
                  mlir::Type tile, int64_t row, int64_t place,
                  bool repeats = false);
  void lowerLoad(LoadOp load, int64_t r);
  TileType storedTile(StoreOp store);
  void lowerStore(StoreOp store, int64_t r);
  void lowerScatter(ScatterOp scatter);
  /// Reads and writes of one array by different threads of a team, in order.
  bool ordersBefore(StoreOp store);
  llvm::Value *arrayPointer(mlir::Value array);

  // LowerLoop.cpp
  void lowerFor(ForOp loop);
  void lowerTrip(ForOp loop, llvm::Value *position,
                 llvm::ArrayRef<Pieces> carried,
                 llvm::SmallVectorImpl<Pieces> &yielded);
  void emitTrips(ForOp loop, llvm::function_ref<void(llvm::Value *)> trip);
  void emitTrips(llvm::Value *lower, llvm::Value *upper, int64_t step,
                 llvm::function_ref<void(llvm::Value *)> trip);
  bool isOneTrip(ForOp loop);
  bool isMatrix(ForOp loop);
  void lowerCarry(ForOp loop);
  void lowerChain(ForOp loop);
  void lowerTree(ForOp loop);
  void lowerArgmax(ForOp loop);
  /// Whether a place of a step from `position` is below the loop's end.
  llvm::Value *isTerm(ForOp loop, llvm::Value *position, int64_t place,
                      int64_t places);
  llvm::AllocaInst *room(llvm::Type *type);
  int64_t levelsOf(ForOp loop);

  // LowerAhead.cpp: rows that are under way before their turn.
  struct Ahead {
    /// Bytes from a stage's begin to what is brought for a load.
    llvm::MapVector<LoadOp, int64_t> places;
    int64_t stages = 0, stageBytes = 0;
    explicit operator bool() const { return stages > 0; }
  };
  int64_t copyBytes(LoadOp load);
  Ahead planAhead(ForOp loop);
  llvm::Value *copyPlace(llvm::Value *base, int64_t place, int64_t bytes);
  void bring(LoadOp load, llvm::Value *place, llvm::Value *wanted);
  void loadBrought(LoadOp load, llvm::Value *place);
  void emitAhead(ForOp loop, const Ahead &plan,
                 llvm::function_ref<void(llvm::Value *)> trip);

  // LowerMatrix.cpp: dots of a matrix unit.
  /// An operand of the dot. Its tile lies in shared memory as the array does:
  /// an inner axis, which follows itself, and an outer one. A thread brings
  /// pieces of one inner position, `apart` outer ones apart.
  struct Operand {
    mlir::Value array;
    bool termsInner;     ///< the inner axis is the one that is reduced
    int64_t innerExtent; ///< of the tile
    int64_t termExtent;
    int64_t place; ///< bytes from a stage's begin to the tile
    int64_t pieces, apart;
    llvm::Value *outerAt, *innerAt; ///< this thread's first piece in a tile
    llvm::Value *outerStride;       ///< elements of the array
    llvm::Value *base;              ///< the address of the first piece of all
    llvm::Value *inside;    ///< how many rows or lanes there are from the first
    llvm::AllocaInst *from; ///< the address of the piece that comes next
  };
  using Fragment = std::array<llvm::Value *, 4>;
  struct Extent {
    mlir::StringAttr axis;
    int64_t positions; ///< of a tile
  };
  Operand stage(mlir::Value term, Extent free, Extent terms, int64_t place);
  bool bringsChunks();
  void bringPieces(const Operand &operand, int64_t begin, int64_t end,
                   llvm::Value *left, llvm::Value *stage);
  llvm::Value *storePieces(const Operand &operand, int64_t begin, int64_t end,
                           llvm::Value *rest, llvm::Value *from,
                           llvm::Value *stage);
  llvm::Value *sharedOffset(const Operand &operand, llvm::Value *outer,
                            llvm::Value *inner);
  llvm::Value *sharedPointer(llvm::Value *address, int64_t bytes);
  llvm::Value *fragmentOffset(const Operand &operand, llvm::Value *free,
                              bool left);
  Fragment loadFragment(const Operand &operand, llvm::Value *first,
                        int64_t free, int64_t terms);
  llvm::Value *stages(int64_t bytes);
  void lowerMatrix(ForOp loop);

  // LowerChain.cpp: products that are chained.
  struct Chained {
    Operand scores, others; ///< with the rows, and with the chain's axis
    std::optional<Operand> weighed;
    int64_t step, stageBytes;
    llvm::Value *ring, *upper;
    llvm::Value *rowsInside; ///< how many rows there are from the first
    /// What is brought next, and the stage that is read next.
    llvm::AllocaInst *position, *terms, *full;
  };
  bool isChained(ForOp loop);
  bool runsChain(ForOp loop);
  ForOp before(ForOp loop);
  ForOp after(ForOp loop);
  bool feedsProduct(mlir::Operation *o);
  void startChain(ForOp loop);
  void endChain();
  void bringPart(Operand operand, llvm::Value *free, llvm::Value *terms,
                 llvm::Value *inside, llvm::Value *left, llvm::Value *stage);
  void bringScores(llvm::Value *stage, llvm::function_ref<void()> beside);
  llvm::Value *stageAfter(llvm::Value *stage, int64_t steps);
  void multiplyPair(const Fragment &left, const Fragment &right, bool isBf16,
                    llvm::AllocaInst **sums);
  Pieces piecesOfSums(llvm::ArrayRef<llvm::AllocaInst *> sums);
  void lowerScores(ForOp loop);
  llvm::Value *packPair(mlir::Value tile, int64_t r, int64_t k,
                        llvm::Value *low, llvm::Value *high);
  mlir::Value addsTo(ForOp loop);
  void lowerWeighing(ForOp loop);

  // LowerAcross.cpp: what a team combines.
  /// Several values that are combined as one.
  using Tuple = llvm::SmallVector<llvm::Value *, 2>;
  using Combine = llvm::function_ref<Tuple(const Tuple &, const Tuple &)>;
  /// All places of a row, in the default order; every thread gets it.
  Tuple across(llvm::ArrayRef<Tuple> places, Combine combine);
  Tuple acrossWarps(const Tuple &value, Combine combine);
  llvm::Value *across(llvm::StringRef kind, mlir::Type element,
                      llvm::ArrayRef<llvm::Value *> places);
  /// The same value of the thread whose number differs in these bits.
  llvm::Value *exchange(llvm::Value *value, int64_t bits);
  void synchronise();

  KernelOp kernel;
  OpOp op;
  llvm::Function *function;
  llvm::IRBuilder<> ir;
  llvm::DIBuilder &debug;
  const Chip &chip;
  llvm::DISubprogram *subprogram = nullptr;
  int64_t team, vector, width, warps;
  int64_t access; ///< neighbouring positions that one access may take
  mlir::StringAttr lane, row, matrix, chain;
  /// Of a matrix unit's results: warps side by side, and below one another.
  int64_t laneWarps, rowWarps;
  int64_t blockThreads = 0;
  llvm::Value *items = nullptr;  ///< how many there are, i64
  llvm::Value *thread = nullptr; ///< this thread's number in its block, i32
  llvm::Value *member = nullptr; ///< this thread's number in its team, i32
  llvm::Value *mask = nullptr;   ///< the team's lanes of this warp
  int64_t shared = 0;    ///< bytes of shared memory that the launch gives
  bool overlaps = false; ///< starts while the launch before may still run
  int64_t loopDepth = 0;
  /// Of a loop whose turns use two places by turns: 0 or 1, i32.
  struct Alternation {
    int64_t depth = 0;
    llvm::Value *odd = nullptr;
  } alternation;
  llvm::DenseMap<mlir::Operation *, llvm::Value *> brought; ///< of this turn
  Chained chained;
  llvm::Value *currentStep = nullptr;         ///< of the chain's axis
  llvm::DenseSet<mlir::Operation *> made;     ///< with the product before them
  llvm::DenseMap<mlir::Value, Pieces> values; ///< tiles
  llvm::DenseMap<mlir::Value, llvm::Value *> indices;
  llvm::DenseMap<mlir::StringAttr, llvm::Value *> sizes;
  llvm::DenseMap<int64_t, llvm::Value *> slots;
  llvm::DenseSet<mlir::Value> stored; ///< arrays that the kernel writes
};

} // namespace gemel::nvidia

#endif // GEMEL_CODEGEN_NVIDIA_LOWERING_H
