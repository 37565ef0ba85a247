// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads and stores: never a byte outside the argument.

#include "codegen/cpu/Lowering.h"
#include "codegen/llvm/Control.h"
#include "codegen/llvm/LowerElementwise.h"
#include "dialect/TypeRules.h"

using namespace gemel;
using namespace gemel::cpu;
using namespace gemel::llvmir;
using llvm::SmallVector;
using llvm::Value;
using mlir::cast;
using mlir::isa;

Value *Lowering::laneMask(int64_t vector) {
  if (!tailFirst)
    return nullptr;
  SmallVector<llvm::Constant *> ramp;
  for (int64_t i = 0; i < lanes; ++i)
    ramp.push_back(ir.getInt32(vector * lanes + i));
  Value *left =
      ir.CreateTrunc(ir.CreateSub(tailEnd, tailFirst), ir.getInt32Ty());
  return ir.CreateICmpSLT(llvm::ConstantVector::get(ramp),
                          ir.CreateVectorSplat(lanes, left));
}

Lowering::Address Lowering::address(mlir::Value array,
                                    mlir::ValueRange positions, mlir::Type tile,
                                    int64_t r, int64_t v) {
  Address result;
  bool vector = hasLanes(tile);
  auto axes = axesOf(array);
  Value *base = ir.getInt64(0);
  Value *stride = ir.getInt64(1);
  SmallVector<Value *> perLane;
  auto *wide = llvm::FixedVectorType::get(ir.getInt64Ty(), lanes);
  auto narrowInside = [&](Value *inside) {
    if (!result.inside) {
      result.inside = inside;
      return;
    }
    Value *a = result.inside, *b = inside;
    if (a->getType()->isVectorTy() != b->getType()->isVectorTy()) {
      if (!a->getType()->isVectorTy())
        a = ir.CreateVectorSplat(lanes, a);
      else
        b = ir.CreateVectorSplat(lanes, b);
    }
    result.inside = ir.CreateAnd(a, b);
  };
  for (size_t k = axes.size(); k-- > 0;) {
    mlir::StringAttr axis = axes[k];
    Value *size = axisSize(axis);
    if (auto it = indices.find(positions[k]); it != indices.end()) {
      Value *at = it->second;
      if (axis == lane && vector) {
        at = ir.CreateAdd(at, ir.getInt64(v * lanes));
        if (k + 1 == axes.size()) {
          result.contiguous = true;
        } else {
          SmallVector<llvm::Constant *> ramp;
          for (int64_t i = 0; i < lanes; ++i)
            ramp.push_back(ir.getInt64(i));
          perLane.push_back(ir.CreateMul(llvm::ConstantVector::get(ramp),
                                         ir.CreateVectorSplat(lanes, stride)));
        }
      } else if (axis == row && rowsOf(tile) > 1) {
        // Rows past the end repeat the last one; they are never stored.
        at = ir.CreateBinaryIntrinsic(llvm::Intrinsic::umin,
                                      ir.CreateAdd(at, ir.getInt64(r)),
                                      ir.CreateSub(size, ir.getInt64(1)));
      }
      base = ir.CreateAdd(base, ir.CreateMul(at, stride));
    } else {
      Value *at = chunk(positions[k], r, v, false);
      bool many = at->getType()->isVectorTy();
      llvm::Type *i64 =
          many ? static_cast<llvm::Type *>(wide) : ir.getInt64Ty();
      at = ir.CreateSExt(at, i64);
      Value *limit = many ? ir.CreateVectorSplat(lanes, size) : size;
      narrowInside(ir.CreateICmpULT(at, limit));
      if (many)
        perLane.push_back(
            ir.CreateMul(at, ir.CreateVectorSplat(lanes, stride)));
      else
        base = ir.CreateAdd(base, ir.CreateMul(at, stride));
    }
    stride = ir.CreateMul(stride, size);
  }
  llvm::Type *type = memoryType(ir.getContext(), elementOf(array));
  unsigned number = cast<mlir::BlockArgument>(array).getArgNumber();
  if (!perLane.empty()) {
    if (result.contiguous) {
      SmallVector<llvm::Constant *> ramp;
      for (int64_t i = 0; i < lanes; ++i)
        ramp.push_back(ir.getInt64(i));
      perLane.push_back(llvm::ConstantVector::get(ramp));
      result.contiguous = false;
    }
    Value *offsets = ir.CreateVectorSplat(lanes, base);
    for (Value *more : perLane)
      offsets = ir.CreateAdd(offsets, more);
    result.offsets = ir.CreateGEP(type, argument(number), offsets);
    return result;
  }
  result.base = base;
  result.pointer = ir.CreateGEP(type, argument(number), base);
  return result;
}

