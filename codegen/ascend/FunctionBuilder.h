// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Spells the defined functions as vector instructions.

#ifndef GEMEL_CODEGEN_ASCEND_FUNCTIONBUILDER_H
#define GEMEL_CODEGEN_ASCEND_FUNCTIONBUILDER_H

#include "codegen/ascend/Emitter.h"

namespace gemel::ascend {

/// The builder concept of dialect/Functions.h over pieces.
struct FunctionBuilder {
  /// A constant has no piece until an instruction wants one.
  struct F32 {
    Piece piece;
    std::optional<float> constant;
    bool isPositive = true; ///< or may be
  };
  struct I32 {
    Piece piece;
    std::optional<int32_t> constant;
  };
  struct Pred {
    Piece bits;
    bool isNot = false; ///< true where a bit is not set
  };

  explicit FunctionBuilder(Emitter &e)
      : e(e), f(e.b.getF32Type()), i(e.b.getI32Type()) {}

  F32 f32(float v) { return {{}, v}; }
  I32 i32(int32_t v) { return {{}, v}; }
  F32 add(F32 a, F32 b) {
    if (a.constant)
      std::swap(a, b);
    if (b.constant)
      return {e.with<cce::VaddsOp>(f, a.piece, attr(*b.constant)), {}};
    return {e.two<cce::VaddOp>(f, a.piece, b.piece), {}};
  }
  F32 sub(F32 a, F32 b) {
    if (b.constant)
      return add(a, f32(-*b.constant));
    return {e.two<cce::VsubOp>(f, of(a), b.piece), {}};
  }
  F32 mul(F32 a, F32 b) {
    if (a.constant)
      std::swap(a, b);
    if (b.constant)
      return {e.with<cce::VmulsOp>(f, a.piece, attr(*b.constant)), {}};
    return {e.two<cce::VmulOp>(f, a.piece, b.piece), {}};
  }
  // Never of two zeros: where the functions take them, one is a constant that
  // is none.
  F32 max(F32 a, F32 b) {
    if (a.constant)
      std::swap(a, b);
    return {e.with<cce::VmaxsOp>(f, a.piece, attr(*b.constant)), {}};
  }
  F32 min(F32 a, F32 b) {
    if (a.constant)
      std::swap(a, b);
    if (!a.isPositive && *b.constant >= 0)
      return a;
    return {e.with<cce::VminsOp>(f, a.piece, attr(*b.constant)), {}};
  }
  I32 add(I32 a, I32 b) {
    if (a.constant)
      std::swap(a, b);
    if (b.constant)
      return {e.with<cce::VaddsOp>(i, a.piece, attr(*b.constant)), {}};
    return {e.two<cce::VaddOp>(i, a.piece, b.piece), {}};
  }
  I32 sub(I32 a, I32 b) {
    if (b.constant && *b.constant != INT32_MIN)
      return add(a, i32(-*b.constant));
    return {e.two<cce::VsubOp>(i, of(a), of(b)), {}};
  }
  I32 shl(I32 a, int n) { return {e.shift<cce::VshlOp>(i, of(a), n), {}}; }
  I32 shrl(I32 a, int n) {
    return {e.shift<cce::VshrOp>(
                mlir::IntegerType::get(e.b.getContext(), 32,
                                       mlir::IntegerType::Unsigned),
                of(a), n),
            {}};
  }
  I32 shra(I32 a, int n) { return {e.shift<cce::VshrOp>(i, of(a), n), {}}; }
  Pred lt(F32 a, F32 b) {
    return {e.compare(cce::Relation::Lt, f, of(a), of(b))};
  }
  Pred le(F32 a, F32 b) {
    return {e.compare(cce::Relation::Le, f, of(a), of(b))};
  }
  Pred eq(F32 a, F32 b) {
    return {e.compare(cce::Relation::Eq, f, of(a), of(b))};
  }
  /// The unit compares integers for equality alone: a < b where the larger is
  /// not a.
  Pred lt(I32 a, I32 b) {
    Piece larger = e.two<cce::VmaxOp>(i, of(a), of(b));
    return {e.compare(cce::Relation::Eq, i, larger, of(a)), /*isNot=*/true};
  }
  Pred eq(I32 a, I32 b) {
    return {e.compare(cce::Relation::Eq, i, of(a), of(b))};
  }
  F32 select(Pred p, F32 a, F32 b) {
    if (p.isNot)
      std::swap(a, b);
    return {e.choose(p.bits, f, of(a), of(b)), {}};
  }
  I32 select(Pred p, I32 a, I32 b) {
    if (p.isNot)
      std::swap(a, b);
    return {e.choose(p.bits, i, of(a), of(b)), {}};
  }
  I32 bits(F32 a) { return {of(a), {}}; }
  F32 fromBits(I32 a) { return {of(a), {}}; }

  Piece of(F32 a) {
    return a.constant ? e.constant(attr(*a.constant)) : a.piece;
  }
  Piece of(I32 a) {
    return a.constant ? e.constant(attr(*a.constant)) : a.piece;
  }
  mlir::TypedAttr attr(float v) { return e.b.getF32FloatAttr(v); }
  mlir::TypedAttr attr(int32_t v) { return e.b.getI32IntegerAttr(v); }

  Emitter &e;
  mlir::Type f, i;
};

} // namespace gemel::ascend

#endif // GEMEL_CODEGEN_ASCEND_FUNCTIONBUILDER_H
