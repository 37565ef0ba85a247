// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads and stores: never a byte outside the argument.

#include "codegen/llvm/Control.h"
#include "codegen/nvidia/Lowering.h"
#include "dialect/TypeRules.h"

using namespace gemel;
using namespace gemel::llvmir;
using namespace gemel::nvidia;
using llvm::SmallVector;
using llvm::Value;
using mlir::cast;

// PTX's global memory.
static constexpr unsigned kGlobal = 1;

static Value *both(llvm::IRBuilder<> &ir, Value *a, Value *b) {
  return a && b ? ir.CreateAnd(a, b) : a ? a : b;
}

Value *Lowering::arrayPointer(mlir::Value array) {
  unsigned i = cast<mlir::BlockArgument>(array).getArgNumber();
  Value *&known = slots[i];
  if (known)
    return known;
  // Where all uses see it: the function's entry.
  llvm::IRBuilder<>::InsertPointGuard guard(ir);
  ir.SetInsertPoint(function->getEntryBlock().getFirstNonPHIOrDbg());
  auto scalars = kernel->getAttrOfType<mlir::DenseI64ArrayAttr>("scalars");
  if (llvm::is_contained(scalars.asArrayRef(), int64_t(i)))
    return known = slot(i);
  return known = ir.CreateIntToPtr(
             ir.CreateLoad(ir.getInt64Ty(), slot(i)),
             llvm::PointerType::get(ir.getContext(), kGlobal));
}

Lowering::Address Lowering::address(mlir::Value array,
                                    mlir::ValueRange positions, mlir::Type tile,
                                    int64_t r, int64_t k, bool repeats) {
  Address result;
  Value *step = nullptr;
  auto axes = axesOf(array);
  Value *base = ir.getInt64(0), *stride = ir.getInt64(1);
  for (size_t d = axes.size(); d-- > 0;) {
    mlir::StringAttr axis = axes[d];
    Value *size = axisSize(axis), *at;
    if (auto it = indices.find(positions[d]); it != indices.end()) {
      at = it->second;
      if (isLane(axis) && hasLanes(tile)) {
        at = ir.CreateAdd(at, firstLane(placesOf(tile)));
        Value *left = lanesLeft(at, size);
        Value *after =
            llvm::ConstantInt::getSigned(left->getType(), lanesAfter(k));
        // Whether the chain's steps are vectors in memory, no plan says.
        result.together = axis == lane && d + 1 == axes.size();
        if (repeats)
          after = ir.CreateBinaryIntrinsic(
              llvm::Intrinsic::smin, after,
              ir.CreateSub(left, ir.getInt32(result.together ? access : 1)));
        else
          result.within =
              both(ir, result.within, ir.CreateICmpSGT(left, after));
        step = ir.CreateMul(ir.CreateSExt(after, ir.getInt64Ty()), stride);
      } else if (axis == row && rowsOf(tile) > 1 && matrix && !repeats) {
        at = ir.CreateAdd(at, offsetOfRow(r));
        result.within = both(ir, result.within, ir.CreateICmpSLT(at, size));
      } else if (axis == row && rowsOf(tile) > 1) {
        // Rows past the end repeat the last one; they are never stored.
        at = ir.CreateBinaryIntrinsic(llvm::Intrinsic::umin,
                                      ir.CreateAdd(at, offsetOfRow(r)),
                                      ir.CreateSub(size, ir.getInt64(1)));
      }
    } else {
      at = ir.CreateSExt(piece(positions[d], r, k), ir.getInt64Ty());
      result.inside = both(ir, result.inside, ir.CreateICmpULT(at, size));
    }
    base = ir.CreateAdd(base, ir.CreateMul(at, stride));
    stride = ir.CreateMul(stride, size);
  }
  // Lanes that are placed one by one, beside an index: no vector.
  for (mlir::Value position : positions)
    if (!indices.count(position) && hasLanes(position.getType()))
      result.together = false;
  llvm::Type *type = memoryType(ir.getContext(), elementOf(array));
  result.pointer = ir.CreateGEP(type, arrayPointer(array), base);
  if (step)
    result.pointer = ir.CreateGEP(type, result.pointer, step);
  return result;
}

/// As wide as an access may be.
static llvm::Align alignmentOf(int64_t count, llvm::Type *scalar) {
  int64_t bytes =
      count * static_cast<int64_t>(scalar->getScalarSizeInBits()) / 8;
  return llvm::Align(std::min(bytes, kAccess));
}

