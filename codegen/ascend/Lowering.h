// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// State shared by the parts of the kernel lowering.

#ifndef GEMEL_CODEGEN_ASCEND_LOWERING_H
#define GEMEL_CODEGEN_ASCEND_LOWERING_H

#include "codegen/ascend/Emitter.h"
#include "codegen/ascend/LowerKernel.h"
#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/ModuleOps.h"
#include "dialect/TileOps.h"

namespace gemel::ascend {

/// A tile: one piece for each of its rows.
using Pieces = llvm::SmallVector<Piece, 8>;
/// In the order in which they were made: who goes through them makes ops.
using Values = llvm::MapVector<mlir::Value, Pieces>;

/// Lowers a tiled kernel to the instructions of a core. Blocks take work items
/// in turns.
class Lowering {
public:
  /// `lanes`: the most of a tile. `handover`: the variant has memory for that.
  Lowering(KernelOp kernel, OpOp op, cce::KernelOp into, const Attempt &with,
           int64_t lanes, bool handover);
  void run(); ///< on a vector core
  bool hasGroups() const { return groups; }
  int64_t getBatch() const { return batch; } ///< what was done
  /// Rows that are summed while they stay are not what they seemed.
  bool isRefused() const { return refused; }
  int64_t getGrain() const { return host ? 1 : batch; } ///< work items together
  int64_t getParts() const { return parts; }            ///< what was done
  void runProduct();                                    ///< on a cube core
  void runEpilogue(); ///< on a vector core, what follows a product

  /// The arguments of the kernel in CCE C, in the order of the runtime's
  /// slots: where signals are, if it is mixed; arrays; what its variant hands
  /// over, if it does; sizes of axes, the number of work items.
  static llvm::SmallVector<mlir::Type> slots(KernelOp kernel, OpOp op,
                                             bool mixed, bool handover);

  /// Whether a kernel is for a cube core; whether vector cores do the rest of
  /// it; the bytes of what groups of cores hand over.
  static bool isProduct(KernelOp kernel);
  static bool handsOver(KernelOp kernel);
  static ForOp hostOf(KernelOp kernel);
  static int64_t handoverBytes(int64_t groups);

  /// Elements that go one by one, before they are gathered: 2 KiB.
  static constexpr int64_t kApart = 64;

private:
  // LowerKernel.cpp
  void lowerBlock(mlir::Block &block);
  void lowerOps(llvm::iterator_range<mlir::Block::iterator> ops);
  bool lowerIndex(mlir::Operation &op);
  void lowerItem(mlir::Value item);
  void findRow();
  void enterRow(mlir::Value position);
  void setLanes(mlir::Value count);
  bool isMixed() { return into->hasAttr(cce::KernelOp::kMixed); }
  int64_t arrays(); ///< arguments before the handover
  mlir::Value slot(int64_t i);
  mlir::Value itemCount();
  mlir::Value axisSize(mlir::StringAttr axis);
  int64_t rowsOf(mlir::Type tile);
  bool hasLanes(mlir::Type tile);
  /// A row of a tile, or what all its rows are.
  Piece piece(mlir::Value value, int64_t row);

  // LowerItems.cpp
  void flatten(mlir::Block &block, llvm::SmallVectorImpl<mlir::Operation *> &);
  bool isInvariant(mlir::Value value);
  Piece lowerInvariant(mlir::Operation *op);
  bool isRowAtZero();
  static bool isVectors(mlir::Operation *op);
  bool isPipelined();
  bool isVectorLoop(ForOp loop);
  /// What is known of an item, or of a part of it: positions and lanes.
  struct Scope {
    llvm::DenseMap<mlir::Value, mlir::Value> indices;
    mlir::Value n, whole;
  };
  Scope scope() const { return {indices, e.n, e.whole}; }
  void enter(const Scope &scope);
  void bindItem(mlir::Value item);
  void bindRow(mlir::Value row);
  void lowerPipelined(mlir::Value items);

