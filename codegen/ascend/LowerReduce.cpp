// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reductions along the lanes of a row: neighbours first, then neighbouring
// results, which is the default order and the order of the unit's own sums.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/Lowering.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/FunctionOps.h"
#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

TypedAttr ascend::identityOf(StringRef kind, Type element) {
  Builder b(element.getContext());
  if (element.isInteger(1))
    return b.getF32FloatAttr(kind == "all" ? 1 : 0);
  if (element.isF32()) {
    if (kind == "prod")
      return b.getF32FloatAttr(1);
    if (kind == "max" || kind == "min")
      return b.getF32FloatAttr(kind == "max" ? -INFINITY : INFINITY);
    return b.getF32FloatAttr(kind == "dot" ? 0.0f : -0.0f);
  }
  unsigned width = element.getIntOrFloatBitWidth();
  if (kind == "max")
    return b.getIntegerAttr(element, APInt::getSignedMinValue(width));
  if (kind == "min")
    return b.getIntegerAttr(element, APInt::getSignedMaxValue(width));
  return b.getIntegerAttr(element, kind == "prod" ? 1 : 0);
}

/// Two integers of the scalar unit.
static Value combineScalars(OpBuilder &b, Location loc, StringRef kind, Value x,
                            Value y) {
  if (kind == "sum" || kind == "sum_if")
    return arith::AddIOp::create(b, loc, x, y);
  if (kind == "prod")
    return arith::MulIOp::create(b, loc, x, y);
  auto predicate =
      kind == "max" ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::slt;
  Value wins = arith::CmpIOp::create(b, loc, predicate, x, y);
  return arith::SelectOp::create(b, loc, wins, x, y);
}

void Lowering::combineInto(StringRef kind, Type element, Piece x, Piece y,
                           Piece dst) {
  Type f32 = b.getF32Type();
  if (element.isInteger(1)) { // 0.0 and 1.0
    kind == "any" ? e.two<cce::VmaxOp>(f32, x, y, dst)
                  : e.two<cce::VminOp>(f32, x, y, dst);
  } else if (element.isInteger(64)) {
    e.loop(e.number(0), dst.lanes ? e.n : e.number(Emitter::kBlock),
           e.number(1), [&](Value i) {
             Value made =
                 combineScalars(b, e.loc, kind, e.scalar(x, element, i),
                                e.scalar(y, element, i));
             cce::StoreOp::create(b, e.loc, made, dst.pointer, i);
           });
  } else if (kind == "prod") {
    e.two<cce::VmulOp>(element, x, y, dst);
  } else if (kind == "max") {
    e.two<cce::VmaxOp>(element, x, y, dst);
  } else if (kind == "min") {
    e.two<cce::VminOp>(element, x, y, dst);
  } else {
    e.two<cce::VaddOp>(element, x, y, dst);
  }
}

/// Of f32, the sums or extrema of each block of a repeat, blocks of `dst`
/// `apart` from each other.
void Lowering::acrossBlocks(StringRef kind, Value dst, Value src,
                            int64_t apart) {
  if (kind == "max")
    cce::VcgmaxOp::create(b, e.loc, dst, src, e.number(1), apart, 1, 8);
  else if (kind == "min")
    cce::VcgminOp::create(b, e.loc, dst, src, e.number(1), apart, 1, 8);
  else
    cce::VcgaddOp::create(b, e.loc, dst, src, e.number(1), apart, 1, 8);
}

/// A repeat of a row's sums or extrema, eight elements to one at a time: in
/// `last`, which holds what changes none, or anywhere.
Value Lowering::acrossToRepeat(StringRef kind, Piece row, Value last) {
  Type f32 = b.getF32Type();
  Value now = row.pointer, elements = e.whole;
  bool isWhole = true; // repeats, which make whole blocks
  for (int64_t room = e.extent; room > kRepeat;) {
    if (e.known(elements) == kRepeat)
      break;
    room = llvm::alignTo(llvm::divideCeil(room, 8), kRepeat);
    Value next = last;
    bool isLast = room == kRepeat;
    if (!last || !isLast) {
      next = e.alloc(f32, room);
      if (isLast || !isWhole)
        e.fill(next, identityOf(kind, f32), room);
    }
    e.count(elements);
    acrossBlocks(kind, next, now);
    now = next;
    elements =
        isWhole && !isLast ? e.div(elements, e.number(8)) : e.number(room);
    isWhole = false;
  }
  if (last && now == row.pointer) {
    Type u32 = IntegerType::get(b.getContext(), 32, IntegerType::Unsigned);
    e.count(kRepeat);
    cce::VcopyOp::create(b, e.loc, e.as(u32, last), e.as(u32, now), e.number(1),
                         1, 1, 8, 8);
    now = last;
  }
  return now;
}

