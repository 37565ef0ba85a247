// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A tiled kernel as an LLVM function: teams, work items, straight-line code.

#include "codegen/nvidia/LowerKernel.h"

#include "codegen/llvm/Control.h"
#include "codegen/nvidia/LowerFast.h"
#include "codegen/nvidia/Lowering.h"
#include "dialect/IndexOps.h"
#include "dialect/TypeRules.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/Support/Path.h"

using namespace gemel;
using namespace gemel::llvmir;
using namespace gemel::nvidia;
using llvm::SmallVector;
using llvm::Value;
using mlir::cast;
using mlir::dyn_cast;
using mlir::isa;

// What the chip has that others spell out: max.NaN.f32, cvt.rn.bf16.f32.
static constexpr Instructions kHas = {/*maximum=*/true, /*bf16Rounding=*/true};

// Results of mma.m16n8k16 (PTX ISA): of 16 x 8 a warp, thread i has rows i / 4
// and i / 4 + 8, columns 2 (i % 4) and the next. Warps lie two by four; of
// products that are chained, one below the other.
static constexpr int64_t kPair = 2, kRowThreads = 8, kLaneThreads = 4,
                         kLaneWarps = 4;

// A thread's rows of a load beside it that are on their way together: 64 values
// of f32, in the registers that its operands had.
static constexpr int64_t kRowsAhead = 4;

static int64_t number(KernelOp kernel, llvm::StringRef name) {
  return kernel->getAttrOfType<mlir::IntegerAttr>(name).getInt();
}

Lowering::Lowering(KernelOp kernel, OpOp op, llvm::Function *function,
                   llvm::DIBuilder &debug, const Chip &chip)
    : kernel(kernel), op(op), function(function), ir(function->getContext()),
      debug(debug), chip(chip), team(number(kernel, "team")),
      vector(number(kernel, "vector")), width(std::min(team, kWarp)),
      warps(team / width) {
  lane = kernel->getAttrOfType<mlir::StringAttr>("lane");
  row = kernel->getAttrOfType<mlir::StringAttr>("row");
  matrix = kernel->getAttrOfType<mlir::StringAttr>("matrix");
  access = vector;
  if (matrix) {
    vector = kPair;
    access = std::min(access, kPair);
  }
  chain = kernel->getAttrOfType<mlir::StringAttr>("chain");
  laneWarps = matrix && !chain ? kLaneWarps : 1;
  rowWarps = warps / laneWarps;
  if (chain) { // what is combined along the lanes is a quarter of a warp's
    width = kLaneThreads;
    warps = 1;
  }
  kernel.walk([&](StoreOp store) { stored.insert(store.getArray()); });
  kernel.walk([&](ScatterOp scatter) { stored.insert(scatter.getArray()); });
}

bool Lowering::isLane(mlir::StringAttr axis) {
  return axis == lane || axis == chain;
}

bool Lowering::hasLanes(mlir::Type tile) {
  return (lane && hasAxis(tile, lane)) || (chain && hasAxis(tile, chain));
}

/// Of a step: those of the machine's tile, or sixteen of each warp.
int64_t Lowering::matrixRows() {
  return chain ? rowWarps * kInstructionRows : kMatrixRows;
}

int64_t Lowering::rowsOf(mlir::Type type) {
  auto tile = cast<TileType>(type);
  int64_t rows = 1;
  for (auto [axis, extent] : llvm::zip(tile.getAxes(), tile.getExtents()))
    if (!isLane(axis))
      rows *= matrix ? extent / (rowWarps * kRowThreads) : extent;
  return rows;
}

int64_t Lowering::placesOf(mlir::Type type) {
  auto tile = cast<TileType>(type);
  for (auto [axis, extent] : llvm::zip(tile.getAxes(), tile.getExtents()))
    if (isLane(axis))
      return extent / (matrix ? laneWarps * kLaneThreads : team);
  return 1;
}

Value *Lowering::piece(mlir::Value value, int64_t r, int64_t place) {
  const Pieces &pieces = values.find(value)->second;
  int64_t places = placesOf(value.getType());
  return pieces[(rowsOf(value.getType()) == 1 ? 0 : r) * places +
                (places == 1 ? 0 : place)];
}

Value *Lowering::axisSize(mlir::StringAttr axis) { return sizes.lookup(axis); }