  // LowerMatrix.cpp
  /// Of a tile what is inside the arrays.
  struct Tile {
    mlir::Value rows, lanes;
  };
  struct Operand {
    LoadOp load;
    mlir::StringAttr terms;
    int64_t step, most;        ///< terms of a step; rows or lanes of a tile
    bool isInner;              ///< terms follow one another in memory
    mlir::Type moved;          ///< as copies have it
    mlir::Value first;         ///< the tile's first element
    mlir::Value pitch, stride; ///< elements from row to row, term to term
  };
  static ForOp productOf(KernelOp kernel); ///< the loop that the cube is for
  static StoreOp storeOf(KernelOp kernel);
  void flattenTile();
  mlir::Value workPosition(mlir::StringAttr axis);
  void bindTile();
  /// Steps of rows' terms that stay in L1 while tiles of these rows are made:
  /// `count` of all `steps`; without a pointer none.
  struct Held {
    mlir::Value count, steps, pointer;
  };
  Tile enterTile(mlir::Value number);
  mlir::Value handoverOf(mlir::Value tile, mlir::Value group,
                         mlir::Value groups);
  /// Elements from a position of an axis to the next.
  mlir::Value pitchOf(mlir::Value array, mlir::StringAttr axis);
  Operand operandOf(ForOp product, mlir::Value term, mlir::StringAttr free);
  void loadFractals(const Operand &operand, mlir::Value to, mlir::Value from,
                    mlir::Value rows, mlir::Value columns, int64_t room);
  void loadTerms(const Operand &operand, mlir::Value to, mlir::Value from,
                 mlir::Value count, mlir::Value free);
  mlir::Value allocate(cce::Space space, mlir::Type type, int64_t count);
  using DoTile =
      llvm::function_ref<void(const Operand &, const Held &, mlir::Value)>;
  void doRuns(ForOp product, mlir::Value leftTerm, mlir::Value group,
              mlir::Value groups, DoTile doTile);
  Held hold(const Operand &operand, mlir::Value rows, mlir::Value tiles);
  mlir::Value heldAt(const Held &held, const Operand &operand, mlir::Value i);
  void multiply(Operand left, const Operand &right, const Held &held,
                const Tile &tile, mlir::Value sums);

  // LowerEpilogue.cpp
  /// Rows as one: so many of so many lanes, from one to the next so many
  /// elements.
  struct Joined {
    mlir::Value count, lanes, pitch;
    mlir::Value first = {}; ///< its number of those that the core has
  };
  enum class Of;
  std::optional<Of> whatOf(mlir::Type type);
  std::optional<Of> whatOf(mlir::Operation *op);
  bool mayJoinRows();
  int64_t narrowest();
  Piece loadRows(LoadOp load, const Joined &rows);
  void storeRows(StoreOp store, const Joined &rows);
  void bringRows(mlir::Value to, mlir::Type element, mlir::Value from,
                 mlir::Value pitch, const Joined &rows);
  mlir::Value gapOf(mlir::Type element, const Joined &rows);
  Piece rampOfRows(const Joined &rows);
  Piece positionsOf(IotaOp iota, const Joined &rows);
  Piece insideOf(const Joined &rows);
  Piece loadOfRows(LoadOp load);
  mlir::Value repeatOfRows(Piece x, mlir::Type element);
  Piece alongRows(mlir::Value repeats, mlir::Type element, const Joined &rows);
  void lowerOfRows(mlir::Value count);
  void lowerJoined(Of what, const Joined &rows);
  void lowerEpilogue();