/// A row that is swept again lies in a cache: the memory is free to bring what
/// comes next, the next work item's row and what this one is stored to. A
/// prefetch reads and writes nothing, wherever it points.
void Lowering::prefetchAhead(LoadOp load, const Address &at, int64_t v) {
  constexpr int64_t kLineBytes = 64; // x86-64, every chip of the target
  llvm::ArrayRef<mlir::StringAttr> axes = axesOf(load.getArray());
  if (!at.contiguous || axes.size() < 2 || !swept.contains(load.getArray()))
    return;
  auto prefetch = [&](mlir::Value array, bool nextRow, bool write) {
    llvm::Type *type = memoryType(ir.getContext(), elementOf(array));
    int64_t bytes = type->getScalarSizeInBits() / 8;
    if (v * lanes * bytes % kLineBytes != 0)
      return;
    Value *offset = at.base;
    if (nextRow)
      offset = ir.CreateAdd(offset, axisSize(axes.back()));
    unsigned number = cast<mlir::BlockArgument>(array).getArgNumber();
    Value *pointer = ir.CreateGEP(type, argument(number), offset);
    ir.CreateIntrinsic(llvm::Intrinsic::prefetch, {pointer->getType()},
                       {pointer, ir.getInt32(write), /*keep*/ ir.getInt32(3),
                        /*data*/ ir.getInt32(1)});
  };
  prefetch(load.getArray(), /*nextRow=*/true, /*write=*/false);
  kernel.walk([&](StoreOp store) {
    if (axesOf(store.getArray()) == axes)
      prefetch(store.getArray(),
               /*nextRow=*/store->getBlock() == load->getBlock(),
               /*write=*/true);
  });
}

Value *Lowering::lowerLoad(LoadOp load, int64_t r, int64_t v) {
  mlir::Type tile = load.getType(), element = elementOf(tile);
  bool vector = hasLanes(tile);
  llvm::Type *scalar = memoryType(ir.getContext(), element);
  auto *many = llvm::FixedVectorType::get(scalar, lanes);
  int64_t bytes = scalar->getScalarSizeInBits() / 8;
  Address at = address(load.getArray(), load.getPositions(), tile, r, v);
  Value *mask = vector ? laneMask(v) : nullptr;
  Value *made;
  if (at.offsets) {
    Value *inside =
        at.inside ? at.inside
                  : llvm::ConstantInt::getTrue(
                        llvm::FixedVectorType::get(ir.getInt1Ty(), lanes));
    if (!inside->getType()->isVectorTy())
      inside = ir.CreateVectorSplat(lanes, inside);
    if (mask)
      inside = ir.CreateAnd(inside, mask);
    made = ir.CreateMaskedGather(many, at.offsets, llvm::Align(bytes), inside,
                                 llvm::Constant::getNullValue(many));
  } else {
    Value *pointer = at.pointer;
    if (at.inside) {
      // An index outside reads zeros of our own instead.
      llvm::Module &module = *function->getParent();
      // The widest vector of 8-byte elements, for every chip of the library.
      auto *type = llvm::ArrayType::get(ir.getInt8Ty(), 128);
      auto *zeros = llvm::cast<llvm::GlobalVariable>(
          module.getOrInsertGlobal("gemel_absent", type));
      zeros->setLinkage(llvm::GlobalValue::InternalLinkage);
      zeros->setInitializer(llvm::Constant::getNullValue(type));
      zeros->setConstant(true);
      zeros->setAlignment(llvm::Align(64));
      pointer = ir.CreateSelect(at.inside, pointer, zeros);
    }
    if (vector)
      prefetchAhead(load, at, v);
    if (!vector)
      made = ir.CreateAlignedLoad(scalar, pointer, llvm::Align(bytes));
    else if (mask)
      made = ir.CreateMaskedLoad(many, pointer, llvm::Align(bytes), mask,
                                 llvm::Constant::getNullValue(many));
    else
      made = ir.CreateAlignedLoad(many, pointer, llvm::Align(bytes));
  }
  if (element.isInteger(1))
    made = ir.CreateICmpNE(made, llvm::Constant::getNullValue(made->getType()));
  if (!at.inside)
    return made;
  llvm::Type *type = made->getType();
  return ir.CreateSelect(at.inside, made, absentValue(type, element));
}