Value *Lowering::offsetOfRow(int64_t r) {
  if (!matrix)
    return ir.getInt64(r);
  Value *warp = ir.CreateLShr(member, llvm::Log2_64(kWarp * laneWarps));
  Value *first = ir.CreateMul(warp, ir.getInt32(matrixRows() / rowWarps));
  Value *inWarp = ir.CreateAnd(member, kWarp - 1);
  first = ir.CreateAdd(first, ir.CreateLShr(inWarp, 2));
  return ir.CreateZExt(ir.CreateAdd(first, ir.getInt32(r / 2 * 16 + r % 2 * 8)),
                       ir.getInt64Ty());
}

Value *Lowering::firstLane(int64_t places) {
  Value *first;
  if (matrix) {
    Value *warp = ir.CreateAnd(ir.CreateLShr(member, llvm::Log2_64(kWarp)),
                               laneWarps - 1);
    first =
        ir.CreateAdd(ir.CreateMul(warp, ir.getInt32(kMatrixLanes / laneWarps)),
                     ir.CreateShl(ir.CreateAnd(member, 3), 1));
  } else {
    first = ir.CreateMul(ir.CreateAnd(member, width - 1), ir.getInt32(vector));
    if (warps > 1)
      first = ir.CreateAdd(
          first, ir.CreateMul(ir.CreateLShr(member, llvm::Log2_64(width)),
                              ir.getInt32(places * width)));
  }
  return ir.CreateZExt(first, ir.getInt64Ty());
}

int64_t Lowering::lanesAfter(int64_t place) {
  if (matrix)
    return place / kPair * 8 + place % kPair;
  return place / vector * width * vector + place % vector;
}

Value *Lowering::lanesLeft(Value *first, Value *upper) {
  Value *left = ir.CreateSub(upper, first);
  return matrix ? ir.CreateTrunc(left, ir.getInt32Ty()) : left;
}

Value *Lowering::slot(int64_t i) {
  return ir.CreateConstInBoundsGEP1_64(ir.getInt64Ty(), function->getArg(0), i);
}

void Lowering::setLocation(mlir::Location loc) {
  while (auto name = dyn_cast<mlir::NameLoc>(loc))
    loc = name.getChildLoc();
  auto place = dyn_cast<mlir::FileLineColLoc>(loc);
  if (!place)
    return;
  llvm::StringRef path = place.getFilename().getValue();
  llvm::DIFile *file = debug.createFile(llvm::sys::path::filename(path),
                                        llvm::sys::path::parent_path(path));
  if (!subprogram) {
    auto *unit = debug.createCompileUnit(
        llvm::DISourceLanguageName(llvm::dwarf::DW_LANG_C), file, "gemelc",
        true, "", 0, "", llvm::DICompileUnit::DebugDirectivesOnly);
    (void)unit;
    subprogram = debug.createFunction(
        file, function->getName(), function->getName(), file, place.getLine(),
        debug.createSubroutineType(debug.getOrCreateTypeArray({})),
        place.getLine(), llvm::DINode::FlagZero,
        llvm::DISubprogram::SPFlagDefinition);
    function->setSubprogram(subprogram);
  }
  // What was called may be of another file.
  llvm::DIScope *scope = subprogram;
  if (file != subprogram->getFile())
    scope = debug.createLexicalBlockFile(subprogram, file);
  ir.SetCurrentDebugLocation(llvm::DILocation::get(
      ir.getContext(), place.getLine(), place.getColumn(), scope));
}

/// The launch before may still run, until it is waited for: by every thread,
/// whether it has work or not, for a launch ends only after those before it.
/// Once all blocks have got here, the next launch may start, and wait in its
/// turn.
void Lowering::waitForLaunch() {
  for (llvm::Intrinsic::ID id :
       {llvm::Intrinsic::nvvm_griddepcontrol_wait,
        llvm::Intrinsic::nvvm_griddepcontrol_launch_dependents})
    ir.CreateIntrinsic(id, llvm::ArrayRef<llvm::Type *>(), {});
}