  // LowerRows.cpp
  /// Where items' rows are in an array: each `apart` rows behind the one
  /// before, the first one `offset` behind the array's. An array that lacks the
  /// last `lacks` axes of work has one for all their positions.
  struct RowPlace {
    int64_t apart = 1, offset = 0;
    unsigned lacks = 0;
  };
  llvm::SmallVector<std::pair<mlir::StringAttr, mlir::Value>> rowPositions();
  std::optional<RowPlace> rowPlace(mlir::Value array,
                                   mlir::ValueRange positions, bool lanes);
  mlir::Value itemsOf(const RowPlace &place);
  bool areRows();
  bool mayBeInParts();
  void numberSweeps();
  mlir::Operation *takesOver(mlir::Operation *store);
  llvm::SmallVector<mlir::Operation *> loadsInTurn();
  void lowerRows(mlir::Value items);

  // LowerRowSums.cpp
  void findHost();
  mlir::Operation *readerOf(mlir::Operation *user);
  bool isHosts(mlir::Operation *op);
  void pushSum(Piece sum, int64_t before, int64_t base);
  void sumTerms(llvm::ArrayRef<Piece> terms);
  void sumRest(mlir::Value rows);
  void sendSum(mlir::Value end);

  // LowerSweeps.cpp
  using Buffers = llvm::DenseMap<mlir::Operation *, mlir::Value>;
  mlir::Value rowOf(mlir::Value buffer, mlir::Value row);
  mlir::Value loadedRow(mlir::Operation *load, mlir::Value buffer,
                        mlir::Value row);
  bool widensAgain(mlir::Operation *o);
  bool isGivenAgain(mlir::Operation *op);
  void keepRows();
  bool makesRow(mlir::Operation *op);
  bool hasSweep(int64_t sweep);
  void readLoaded(const Buffers &buffers, mlir::Value rows);
  void readScalars(int64_t sweep, llvm::ArrayRef<mlir::Value> columns);
  void sweepRows(int64_t sweep, llvm::ArrayRef<mlir::Value> rows,
                 llvm::ArrayRef<mlir::Value> columns, mlir::Value trip,
                 Buffers &buffers);
  void eachPart(llvm::function_ref<void()> compute);
  void computeRows(Buffers &buffers, mlir::Value rows);
  bool mayBeApart();
  void findLastReads();
  void releaseAfter(mlir::Operation *op, int64_t sweep, Buffers &buffers);
  void computeApart(Buffers &buffers, mlir::Value rows);

  // LowerStages.cpp
  void combineRow(ForOp loop, Piece term, mlir::Value row, int64_t j,
                  mlir::Value trip);
  struct Combined;
  void combineParts(llvm::StringRef kind, const Combined &place, int64_t j);
  mlir::Value combineRepeats(ForOp loop);
  Piece columnOf(mlir::Value elements, mlir::Type element);
  Piece columnOf(IotaOp iota);
  void storeColumn(StoreOp store, Piece value, mlir::Value buffer);
  void stageColumns(int64_t stage, Buffers &buffers, mlir::Value rows);

  // LowerElementwise.cpp
  Piece lowerOp(mlir::Operation *op, int64_t row);
  Piece lowerFunction(mlir::Operation *op, Piece x);
  Piece lowerCast(Piece x, mlir::Type from, mlir::Type to);
  Piece lowerCompare(CompareOp op, Piece x, Piece y);
  Piece lowerWhere(mlir::Type element, Piece bits, Piece x, Piece y);
  Piece lowerInteger(mlir::Operation *op, mlir::Type element,
                     llvm::ArrayRef<Piece> x);
  Piece lowerBoolean(mlir::Operation *op, llvm::ArrayRef<Piece> x);
  Piece lowerIota(IotaOp iota, int64_t row);
  /// IEEE 754-2019 maximum or minimum.
  Piece extremum(mlir::Type element, Piece x, Piece y, bool minimum);
  Piece divide(DivOp op, Piece x, Piece y);
  bool takesScalar(mlir::OpOperand &operand);
  Piece withScalar(mlir::Operation *op, Piece x, Piece y);
  mlir::Value sizeBehind(mlir::Value value);
  /// Of a divisor; whether a product with it is the quotient.
  struct Inverse {
    mlir::Value isExact, value;
  };
  Inverse inverseOfSize(mlir::Value size);
  Inverse inverseOf(Piece y);