void Lowering::lowerStore(StoreOp store) {
  mlir::Type from = elementOf(store.getTile()),
             to = elementOf(store.getArray());
  auto axes = axesOf(store.getArray());
  int64_t rows = 1, vectors = 1;
  bool vector = false;
  SmallVector<mlir::StringAttr> names;
  SmallVector<int64_t> extents;
  Value *firstRow = nullptr;
  for (auto [k, axis] : llvm::enumerate(axes)) {
    int64_t extent = store.getExtents()[k];
    if (extent == 1)
      continue;
    names.push_back(axis);
    extents.push_back(extent);
    if (axis == lane) {
      vector = true;
      vectors = extent / lanes;
    } else {
      rows = extent;
      firstRow = indices.lookup(store.getPositions()[k]);
    }
  }
  auto tile = TileType::get(store.getContext(), names, extents, to);
  for (int64_t r = 0; r < rows; ++r) {
    auto one = [&] {
      for (int64_t v = 0; v < vectors; ++v) {
        Value *value = chunk(store.getTile(), r, v, vector);
        value = toMemory(ir, value, from, to, {});
        Address at =
            address(store.getArray(), store.getPositions(), tile, r, v);
        llvm::Align align(value->getType()->getScalarSizeInBits() / 8);
        Value *mask = vector ? laneMask(v) : nullptr;
        if (at.offsets) {
          if (!mask)
            mask = llvm::ConstantInt::getTrue(
                llvm::FixedVectorType::get(ir.getInt1Ty(), lanes));
          ir.CreateMaskedScatter(value, at.offsets, align, mask);
        } else if (mask) {
          ir.CreateMaskedStore(value, at.pointer, align, mask);
        } else {
          ir.CreateAlignedStore(value, at.pointer, align);
        }
      }
    };
    if (rows == 1)
      one();
    else
      emitIf(ir,
             ir.CreateICmpULT(ir.CreateAdd(firstRow, ir.getInt64(r)),
                              axisSize(row)),
             one);
  }
}

void Lowering::lowerScatter(ScatterOp scatter) {
  mlir::Type tile = scatter.getTile().getType();
  mlir::Type from = elementOf(tile), to = elementOf(scatter.getArray());
  bool vector = hasLanes(tile);
  for (int64_t r = 0, rows = rowsOf(tile); r < rows; ++r)
    for (int64_t v = 0, vectors = vectorsOf(tile); v < vectors; ++v) {
      Value *value =
          toMemory(ir, chunk(scatter.getTile(), r, v, vector), from, to, {});
      llvm::Align align(value->getType()->getScalarSizeInBits() / 8);
      Address at =
          address(scatter.getArray(), scatter.getPositions(), tile, r, v);
      if (!vector) {
        emitIf(ir, at.inside ? at.inside : ir.getTrue(),
               [&] { ir.CreateAlignedStore(value, at.pointer, align); });
        continue;
      }
      Value *mask = at.inside;
      if (!mask->getType()->isVectorTy())
        mask = ir.CreateVectorSplat(lanes, mask);
      if (Value *tail = laneMask(v))
        mask = ir.CreateAnd(mask, tail);
      ir.CreateMaskedScatter(value, at.offsets, align, mask);
    }
}