void Lowering::run(int64_t grain, bool waits) {
  llvm::LLVMContext &context = function->getContext();
  ir.SetInsertPoint(llvm::BasicBlock::Create(context, "entry", function));
  setLocation(op.getLoc());
  auto *i64 = ir.getInt64Ty();
  mlir::Block &body = kernel.getBody().front();
  int64_t arrays = body.getNumArguments() - kernel.getWorkAxes().size();
  int64_t axes = op.getAxes().size();
  for (auto [k, attr] : llvm::enumerate(op.getAxes()))
    sizes[cast<AxisAttr>(attr).getName()] =
        ir.CreateLoad(i64, slot(arrays + k));
  items = ir.CreateLoad(i64, slot(arrays + axes));
  auto special = [&](llvm::Intrinsic::ID id) {
    return ir.CreateIntrinsic(id, llvm::ArrayRef<llvm::Type *>(), {});
  };
  thread = special(llvm::Intrinsic::nvvm_read_ptx_sreg_tid_x);
  blockThreads = std::max(grain * team, kWarp);
  Value *block = special(llvm::Intrinsic::nvvm_read_ptx_sreg_ctaid_x);
  member = ir.CreateAnd(thread, team - 1);
  Value *item = ir.CreateMul(ir.CreateZExt(block, i64), ir.getInt64(grain));
  if (grain > 1)
    item = ir.CreateAdd(
        item, ir.CreateZExt(ir.CreateLShr(thread, llvm::Log2_64(team)), i64));
  mask = ir.getInt32(-1);
  if (team < kWarp) {
    // Teams of one warp may part ways; each names its own lanes.
    Value *first = ir.CreateAnd(thread, (kWarp - 1) & ~(team - 1));
    mask = ir.CreateShl(ir.getInt32((1u << team) - 1), first);
  }
  overlaps = waits;
  if (waits)
    waitForLaunch();
  emitIf(ir, ir.CreateICmpSLT(item, items), [&] {
    placeItem(chain ? itemOfBlock(block) : item);
    lowerBlock(body);
  });
  ir.CreateRetVoid();
}

/// How many pieces work axis `i` is cut into.
Value *Lowering::piecesOf(int64_t i) {
  Value *size = axisSize(cast<mlir::StringAttr>(kernel.getWorkAxes()[i]));
  int64_t step = kernel.getWorkSteps()[i];
  return ir.CreateUDiv(ir.CreateAdd(size, ir.getInt64(step - 1)),
                       ir.getInt64(step));
}

/// Tiles of a product in bands of a few rows, column by column: blocks that run
/// together then read few rows and few columns of operands, which stay in L2.
Value *Lowering::inBands(Value *item, Value *rowTiles, Value *laneTiles) {
  Value *most = ir.getInt64(kBandTiles);
  Value *perBand = ir.CreateMul(laneTiles, most);
  Value *first = ir.CreateMul(ir.CreateUDiv(item, perBand), most);
  Value *rest = ir.CreateURem(item, perBand);
  Value *height = ir.CreateBinaryIntrinsic(llvm::Intrinsic::umin,
                                           ir.CreateSub(rowTiles, first), most);
  Value *rowTile = ir.CreateAdd(first, ir.CreateURem(rest, height));
  return ir.CreateAdd(ir.CreateMul(rowTile, laneTiles),
                      ir.CreateUDiv(rest, height));
}

/// Gives the work axes the positions of work item `item`.
void Lowering::placeItem(Value *item) {
  mlir::Block &body = kernel.getBody().front();
  int64_t arrays = body.getNumArguments() - kernel.getWorkAxes().size();
  int64_t count = kernel.getWorkAxes().size();
  if (matrix && count >= 2 && kernel.getWorkAxes()[count - 2] == row &&
      kernel.getWorkAxes()[count - 1] == lane) {
    Value *rowTiles = piecesOf(count - 2), *laneTiles = piecesOf(count - 1);
    Value *tiles = ir.CreateMul(rowTiles, laneTiles);
    Value *inMatrix = item;
    if (count > 2)
      inMatrix = ir.CreateURem(item, tiles);
    Value *matrixFirst = ir.CreateSub(item, inMatrix);
    item = ir.CreateAdd(matrixFirst, inBands(inMatrix, rowTiles, laneTiles));
  }
  // Item number to positions, row-major over the work axes. Items that have a
  // block each are fewer than 2^31: where a chain's lanes are cut, too, their
  // divisions in 64 bits are more than the registers hold besides.
  auto *i64 = ir.getInt64Ty(), *type = i64;
  if (chain && llvm::is_contained(kernel.getWorkAxes(), lane))
    type = ir.getInt32Ty();
  item = ir.CreateTrunc(item, type);
  for (int64_t i = count; i-- > 0;) {
    Value *at = item;
    if (i) {
      Value *pieces = ir.CreateTrunc(piecesOf(i), type);
      at = ir.CreateURem(item, pieces);
      item = ir.CreateUDiv(item, pieces);
    }
    indices[body.getArgument(arrays + i)] = ir.CreateMul(
        ir.CreateZExt(at, i64), ir.getInt64(kernel.getWorkSteps()[i]));
  }
}