  // LowerMemory.cpp
  Piece lowerLoad(LoadOp load, int64_t row);
  Piece fromBuffer(mlir::Value raw, LoadOp load);
  mlir::Value bringTile(LoadOp load, int64_t row);
  bool isByValue(mlir::Value array);
  Piece lowerScalar(LoadOp load);
  Piece gather(LoadOp load, int64_t row);
  Piece loadRun(LoadOp load, int64_t row);
  void lowerStore(StoreOp store,
                  int64_t mostRows = std::numeric_limits<int64_t>::max());
  void lowerScatter(ScatterOp scatter);
  void lowerScratch(ScratchOp scratch);
  void lowerKeep(KeepOp keep);
  void lowerRecall(RecallOp recall);
  struct Place {
    mlir::Value offset; ///< elements
    mlir::Value inside; ///< i1; null: always
  };
  /// Where an element of an array is: of a tile's row and lane.
  Place placeOf(mlir::Value array, mlir::ValueRange positions, int64_t row,
                mlir::Value lane, bool rows, bool lanes);
  /// Raw elements of an array as they are in registers: bits of i1.
  Piece fromMemory(Piece raw, mlir::Type element);
  Piece toMemory(Piece x, mlir::Type from, mlir::Type to, Piece dst = {});
  void keepIn(mlir::Value place, Piece value, mlir::Type element);
  void bring(mlir::Value to, mlir::Value array, mlir::Value offset,
             mlir::Value count);
  void send(mlir::Value array, mlir::Value offset, mlir::Value from,
            mlir::Value count);
  mlir::Value squeeze(mlir::Value from, mlir::Type word, int64_t every,
                      int64_t count, mlir::Value to = {});
  void firstsOf(mlir::Value blocks, mlir::Type element, mlir::Value count,
                mlir::Value to);
  /// Where a row may be empty, only where it is not.
  void whereAny(bool lanes, llvm::function_ref<void()> then);
  void whereRow(mlir::Value position, int64_t row,
                llvm::function_ref<void()> then);
  void sendEach(Piece raw, mlir::Type element, mlir::Value array,
                llvm::function_ref<Place(mlir::Value)> place);

  // LowerLoop.cpp
  void lowerFor(ForOp loop);
  void lowerTrip(ForOp loop, mlir::Value position,
                 llvm::ArrayRef<Pieces> carried,
                 llvm::SmallVectorImpl<Pieces> &yielded);
  void emitTrips(ForOp loop, llvm::function_ref<void(mlir::Value)> trip);
  void emitTrips(ForOp loop, mlir::Value lower,
                 llvm::function_ref<void(mlir::Value)> trip);
  bool isOneTrip(ForOp loop);
  bool isAhead(LoadOp load);
  llvm::SmallVector<LoadOp> loadsAhead(mlir::Block &trip);
  void bringAhead(mlir::Block &trip);
  void setSteps(ForOp loop, mlir::Value count);
  void lowerCarry(ForOp loop);
  void lowerChain(ForOp loop);
  void lowerArgmax(ForOp loop);

