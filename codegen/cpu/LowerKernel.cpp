// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A tiled kernel as an LLVM function: work items, straight-line code.

#include "codegen/cpu/Lowering.h"
#include "codegen/llvm/Control.h"
#include "codegen/llvm/LowerElementwise.h"
#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/TypeRules.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace gemel;
using namespace gemel::cpu;
using namespace gemel::llvmir;
using llvm::SmallVector;
using llvm::Value;
using mlir::cast;
using mlir::dyn_cast;
using mlir::isa;

Lowering::Lowering(KernelOp kernel, OpOp op, llvm::Function *function,
                   int64_t lanes)
    : kernel(kernel), op(op), function(function), ir(function->getContext()),
      lanes(lanes) {
  lane = kernel->getAttrOfType<mlir::StringAttr>("lane");
  row = kernel->getAttrOfType<mlir::StringAttr>("row");
}

bool Lowering::hasLanes(mlir::Type tile) { return lane && hasAxis(tile, lane); }

int64_t Lowering::rowsOf(mlir::Type type) {
  auto tile = cast<TileType>(type);
  int64_t rows = 1;
  for (auto [axis, extent] : llvm::zip(tile.getAxes(), tile.getExtents()))
    if (axis != lane)
      rows *= extent;
  return rows;
}

int64_t Lowering::vectorsOf(mlir::Type type) {
  auto tile = cast<TileType>(type);
  for (auto [axis, extent] : llvm::zip(tile.getAxes(), tile.getExtents()))
    if (axis == lane)
      return extent / lanes;
  return 1;
}

/// A piece of a tile, broadcast along the axes it lacks.
Value *Lowering::chunk(mlir::Value value, int64_t r, int64_t v, bool asVector) {
  const Chunks &chunks = values.find(value)->second;
  int64_t vectors = vectorsOf(value.getType());
  int64_t rows = rowsOf(value.getType());
  Value *piece = chunks[(rows == 1 ? 0 : r) * vectors + (vectors == 1 ? 0 : v)];
  if (asVector && !piece->getType()->isVectorTy())
    piece = ir.CreateVectorSplat(lanes, piece);
  return piece;
}

Value *Lowering::argument(unsigned i) { return pointers[i]; }

Value *Lowering::axisSize(mlir::StringAttr axis) { return sizes.lookup(axis); }

void Lowering::run() {
  llvm::LLVMContext &context = function->getContext();
  auto *entry = llvm::BasicBlock::Create(context, "entry", function);
  ir.SetInsertPoint(entry);
  Value *pointerTable = function->getArg(0), *sizeTable = function->getArg(1);
  Value *scalarTable = function->getArg(2);
  for (auto [i, attr] : llvm::enumerate(op.getAxes())) {
    Value *slot = ir.CreateConstInBoundsGEP1_64(ir.getInt64Ty(), sizeTable, i);
    sizes[cast<AxisAttr>(attr).getName()] =
        ir.CreateLoad(ir.getInt64Ty(), slot);
  }
  mlir::Block &body = kernel.getBody().front();
  auto scalars = kernel->getAttrOfType<mlir::DenseI64ArrayAttr>("scalars");
  unsigned arrays = body.getNumArguments() - kernel.getWorkAxes().size();
  for (unsigned i = 0; i < arrays; ++i) {
    if (llvm::is_contained(scalars.asArrayRef(), int64_t(i))) {
      pointers.push_back(
          ir.CreateConstInBoundsGEP1_64(ir.getInt64Ty(), scalarTable, i));
      continue;
    }
    Value *slot = ir.CreateConstInBoundsGEP1_64(ir.getPtrTy(), pointerTable, i);
    pointers.push_back(ir.CreateLoad(ir.getPtrTy(), slot));
  }
  // Item number to positions, row-major over the work axes.
  SmallVector<Value *> counts;
  for (auto [attr, step] :
       llvm::zip(kernel.getWorkAxes(), kernel.getWorkSteps())) {
    Value *size = axisSize(cast<mlir::StringAttr>(attr));
    counts.push_back(ir.CreateUDiv(ir.CreateAdd(size, ir.getInt64(step - 1)),
                                   ir.getInt64(step)));
  }
  emitLoop(ir, function->getArg(3), function->getArg(4), ir.getInt64(1),
           [&](Value *item) {
             for (size_t i = counts.size(); i-- > 0;) {
               Value *at = i ? ir.CreateURem(item, counts[i]) : item;
               if (i)
                 item = ir.CreateUDiv(item, counts[i]);
               indices[body.getArgument(arrays + i)] =
                   ir.CreateMul(at, ir.getInt64(kernel.getWorkSteps()[i]));
             }
             lowerBlock(body);
           });
  ir.CreateRetVoid();
}