/// Of products that are chained, a block has one work item, last rows first: of
/// a causal mask they take longest.
Value *Lowering::itemOfBlock(Value *block) {
  return ir.CreateSub(ir.CreateSub(items, ir.getInt64(1)),
                      ir.CreateZExt(block, ir.getInt64Ty()));
}

void Lowering::lowerBlock(mlir::Block &block) {
  SmallVector<mlir::Operation *> plain;
  auto flush = [&] {
    lowerPlain(plain);
    plain.clear();
  };
  for (mlir::Operation &o : block) {
    if (lowerIndex(o))
      continue;
    setLocation(o.getLoc());
    if (auto loop = dyn_cast<ForOp>(o)) {
      // A matrix unit's product leaves no registers for what is beside it,
      // and takes nothing of it but arrays.
      if (!isMatrix(loop) || isChained(loop) ||
          llvm::any_of(plain, llvm::IsaPred<StoreOp>))
        flush();
      lowerFor(loop);
    } else if (auto scatter = dyn_cast<ScatterOp>(o)) {
      flush();
      lowerScatter(scatter);
    } else if (auto read = dyn_cast<ReadIndexOp>(o)) {
      flush();
      indices[read.getResult()] =
          ir.CreateSExt(piece(read.getValue(), 0, 0), ir.getInt64Ty());
    } else if (!isa<YieldOp>(o) && !feedsProduct(&o) && !made.contains(&o)) {
      if (auto store = dyn_cast<StoreOp>(o); store && ordersBefore(store)) {
        flush();
        synchronise();
      }
      plain.push_back(&o);
    }
  }
  flush();
}

/// False if `o` is none on indices.
bool Lowering::lowerIndex(mlir::Operation &o) {
  if (auto extent = dyn_cast<ExtentOp>(o))
    indices[extent.getResult()] = axisSize(extent.getAxisAttr());
  else if (auto constant = dyn_cast<mlir::arith::ConstantIndexOp>(o))
    indices[constant.getResult()] = ir.getInt64(constant.value());
  else if (auto add = dyn_cast<mlir::arith::AddIOp>(o))
    indices[add.getResult()] = ir.CreateAdd(indices.lookup(add.getLhs()),
                                            indices.lookup(add.getRhs()));
  else if (auto mul = dyn_cast<mlir::arith::MulIOp>(o))
    indices[mul.getResult()] = ir.CreateMul(indices.lookup(mul.getLhs()),
                                            indices.lookup(mul.getRhs()));
  else if (auto div = dyn_cast<mlir::arith::FloorDivSIOp>(o))
    indices[div.getResult()] = floorDivide(ir, indices.lookup(div.getLhs()),
                                           indices.lookup(div.getRhs()));
  else if (auto min = dyn_cast<mlir::arith::MinSIOp>(o))
    indices[min.getResult()] = ir.CreateBinaryIntrinsic(
        llvm::Intrinsic::smin, indices.lookup(min.getLhs()),
        indices.lookup(min.getRhs()));
  else
    return false;
  return true;
}

/// How many rows a plain op makes, or stores.
int64_t Lowering::rowsMade(mlir::Operation *o) {
  if (auto store = dyn_cast<StoreOp>(o))
    return rowsOf(storedTile(store));
  return rowsOf(o->getResult(0).getType());
}

/// Loads beside a matrix unit that may go before the ops in front of them: at
/// positions known before, of what no store in front may write.
static llvm::SetVector<mlir::Operation *>
loadsAhead(llvm::ArrayRef<mlir::Operation *> ops) {
  llvm::SetVector<mlir::Operation *> ahead;
  for (mlir::Operation *o : ops) {
    if (isa<StoreOp>(o))
      break;
    auto load = dyn_cast<LoadOp>(o);
    if (load && llvm::all_of(load.getPositions(), [](mlir::Value position) {
          return position.getType().isIndex();
        }))
      ahead.insert(o);
  }
  return ahead;
}