  // LowerTree.cpp
  /// Of each row a stack of runs: what 1, 2, 4, ... trips are together.
  struct Runs {
    llvm::StringRef kind;
    mlir::Type element;
    bool wide; ///< of lanes
    int64_t levels, pitch;
    llvm::SmallVector<mlir::Value> stacks;
  };
  int64_t levelsOf(ForOp loop);
  Runs runsOf(ForOp loop, int64_t levels);
  Piece levelOf(const Runs &runs, int64_t row, mlir::Value level);
  void pushRun(const Runs &runs, llvm::ArrayRef<Piece> terms, mlir::Value count,
               int64_t base = 0);
  void addRuns(const Runs &runs, mlir::Value count, llvm::ArrayRef<Piece> into);
  Pieces totalOf(const Runs &runs, mlir::Value count);
  void zeroIfNone(llvm::StringRef kind, mlir::Value any,
                  llvm::ArrayRef<Piece> totals, mlir::Type element);
  mlir::Value tripsTo(ForOp loop, mlir::Value position);
  void pushTrips(ForOp loop, const Runs &runs, mlir::Value begin);
  Pieces totalIf(ForOp loop, const Runs &runs);
  void lowerTree(ForOp loop);

  // LowerColumns.cpp
  int64_t tripsTogether(ForOp loop);
  int64_t tripsOfRun(ForOp loop, const Runs &runs);
  mlir::Value endOfRuns(ForOp loop, int64_t run);
  int64_t tripsOfItems(ForOp loop);
  bool isRowBehind(ForOp loop);
  ForOp columnsOf();
  void bindAt(mlir::Value item, ForOp loop);
  void lowerColumns(ForOp loop, mlir::Value items);
  Buffers roomForTrips(ForOp loop, int64_t count);
  void bringTrips(ForOp loop, mlir::Value first, mlir::Value count,
                  const Buffers &rooms);
  Piece termOf(ForOp loop, mlir::Value trip, mlir::Value j,
               const Buffers &rooms, const Buffers &columns);
  Buffers columnsOfTrips(ForOp loop, int64_t count, const Buffers &rooms);
  Piece sumTrips(ForOp loop, llvm::StringRef kind, mlir::Value first,
                 int64_t count, const Buffers &rooms);
  void eachRun(ForOp loop, llvm::StringRef kind, mlir::Value lower,
               mlir::Value end, int64_t count,
               llvm::function_ref<void(Piece, mlir::Value)> take);

  // LowerReduce.cpp
  /// How two terms combine; of max and min without the sign of zeros.
  void combineInto(llvm::StringRef kind, mlir::Type element, Piece sum,
                   Piece term, Piece dst);
  /// The combination of a row's elements, `whole` of them, as a block.
  Piece across(llvm::StringRef kind, mlir::Type element, Piece row);
  void acrossBlocks(llvm::StringRef kind, mlir::Value dst, mlir::Value src,
                    int64_t apart = 1);
  mlir::Value acrossToRepeat(llvm::StringRef kind, Piece row,
                             mlir::Value last = {});
  Piece acrossByUnit(llvm::StringRef kind, Piece row);
  void leastSign(Piece row, mlir::Value to);
  /// Whether anything made of a value tells its +0 from its -0.
  bool needsZeroSign(mlir::Value value);
  /// An extremum, its zeros with the sign that IEEE 754-2019 gives them if
  /// `signedZero`.
  Piece acrossExtreme(llvm::StringRef kind, Piece row, bool signedZero);
  Piece negativeZeroIfAll(Piece row);
  Piece withZero(llvm::StringRef kind, Piece extremum, Piece zero);
  Piece acrossProducts(Piece row);
  Piece acrossIntegers(llvm::StringRef kind, mlir::Type element, Piece row);

  // Of a joined tile's rows: each value 64 times, before it meets the lanes.
  llvm::DenseMap<mlir::Value, mlir::Value> repeats;

  // Flags between the cores of a group: a tile is there, and has been read.
  static constexpr int64_t kMade = 0, kTaken = 1;