/// Sums, maxima and minima of f32.
Piece Lowering::acrossByUnit(StringRef kind, Piece row) {
  Type f32 = b.getF32Type();
  Value total = e.alloc(f32, Emitter::kBlock);
  Value now = acrossToRepeat(kind, row);
  e.count(kRepeat);
  if (kind == "max" || kind == "min") {
    Value last = e.alloc(f32, Emitter::kBlock);
    acrossBlocks(kind, last, now);
    e.count(Emitter::kBlock);
    acrossBlocks(kind, total, last);
  } else {
    cce::VcaddOp::create(b, e.loc, total, now, e.number(1), 1, 1, 8);
  }
  return e.block(total, f32);
}

/// As i32, the bits of -0 if all of `whole` elements have a sign, else of +0:
/// as integers what has a sign is less than what has none.
Piece Lowering::negativeZeroIfAll(Piece row) {
  Type i32 = b.getI32Type(), f32 = b.getF32Type();
  Value least = e.alloc(f32, Emitter::kBlock);
  leastSign(row, least);
  Piece all = e.block(least, f32);
  return e.shift<cce::VshlOp>(i32, e.convert(all, f32, i32, "r"), 31);
}

/// 1.0 if all of `whole` elements have a sign, else 0.0.
void Lowering::leastSign(Piece row, Value least) {
  Type i32 = b.getI32Type(), f32 = b.getF32Type();
  Type u32 = IntegerType::get(b.getContext(), 32, IntegerType::Unsigned);
  Value most = e.alloc(i32, kRepeat);
  e.fill(most, identityOf("max", i32), kRepeat);
  // Each repeat meets those before it.
  e.count(e.whole);
  cce::VmaxOp::create(b, e.loc, most, e.as(i32, row.pointer), most, e.number(1),
                      1, 1, 1, 0, 8, 0);
  for (int64_t half = kRepeat / 2; half >= Emitter::kBlock; half /= 2) {
    e.count(half);
    cce::VmaxOp::create(b, e.loc, most, most, e.at(most, half), e.number(1), 1,
                        1, 1, 8, 8, 8);
  }
  Piece sign = e.shift<cce::VshrOp>(u32, {most, false}, 31);
  Piece number = e.convert(sign, i32, f32, "r");
  e.count(Emitter::kBlock);
  cce::VcgminOp::create(b, e.loc, least, number.pointer, e.number(1), 1, 1, 8);
}

/// What the unit takes for the extremum, with a zero's sign put right: `zero`
/// is that of the terms, turned for minima.
Piece Lowering::withZero(StringRef kind, Piece extremum, Piece zero) {
  Type f32 = b.getF32Type();
  auto turn = [&](Piece p) {
    return kind == "max" ? p
                         : e.with<cce::VmulsOp>(f32, p, b.getF32FloatAttr(-1));
  };
  return turn(e.two<cce::VaddOp>(f32, turn(extremum), zero));
}

/// A difference or product tells a zero's sign by that of a zero it gives; a
/// function that is the same at both zeros does not.
bool Lowering::needsZeroSign(Value value) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    if (isa<ExpOp, AbsOp, SqOp, CompareOp>(user))
      return false;
    // Zeros beside what is never -0 give +0, and all else what it is.
    if (auto sum = dyn_cast<AddOp>(user)) {
      Value other = sum.getLhs() == value ? sum.getRhs() : sum.getLhs();
      if (isa_and_nonnull<LogOp, ExpOp, AbsOp, SqOp>(other.getDefiningOp()))
        return false;
    }
    bool passes = isa<AddOp, SubOp, MulOp, NegOp, StopOp>(user);
    return !passes || needsZeroSign(user->getResult(0));
  });
}

