// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Building blocks of quotients and roots that are rounded once.
//
// Everything is 32 bits wide, so that one count of elements holds for all:
// masks are 0 or -1 by an arithmetic shift, and choose(m, x, y) is y - m (x -
// y).
#ifndef GEMEL_CODEGEN_ASCEND_CCE_EXACT_H
#define GEMEL_CODEGEN_ASCEND_CCE_EXACT_H

#include "codegen/ascend/cce/Cce.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace gemel::cce {

/// Elements, as pointers to i32; f32 where a name says so.
class Exact {
public:
  /// Before `op`; what comes between has so many bytes.
  Exact(mlir::Operation *op, mlir::Value repeat, int64_t bytes)
      : b(op), loc(op->getLoc()), repeat(repeat), bytes(bytes) {
    i32 = b.getI32Type();
    ui32 =
        mlir::IntegerType::get(b.getContext(), 32, mlir::IntegerType::Unsigned);
    f32 = b.getF32Type();
  }

  /// RoundExactly.cpp: of any numbers.
  void divide(mlir::Value dst, mlir::Value dividend, mlir::Value divisor);
  void root(mlir::Value dst, mlir::Value radicand);

  /// RoundUsual.cpp: of usual numbers. `count` holds before and after; in the
  /// branch that is returned others are to be done.
  mlir::scf::IfOp divideUsual(mlir::Value dst, mlir::Value dividend,
                              mlir::Value divisor, SetVectorMaskOp count);
  mlir::scf::IfOp rootUsual(mlir::Value dst, mlir::Value radicand,
                            SetVectorMaskOp count);

private:
  struct Parts {
    mlir::Value exponent, significand; ///< biased; 2^23 to 2^24 - 1
  };

  mlir::Value fresh(mlir::Type element) {
    return AllocOp::create(b, loc,
                           PtrType::get(b.getContext(), Space::Ub, element),
                           bytes, mlir::IntegerAttr());
  }
  mlir::Value as(mlir::Type element, mlir::Value v) {
    auto type = PtrType::get(b.getContext(), Space::Ub, element);
    if (v.getType() == type)
      return v;
    return CastOp::create(b, loc, type, v);
  }
  template <typename OpTy>
  mlir::Value one(mlir::Value x, mlir::Type element) {
    mlir::Value dst = fresh(element);
    OpTy::create(b, loc, dst, as(element, x), repeat, 1, 1, 8, 8);
    return dst;
  }
  template <typename OpTy>
  mlir::Value two(mlir::Value x, mlir::Value y, mlir::Type element) {
    mlir::Value dst = fresh(element);
    OpTy::create(b, loc, dst, as(element, x), as(element, y), repeat, 1, 1, 1,
                 8, 8, 8);
    return dst;
  }
  template <typename OpTy>
  mlir::Value with(mlir::Value x, mlir::TypedAttr scalar) {
    mlir::Type element = scalar.getType();
    mlir::Value dst = fresh(element);
    mlir::Value number = mlir::arith::ConstantOp::create(b, loc, scalar);
    OpTy::create(b, loc, dst, as(element, x), number, repeat, 1, 1, 8, 8);
    return dst;
  }
  template <typename OpTy>
  mlir::Value shift(mlir::Value x, int64_t bits, mlir::Type element) {
    mlir::Value dst = fresh(element);
    OpTy::create(b, loc, dst, as(element, x), bits, repeat, 1, 1, 8, 8);
    return as(i32, dst);
  }
  mlir::Value add(mlir::Value x, mlir::Value y) {
    return two<VaddOp>(x, y, i32);
  }
  mlir::Value sub(mlir::Value x, mlir::Value y) {
    return two<VsubOp>(x, y, i32);
  }
  mlir::Value mul(mlir::Value x, mlir::Value y) {
    return two<VmulOp>(x, y, i32);
  }
  mlir::Value plus(mlir::Value x, int64_t n) {
    return with<VaddsOp>(x, b.getI32IntegerAttr(static_cast<int32_t>(n)));
  }
  mlir::Value times(mlir::Value x, int64_t n) {
    return with<VmulsOp>(x, b.getI32IntegerAttr(static_cast<int32_t>(n)));
  }
  mlir::Value least(mlir::Value x, int64_t n) {
    return with<VminsOp>(x, b.getI32IntegerAttr(static_cast<int32_t>(n)));
  }
  mlir::Value most(mlir::Value x, int64_t n) {
    return with<VmaxsOp>(x, b.getI32IntegerAttr(static_cast<int32_t>(n)));
  }
  mlir::Value left(mlir::Value x, int64_t n) {
    return shift<VshlOp>(x, n, i32);
  }
  mlir::Value right(mlir::Value x, int64_t n) {
    return shift<VshrOp>(x, n, ui32);
  }
  /// -1 where x is negative.
  mlir::Value isNegative(mlir::Value x) { return shift<VshrOp>(x, 31, i32); }
  mlir::Value minus(mlir::Value x) { return times(x, -1); }
  mlir::Value mulFloats(mlir::Value x, mlir::Value y) {
    return as(i32, two<VmulOp>(x, y, f32));
  }
  mlir::Value choose(mlir::Value mask, mlir::Value x, mlir::Value y) {
    return sub(y, mul(mask, sub(x, y)));
  }
  /// The lowest 23 bits, and the one above them set.
  mlir::Value significandOf(mlir::Value x) {
    return plus(right(left(x, 9), 9), 0x800000);
  }
  /// 2 to the n, of which the biased exponent is normal.
  mlir::Value powerOfTwo(mlir::Value n) { return left(plus(n, 127), 23); }
  mlir::Value magnitude(mlir::Value x) { return right(left(x, 1), 1); }
  mlir::Value isSpecial(mlir::Value magnitude) {
    mlir::Value zero = isNegative(plus(magnitude, -1));
    mlir::Value large = isNegative(plus(minus(magnitude), 0x7f7fffff));
    return add(zero, large);
  }
  Parts split(mlir::Value magnitude);
  /// What elements, as integers, are at most or at least.
  struct Bound {
    mlir::Value elements;
    bool most;
    int32_t bound;
  };
  mlir::Value marginOf(llvm::ArrayRef<Bound> bounds, SetVectorMaskOp count);
  mlir::scf::IfOp ifNegative(mlir::Value margin, SetVectorMaskOp count);
  /// As integers: `units` and `change`.
  void sum(mlir::Value dst, mlir::Value units, mlir::Value change) {
    VaddOp::create(b, loc, as(i32, dst), units, change, repeat, 1, 1, 1, 8, 8,
                   8);
  }
  void keep(mlir::Value dst, mlir::Value bits) {
    // A copy as it stands: adding 0 to integers.
    mlir::Value zero =
        mlir::arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0));
    VaddsOp::create(b, loc, as(i32, dst), bits, zero, repeat, 1, 1, 8, 8);
  }

  mlir::OpBuilder b;
  mlir::Location loc;
  mlir::Value repeat;
  int64_t bytes;
  mlir::Type i32, ui32, f32;
};

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_EXACT_H