  KernelOp kernel;
  OpOp op;
  cce::KernelOp into;
  bool handover;
  mlir::StringAttr lane, row;
  Emitter e;
  mlir::OpBuilder &b;
  Values values;                                    ///< tiles
  llvm::DenseMap<mlir::Value, mlir::Value> indices; ///< i64
  llvm::DenseMap<int64_t, Piece> scalars;           ///< by-value arguments
  /// Where a row that stays begins, under the names that the kernel has for it.
  llvm::SmallPtrSet<mlir::Value, 4> rowFirsts;
  bool inRow = false; ///< the code is where the row's lanes are known
  // Of items side by side:
  llvm::SmallVector<mlir::Operation *> flat;    ///< all ops, in order
  llvm::DenseMap<mlir::Value, bool> invariants; ///< the same for all items
  llvm::DenseSet<mlir::Value> stored;           ///< arrays
  /// The buffers of loads and stores, for items that take turns.
  Buffers turns[2];
  Buffers *now = nullptr; ///< of the item that is computed
  // Of trips of a loop:
  int64_t sets;            ///< of buffers
  Buffers brought;         ///< by loads of the trip, already
  int64_t together;        ///< trips of one transfer, where that is possible
  bool groups = false;     ///< it is
  Buffers blocks;          ///< by loads of one element each, of such a trip
  Buffers definedElements; ///< by loads of one element of each row
  llvm::SmallPtrSet<mlir::Operation *, 16> early; ///< index ops, likewise
  // Of rows together:
  int64_t batch, beside, lastSweep = 0;
  llvm::DenseMap<mlir::Operation *, RowPlace> rowPlaces;
  int64_t teams;           ///< that rows form, each with columns of its own
  int64_t parts, part = 0; ///< of a row, and the one that is computed
  int64_t teamFirst = 0;   ///< the first row of the one that is computed
  mlir::Value firstItem, someItems; ///< of those that are computed
  /// The loop over a work item's rows that sums them position by position,
  /// where work items are runs of rows; what follows is rows, then.
  ForOp host;
  bool refused = false;
  int64_t hosted = 0;    ///< rows of such a run
  int64_t runBefore = 0; ///< rows of it before those that are computed
  bool isRest = false;   ///< rows are those of no whole run
  /// Sums of 1, 2, 4, ... rows of a run; the last one is the run's.
  llvm::SmallVector<Piece> sums;
  bool streams;
  Storing storing;
  Widening widening;
  llvm::DenseMap<mlir::Operation *, int64_t> sweeps;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<mlir::Value>> keptRows;
  llvm::DenseMap<mlir::Operation *, mlir::Operation *>
      takenOver; ///< loads, by stores
  /// Where what a load has brought is read last.
  struct Read {
    int64_t sweep;
    mlir::Operation *op;
  };
  llvm::MapVector<mlir::Operation *, Read> lastReads;
  bool releases = false; ///< no other rows of the piece will be read
  struct Combined {
    mlir::Value none;                       ///< the sum of no terms
    mlir::Value totals, eighths, signs;     ///< an element, a block each
    llvm::SmallVector<mlir::Value> repeats; ///< of rows beside each other
    mlir::Value eights; ///< of a row's parts, if they leave more than a repeat
  };
  Combined roomToCombine(ForOp loop);
  llvm::DenseMap<mlir::Operation *, Combined> combined;
  llvm::SmallVector<llvm::DenseMap<mlir::Operation *, Combined>, 2> ofTeams;
  llvm::DenseMap<mlir::Value, mlir::Value> columnNumbers; ///< of booleans
  llvm::SmallVector<llvm::DenseSet<mlir::Value>> ready;   ///< values of a row
  /// Of columns, the numbers of the rows of a sweep.
  llvm::DenseMap<mlir::Value, llvm::SmallVector<mlir::Value>> rowScalars;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<mlir::Value>> loadedScalars;

  struct Scratch {
    mlir::Value pointer, fits;
  };
  llvm::DenseMap<mlir::Value, Scratch> scratches;
};

/// The value that changes no term, to the bit; of a bool one of 0.0 and 1.0.
mlir::TypedAttr identityOf(llvm::StringRef kind, mlir::Type element);

} // namespace gemel::ascend

#endif // GEMEL_CODEGEN_ASCEND_LOWERING_H