/// One row of all the ops before the next: values die early, so that they fit
/// the registers. Beside a matrix unit, whose few warps do not hide how long
/// loads take, those of several rows are on their way together.
void Lowering::lowerPlain(llvm::ArrayRef<mlir::Operation *> ops) {
  int64_t rows = 0;
  for (mlir::Operation *o : ops) {
    for (mlir::Value result : o->getResults())
      values[result].clear();
    rows = std::max(rows, rowsMade(o));
  }
  llvm::SetVector<mlir::Operation *> ahead;
  if (matrix)
    ahead = loadsAhead(ops);
  int64_t together = 1;
  if (!ahead.empty())
    together = std::max<int64_t>(kRowsAhead / ahead.size(), 1);
  for (int64_t first = 0; first < rows; first += together) {
    int64_t end = std::min(first + together, rows);
    for (int64_t r = first; r < end; ++r)
      for (mlir::Operation *load : ahead)
        lowerRow(load, r);
    for (int64_t r = first; r < end; ++r)
      for (mlir::Operation *o : ops)
        if (!ahead.contains(o))
          lowerRow(o, r);
  }
}

/// Row `r` of a plain op, if it has as many.
void Lowering::lowerRow(mlir::Operation *o, int64_t r) {
  if (r >= rowsMade(o))
    return;
  setLocation(o->getLoc());
  if (auto load = dyn_cast<LoadOp>(o))
    return lowerLoad(load, r);
  if (auto store = dyn_cast<StoreOp>(o))
    return lowerStore(store, r);
  mlir::Type type = o->getResult(0).getType();
  Pieces row;
  for (int64_t k = 0, places = placesOf(type); k < places; ++k)
    row.push_back(lowerPiece(o, r, k));
  values[o->getResult(0)].append(row.begin(), row.end());
}

Value *Lowering::lowerPiece(mlir::Operation *o, int64_t r, int64_t k) {
  mlir::Type type = o->getResult(0).getType();
  llvm::Type *scalar = registerType(ir.getContext(), elementOf(type));
  if (auto iota = dyn_cast<IotaOp>(o)) {
    Value *at = indices.lookup(iota.getFirst());
    if (hasLanes(type))
      at = ir.CreateAdd(ir.CreateAdd(at, firstLane(placesOf(type))),
                        ir.getInt64(lanesAfter(k)));
    else if (rowsOf(type) > 1)
      at = ir.CreateAdd(at, offsetOfRow(r));
    return ir.CreateTrunc(at, scalar);
  }
  if (auto size = dyn_cast<SizeOp>(o))
    return ir.CreateTrunc(axisSize(size.getAxisAttr()), scalar);
  if (auto constant = dyn_cast<ConstantOp>(o))
    return lowerConstant(ir, constant);
  auto pieceOf = [&](mlir::Value value) { return piece(value, r, k); };
  if (Value *fast = lowerFast(ir, o, pieceOf))
    return fast;
  SmallVector<Value *> operands;
  for (mlir::Value operand : o->getOperands())
    operands.push_back(pieceOf(operand));
  return lowerElementwise(ir, o, operands, kHas);
}

void nvidia::lowerKernel(KernelOp kernel, OpOp op, llvm::Module &module,
                         const Chip &chip, Launch &launch) {
  llvm::LLVMContext &context = module.getContext();
  auto *pointer = llvm::PointerType::get(context, 0);
  auto *type =
      llvm::FunctionType::get(llvm::Type::getVoidTy(context), {pointer}, false);
  auto *function = llvm::Function::Create(type, llvm::Function::ExternalLinkage,
                                          launch.symbol, module);
  function->setCallingConv(llvm::CallingConv::PTX_Kernel);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  mlir::Block &body = kernel.getBody().front();
  uint64_t slots = body.getNumArguments() - kernel.getWorkAxes().size() +
                   op.getAxes().size() + 1;
  auto *array = llvm::ArrayType::get(llvm::Type::getInt64Ty(context), slots);
  function->addParamAttr(0, llvm::Attribute::getWithByValType(context, array));
  function->addParamAttr(
      0, llvm::Attribute::getWithAlignment(context, llvm::Align(8)));
  function->addParamAttr(0, llvm::Attribute::ReadOnly);
  llvm::DIBuilder debug(module);
  Lowering lowering(kernel, op, function, debug, chip);
  // Of products, whose blocks each fill half a multiprocessor or all of it,
  // none of the next launch would fit beside the last ones.
  launch.waits = chip.overlapsLaunches && !kernel->hasAttr("matrix");
  lowering.run(launch.grain, launch.waits);
  debug.finalize();
  launch.threads = lowering.getThreads();
  launch.sharedBytes = lowering.getSharedBytes();
  function->addFnAttr("nvvm.maxntid", std::to_string(launch.threads));
  // Without it, ptxas spills a few values for one more block beside this one;
  // a product's accumulators leave it no such choice.
  if (!kernel->hasAttr("matrix") || kernel->hasAttr("chain"))
    function->addFnAttr("nvvm.minctasm", "1");
}