Piece Lowering::acrossExtreme(StringRef kind, Piece row, bool signedZero) {
  Type f32 = b.getF32Type();
  // What stands behind the last term takes no part.
  Piece own = row;
  if (e.n != e.whole) {
    own = e.piece(f32, /*lanes=*/true);
    e.copy(row, own, f32);
    e.fillPads(own.pointer, identityOf(kind, f32));
  }
  Piece made = acrossByUnit(kind, own);
  if (!signedZero)
    return made;
  if (kind == "min") {
    own = e.with<cce::VmulsOp>(f32, own, b.getF32FloatAttr(-1));
  }
  return withZero(kind, made, negativeZeroIfAll(own));
}

/// The unit has no products of neighbours: even and odd elements apart.
Piece Lowering::acrossProducts(Piece row) {
  Type f32 = b.getF32Type();
  Type u32 = IntegerType::get(b.getContext(), 32, IntegerType::Unsigned);
  int64_t room = llvm::PowerOf2Ceil(e.extent);
  Value now = e.alloc(f32, room);
  e.fill(now, b.getF32FloatAttr(1), room);
  e.count(e.whole);
  cce::VcopyOp::create(b, e.loc, e.as(u32, now), e.as(u32, row.pointer),
                       e.number(1), 1, 1, 8, 8);
  for (; room > 1; room /= 2) {
    int64_t half = std::max<int64_t>(room / 2, Emitter::kBlock);
    int64_t repeats = llvm::divideCeil(room, kRepeat);
    Value even = e.alloc(f32, repeats * kRepeat / 2);
    Value odd = e.alloc(f32, repeats * kRepeat / 2);
    cce::SetMaskNormOp::create(b, e.loc);
    for (auto [to, pattern] : {std::pair(even, 1), std::pair(odd, 2)})
      cce::Vreducev2Op::create(b, e.loc, e.as(u32, to), e.as(u32, now),
                               e.number(repeats), 1, pattern, 8);
    cce::SetMaskCountOp::create(b, e.loc);
    e.forget();
    // Room for whole repeats, of which the next step reads.
    Value next = e.alloc(f32, std::max(half, kRepeat));
    if (half < kRepeat)
      e.fill(next, b.getF32FloatAttr(1), kRepeat);
    e.count(half);
    cce::VmulOp::create(b, e.loc, next, even, odd, e.number(1), 1, 1, 1, 8, 8,
                        8);
    now = next;
  }
  return e.block(now, f32);
}

Piece Lowering::acrossIntegers(StringRef kind, Type element, Piece row) {
  Value total = e.alloc(element, Emitter::kBlock);
  Value first = e.number(0);
  if (element.isInteger(32)) { // any order: rows of eight first
    Piece sums{e.alloc(element, Emitter::kBlock), false};
    e.fill(sums.pointer, identityOf(kind, element), Emitter::kBlock);
    e.loop(e.number(0), e.whole, e.number(Emitter::kBlock), [&](Value i) {
      combineInto(kind, element, sums, {e.at(row.pointer, i), false}, sums);
    });
    row = sums;
  }
  Value elements = row.lanes ? e.n : e.number(Emitter::kBlock);
  cce::StoreOp::create(
      b, e.loc, arith::ConstantOp::create(b, e.loc, identityOf(kind, element)),
      total, first);
  Piece all{row.pointer, /*lanes=*/true};
  e.loop(first, elements, e.number(1), [&](Value i) {
    Value made =
        combineScalars(b, e.loc, kind, e.scalar({total, false}, element, first),
                       e.scalar(all, element, i));
    cce::StoreOp::create(b, e.loc, made, total, first);
  });
  Piece result = e.piece(element, /*lanes=*/false);
  Value value = e.scalar({total, false}, element, first);
  for (int64_t i = 0; i < Emitter::kBlock; ++i)
    cce::StoreOp::create(b, e.loc, value, result.pointer, e.number(i));
  return result;
}

Piece Lowering::across(StringRef kind, Type element, Piece row) {
  if (element.isInteger(1)) {
    StringRef extreme = kind == "any" ? "max" : "min";
    e.fillPads(row.pointer, identityOf(kind, element));
    return acrossByUnit(extreme, row);
  }
  if (element.isInteger(64))
    return acrossIntegers(kind, element, row);
  e.fillPads(row.pointer, identityOf(kind, element));
  if (element.isInteger(32))
    return acrossIntegers(kind, element, row);
  if (kind == "prod")
    return acrossProducts(row);
  return acrossByUnit(kind, row);
}