void Lowering::lowerLoad(LoadOp load, int64_t r) {
  if (Value *place = brought.lookup(load))
    return loadBrought(load, place);
  mlir::Type tile = load.getType(), element = elementOf(tile);
  llvm::Type *scalar = memoryType(ir.getContext(), element);
  bool isConstant = !stored.contains(load.getArray());
  auto *none = llvm::MDNode::get(ir.getContext(), {});
  auto read = [&](llvm::Type *type, Value *pointer, llvm::Align align) {
    auto *made = ir.CreateAlignedLoad(type, pointer, align);
    // What the launch before may still write is no constant of this one.
    if (isConstant && !overlaps)
      made->setMetadata(llvm::LLVMContext::MD_invariant_load, none);
    return made;
  };
  auto finish = [&](Value *made, const Address &at) {
    if (element.isInteger(1))
      made = ir.CreateICmpNE(made, llvm::Constant::getNullValue(scalar));
    if (!at.inside)
      return made;
    return ir.CreateSelect(at.inside, made,
                           absentValue(made->getType(), element));
  };
  Pieces pieces;
  for (int64_t k = 0, places = placesOf(tile); k < places;) {
    // Beside a matrix unit, what is past the end is only never stored: without
    // a branch around each, loads do not wait for one another. Of what others
    // store it is not read.
    Address at = address(load.getArray(), load.getPositions(), tile, r, k,
                         /*repeats=*/matrix && isConstant);
    int64_t count = at.together && hasLanes(tile) ? access : 1;
    llvm::Type *type = scalar;
    if (count > 1)
      type = llvm::FixedVectorType::get(scalar, count);
    Value *guard = both(ir, at.within, at.inside);
    auto whole = [&]() -> Value * {
      return read(type, at.pointer, alignmentOf(count, scalar));
    };
    Value *made =
        guard ? emitChoice(ir, guard, llvm::Constant::getNullValue(type), whole)
              : whole();
    for (int64_t j = 0; j < count; ++j)
      pieces.push_back(
          finish(count > 1 ? ir.CreateExtractElement(made, j) : made, at));
    k += count;
  }
  values[load.getResult()].append(pieces.begin(), pieces.end());
}

/// Whether lanes have read what others store.
bool Lowering::ordersBefore(StoreOp store) {
  bool mixed = false;
  kernel.walk([&](LoadOp load) {
    mixed |=
        load.getArray() == store.getArray() &&
        (!hasLanes(load.getType()) || !hasLanes(store.getTile().getType()));
  });
  return mixed && team > 1;
}

/// The positions that a store writes.
TileType Lowering::storedTile(StoreOp store) {
  SmallVector<mlir::StringAttr> names;
  SmallVector<int64_t> extents;
  for (auto [axis, extent] :
       llvm::zip(axesOf(store.getArray()), store.getExtents()))
    if (extent > 1) {
      names.push_back(axis);
      extents.push_back(extent);
    }
  return TileType::get(store.getContext(), names, extents,
                       elementOf(store.getArray()));
}

void Lowering::lowerStore(StoreOp store, int64_t r) {
  mlir::Type from = elementOf(store.getTile()),
             to = elementOf(store.getArray());
  TileType tile = storedTile(store);
  llvm::Type *scalar = memoryType(ir.getContext(), to);
  Instructions has{/*maximum=*/true, /*bf16Rounding=*/true};
  Value *guardOfRow = nullptr;
  if (rowsOf(tile) > 1) {
    size_t d = llvm::find(axesOf(store.getArray()), row) -
               axesOf(store.getArray()).begin();
    Value *at =
        ir.CreateAdd(indices.lookup(store.getPositions()[d]), offsetOfRow(r));
    guardOfRow = ir.CreateICmpSLT(at, axisSize(row));
  }
  if (!hasLanes(tile) && team > 1) { // the same in all; one stores
    Value *who = member;
    if (matrix && rowsOf(tile) > 1) // each row by the first of its threads
      who = ir.CreateAnd(member, 3 | (laneWarps - 1) * kWarp);
    guardOfRow = both(ir, guardOfRow, ir.CreateICmpEQ(who, ir.getInt32(0)));
  }
  for (int64_t k = 0, places = placesOf(tile); k < places;) {
    Address at = address(store.getArray(), store.getPositions(), tile, r, k);
    int64_t count = at.together && hasLanes(tile) ? access : 1;
    Value *whole = nullptr;
    if (count > 1)
      whole = llvm::PoisonValue::get(llvm::FixedVectorType::get(scalar, count));
    for (int64_t j = 0; j < count; ++j) {
      Value *one =
          toMemory(ir, piece(store.getTile(), r, k + j), from, to, has);
      whole = count > 1 ? ir.CreateInsertElement(whole, one, j) : one;
    }
    auto write = [&] {
      ir.CreateAlignedStore(whole, at.pointer, alignmentOf(count, scalar));
    };
    if (Value *guard = both(ir, at.within, guardOfRow))
      emitIf(ir, guard, write);
    else
      write();
    k += count;
  }
}

void Lowering::lowerScatter(ScatterOp scatter) {
  mlir::Type tile = scatter.getTile().getType();
  mlir::Type from = elementOf(tile), to = elementOf(scatter.getArray());
  Instructions has{/*maximum=*/true, /*bf16Rounding=*/true};
  for (int64_t r = 0, rows = rowsOf(tile); r < rows; ++r)
    for (int64_t k = 0, places = placesOf(tile); k < places; ++k) {
      Address at =
          address(scatter.getArray(), scatter.getPositions(), tile, r, k);
      Value *value =
          toMemory(ir, piece(scatter.getTile(), r, k), from, to, has);
      Value *guard = both(ir, at.within, at.inside);
      if (!hasLanes(tile) && team > 1) // the same in all; one stores
        guard = both(ir, guard, ir.CreateICmpEQ(member, ir.getInt32(0)));
      emitIf(ir, guard ? guard : ir.getTrue(), [&] {
        ir.CreateAlignedStore(value, at.pointer,
                              alignmentOf(1, value->getType()));
      });
    }
}