void Lowering::lowerBlock(mlir::Block &block) {
  SmallVector<mlir::Operation *> plain;
  auto flush = [&] {
    lowerPlain(plain);
    plain.clear();
  };
  for (mlir::Operation &o : block) {
    if (auto loop = dyn_cast<ForOp>(o)) {
      flush();
      lowerFor(loop);
    } else if (auto store = dyn_cast<StoreOp>(o)) {
      flush();
      lowerStore(store);
    } else if (auto scatter = dyn_cast<ScatterOp>(o)) {
      flush();
      lowerScatter(scatter);
    } else if (auto read = dyn_cast<ReadIndexOp>(o)) {
      flush();
      indices[read.getResult()] =
          ir.CreateSExt(chunk(read.getValue(), 0, 0, false), ir.getInt64Ty());
    } else if (auto scratch = dyn_cast<ScratchOp>(o)) {
      lowerScratch(scratch);
    } else if (auto keep = dyn_cast<KeepOp>(o)) {
      flush();
      lowerKeep(keep);
    } else if (auto recall = dyn_cast<RecallOp>(o)) {
      flush();
      lowerRecall(recall);
    } else if (auto extent = dyn_cast<ExtentOp>(o)) {
      indices[extent.getResult()] = axisSize(extent.getAxisAttr());
    } else if (auto constant = dyn_cast<mlir::arith::ConstantIndexOp>(o)) {
      indices[constant.getResult()] = ir.getInt64(constant.value());
    } else if (auto add = dyn_cast<mlir::arith::AddIOp>(o)) {
      indices[add.getResult()] = ir.CreateAdd(indices.lookup(add.getLhs()),
                                              indices.lookup(add.getRhs()));
    } else if (auto mul = dyn_cast<mlir::arith::MulIOp>(o)) {
      indices[mul.getResult()] = ir.CreateMul(indices.lookup(mul.getLhs()),
                                              indices.lookup(mul.getRhs()));
    } else if (auto div = dyn_cast<mlir::arith::FloorDivSIOp>(o)) {
      indices[div.getResult()] = llvmir::floorDivide(
          ir, indices.lookup(div.getLhs()), indices.lookup(div.getRhs()));
    } else if (auto min = dyn_cast<mlir::arith::MinSIOp>(o)) {
      indices[min.getResult()] = ir.CreateBinaryIntrinsic(
          llvm::Intrinsic::smin, indices.lookup(min.getLhs()),
          indices.lookup(min.getRhs()));
    } else if (!isa<YieldOp>(o)) {
      plain.push_back(&o);
    }
  }
  flush();
}

/// One vector of all the ops before the next: values die early, so that they
/// fit the registers.
void Lowering::lowerPlain(llvm::ArrayRef<mlir::Operation *> ops) {
  int64_t rows = 1, vectors = 1;
  for (mlir::Operation *o : ops) {
    mlir::Type type = o->getResult(0).getType();
    values[o->getResult(0)].assign(rowsOf(type) * vectorsOf(type), nullptr);
    rows = std::max(rows, rowsOf(type));
    vectors = std::max(vectors, vectorsOf(type));
  }
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t v = 0; v < vectors; ++v)
      for (mlir::Operation *o : ops) {
        mlir::Type type = o->getResult(0).getType();
        if (r < rowsOf(type) && v < vectorsOf(type))
          lowerChunk(o, r, v);
      }
}

void Lowering::lowerChunk(mlir::Operation *o, int64_t r, int64_t v) {
  mlir::Type type = o->getResult(0).getType();
  bool vector = hasLanes(type);
  mlir::Type element = elementOf(type);
  llvm::Type *scalar = registerType(ir.getContext(), element);
  Value *made = nullptr;
  if (auto load = dyn_cast<LoadOp>(o)) {
    made = lowerLoad(load, r, v);
  } else if (auto iota = dyn_cast<IotaOp>(o)) {
    Value *first = ir.CreateTrunc(indices.lookup(iota.getFirst()), scalar);
    if (!vector && rowsOf(type) > 1)
      first = ir.CreateAdd(first, llvm::ConstantInt::get(scalar, r));
    if (vector) {
      SmallVector<llvm::Constant *> ramp;
      for (int64_t i = 0; i < lanes; ++i)
        ramp.push_back(llvm::ConstantInt::get(scalar, v * lanes + i));
      first = ir.CreateAdd(ir.CreateVectorSplat(lanes, first),
                           llvm::ConstantVector::get(ramp));
    }
    made = first;
  } else if (auto size = dyn_cast<SizeOp>(o)) {
    made = ir.CreateTrunc(axisSize(size.getAxisAttr()), scalar);
  } else if (auto constant = dyn_cast<ConstantOp>(o)) {
    made = lowerConstant(ir, constant);
    if (vector)
      made = ir.CreateVectorSplat(lanes, made);
  } else {
    SmallVector<Value *> operands;
    for (mlir::Value operand : o->getOperands())
      operands.push_back(chunk(operand, r, v, vector));
    made = lowerElementwise(ir, o, operands, {});
  }
  values[o->getResult(0)][r * vectorsOf(type) + v] = made;
}

llvm::Function *cpu::lowerKernel(KernelOp kernel, OpOp op, llvm::Module &module,
                                 llvm::StringRef symbol, int64_t lanes) {
  llvm::LLVMContext &context = module.getContext();
  auto *pointer = llvm::PointerType::get(context, 0);
  auto *i64 = llvm::Type::getInt64Ty(context);
  auto *type =
      llvm::FunctionType::get(llvm::Type::getVoidTy(context),
                              {pointer, pointer, pointer, i64, i64}, false);
  auto *function = llvm::Function::Create(type, llvm::Function::InternalLinkage,
                                          symbol, module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  Lowering(kernel, op, function, lanes).run();
  return function;
}
