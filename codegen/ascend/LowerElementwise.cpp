// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elementwise ops as vector instructions; what these lack, the scalar unit
// does element by element: 64-bit integers, integer quotients.
#include "codegen/ascend/FunctionBuilder.h"
#include "codegen/ascend/Lowering.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/FunctionOps.h"
#include "dialect/Functions.h"
#include "dialect/IndexOps.h"
#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;
using cce::Relation;

/// Whether a value is what remains of others behind their own maximum: none is
/// above 0.
static bool isBelowMaximum(Value value) {
  auto rest = value.getDefiningOp<SubOp>();
  Value most = rest ? rest.getRhs() : Value();
  while (auto stop = most ? most.getDefiningOp<StopOp>() : StopOp())
    most = stop.getOperand();
  auto loop = most ? most.getDefiningOp<ForOp>() : ForOp();
  if (!loop)
    return false;
  unsigned number = cast<OpResult>(most).getResultNumber();
  return cast<StringAttr>(loop.getCombine()[number]) == "max" &&
         loop.getBody().front().back().getOperand(number) == rest.getLhs();
}

Piece Lowering::lowerFunction(Operation *o, Piece x) {
  FunctionBuilder f(e);
  FunctionBuilder::F32 value{x, {}, !isBelowMaximum(o->getOperand(0))};
  bool quick = o->hasAttr("quick");
  auto made = [&]() -> std::optional<FunctionBuilder::F32> {
    if (isa<ExpOp>(o))
      return quick ? functions::quickExp(f, value) : functions::exp(f, value);
    if (isa<SigmoidOp>(o))
      return quick ? functions::quickSigmoid(f, value)
                   : functions::sigmoid(f, value);
    if (isa<TanhOp>(o))
      return quick ? functions::quickTanh(f, value) : functions::tanh(f, value);
    if (isa<ErfOp>(o))
      return quick ? functions::quickErf(f, value) : functions::erf(f, value);
    if (isa<LogOp>(o))
      return functions::log(f, value);
    if (isa<RsqrtOp>(o))
      return functions::rsqrt(f, value);
    if (isa<RecipOp>(o))
      return functions::recip(f, value);
    if (isa<SinOp>(o))
      return functions::sin(f, value);
    if (isa<CosOp>(o))
      return functions::cos(f, value);
    return std::nullopt;
  }();
  return made ? f.of(*made) : Piece();
}

/// The number of positions that a value is, if it is one.
Value Lowering::sizeBehind(Value value) {
  auto convert = value.getDefiningOp<ConvertOp>();
  auto size = convert ? convert.getOperand().getDefiningOp<SizeOp>() : SizeOp();
  if (!size || !elementOf(value).isF32())
    return nullptr;
  return axisSize(size.getAxisAttr());
}

/// Of a number of positions, which the scalar unit knows without waiting.
Lowering::Inverse Lowering::inverseOfSize(Value size) {
  Value one = arith::ConstantOp::create(b, e.loc, b.getF32FloatAttr(1));
  Value number = arith::SIToFPOp::create(b, e.loc, b.getF32Type(), size);
  Value shared =
      arith::AndIOp::create(b, e.loc, size, e.sub(size, e.number(1)));
  Value exact = arith::AndIOp::create(
      b, e.loc,
      arith::CmpIOp::create(b, e.loc, arith::CmpIPredicate::eq, shared,
                            e.number(0)),
      e.less(e.number(0), size));
  return {exact, arith::DivFOp::create(b, e.loc, one, number)};
}

/// Of what the vector unit has made: from 1 to 2^64, the significand all zeros.
Lowering::Inverse Lowering::inverseOf(Piece y) {
  Type f32 = b.getF32Type(), i32 = b.getI32Type();
  auto word = [&](int64_t v) -> Value {
    return arith::ConstantOp::create(
        b, e.loc, b.getI32IntegerAttr(static_cast<int32_t>(v)));
  };
  using P = arith::CmpIPredicate;
  auto is = [&](P predicate, Value l, Value r) -> Value {
    return arith::CmpIOp::create(b, e.loc, predicate, l, r);
  };
  Value bits =
      cce::LoadOp::create(b, e.loc, i32, e.as(i32, y.pointer), e.number(0));
  Value low = arith::AndIOp::create(b, e.loc, bits, word(0x7fffff));
  Value exact = arith::AndIOp::create(
      b, e.loc, is(P::eq, low, word(0)),
      arith::AndIOp::create(b, e.loc, is(P::sge, bits, word(0x3f800000)),
                            is(P::sle, bits, word(0x5f800000))));
  Value number = e.scalar(y, f32, e.number(0));
  Value one = arith::ConstantOp::create(b, e.loc, b.getF32FloatAttr(1));
  return {exact, arith::DivFOp::create(b, e.loc, one, number)};
}

/// Both have to be dense for a quotient that is rounded once. By a size, or of
/// blocks side by side by one number of all items: where that is a power of
/// two, a product with its inverse, which rounds what the quotient does; else,
/// of such blocks, the scalar unit's quotients, which are a third of the code.
Piece Lowering::divide(DivOp op, Piece x, Piece y) {
  Type f32 = b.getF32Type();
  if (x.lanes || y.lanes) {
    x = e.spread(x, f32);
    y = e.spread(y, f32);
  }
  bool side = now || batch > 1;
  if (x.column != y.column && !(side && isInvariant(op.getRhs()))) {
    x = e.spreadColumn(x, f32);
    y = e.spreadColumn(y, f32);
  }
  Value size = side ? Value() : sizeBehind(op.getRhs());
  bool byScalars = side && !x.lanes && isInvariant(op.getRhs());
  if (!size && !byScalars)
    return e.two<cce::VdivOp>(f32, x, y);
  Inverse inverse =
      e.inPreamble([&] { return size ? inverseOfSize(size) : inverseOf(y); });
  Piece made = e.like(f32, x);
  e.choose(
      inverse.isExact,
      [&] { e.with<cce::VmulsOp>(f32, x, inverse.value, made); },
      [&] {
        if (!byScalars) {
          e.two<cce::VdivOp>(f32, x, y, made);
          return;
        }
        // The scalar unit's quotients are IEEE 754's (see Facts.inc).
        Value number = e.scalar(y, f32, e.number(0));
        int64_t blocks = made.column ? Emitter::kColumn / Emitter::kBlock : 1;
        e.loop(e.number(0), e.number(blocks), e.number(1), [&](Value i) {
          Value first = e.mul(i, e.number(Emitter::kBlock));
          Value quotient = arith::DivFOp::create(
              b, e.loc, e.scalar({x.pointer, /*lanes=*/true}, f32, first),
              number);
          for (int64_t j = 0; j < Emitter::kBlock; ++j)
            cce::StoreOp::create(b, e.loc, quotient, made.pointer,
                                 e.add(first, e.number(j)));
        });
      });
  return made;
}

/// The unit says nothing of the sign of a zero that is the larger of two: the
/// sum with +0 puts it right where a term is +0, with -0 where none is. Minima
/// are maxima of what is negated.
Piece Lowering::extremum(Type element, Piece x, Piece y, bool minimum) {
  if (isa<IntegerType>(element))
    return minimum ? e.two<cce::VminOp>(element, x, y)
                   : e.two<cce::VmaxOp>(element, x, y);
  Type i32 = b.getI32Type();
  auto negate = [&](Piece p) {
    return e.with<cce::VmulsOp>(element, p, b.getF32FloatAttr(-1));
  };
  if (minimum) {
    x = negate(x);
    y = negate(y);
  }
  Piece larger = e.two<cce::VmaxOp>(element, x, y);
  Piece signs = e.bitwise<cce::VandOp>(i32, x, y);
  Type u32 = IntegerType::get(b.getContext(), 32, IntegerType::Unsigned);
  Piece zero =
      e.shift<cce::VshlOp>(i32, e.shift<cce::VshrOp>(u32, signs, 31), 31);
  Piece made = e.two<cce::VaddOp>(element, larger, zero);
  return minimum ? negate(made) : made;
}

Piece Lowering::lowerCompare(CompareOp op, Piece x, Piece y) {
  Type element = elementOf(op->getOperand(0));
  CompareKind kind = op.getKind();
  if (element.isInteger(1)) {
    element = b.getF32Type();
    x = e.toNumbers(x);
    y = e.toNumbers(y);
  }
  // Positions are exact in f32, and rounding keeps the order of what they meet.
  Type f32 = b.getF32Type();
  if (x.lanes != y.lanes && e.isRamp(x.lanes ? x : y)) {
    auto single = [&](Piece p) {
      return p.lanes ? e.rampOfReals() : e.convert(p, element, f32, "r");
    };
    x = single(x);
    y = single(y);
    element = f32;
  }
  if (element.isF32()) {
    switch (kind) {
    case CompareKind::Lt:
      return e.compare(Relation::Lt, element, x, y);
    case CompareKind::Le:
      return e.compare(Relation::Le, element, x, y);
    case CompareKind::Gt:
      return e.compare(Relation::Gt, element, x, y);
    case CompareKind::Ge:
      return e.compare(Relation::Ge, element, x, y);
    case CompareKind::Eq:
      return e.compare(Relation::Eq, element, x, y);
    case CompareKind::Ne: // true of NaN, which the unit's is not
      return e.bitNot(e.compare(Relation::Eq, element, x, y));
    }
  }
  if (!element.isInteger(32)) {
    static constexpr arith::CmpIPredicate kPredicates[] = {
        arith::CmpIPredicate::slt, arith::CmpIPredicate::sle,
        arith::CmpIPredicate::sgt, arith::CmpIPredicate::sge,
        arith::CmpIPredicate::eq,  arith::CmpIPredicate::ne};
    return e.map(b.getI1Type(), {{x, element}, {y, element}},
                 [&](ArrayRef<Value> v) -> Value {
                   return arith::CmpIOp::create(
                       b, e.loc, kPredicates[static_cast<int>(kind)], v[0],
                       v[1]);
                 });
  }
  if (kind == CompareKind::Eq)
    return e.compare(Relation::Eq, element, x, y);
  if (kind == CompareKind::Ne)
    return e.bitNot(e.compare(Relation::Eq, element, x, y));
  // x >= y where the larger is x.
  bool swapped = kind == CompareKind::Gt || kind == CompareKind::Le;
  if (swapped)
    std::swap(x, y);
  Piece notLess =
      e.compare(Relation::Eq, element, e.two<cce::VmaxOp>(element, x, y), x);
  bool strict = kind == CompareKind::Lt || kind == CompareKind::Gt;
  return strict ? e.bitNot(notLess) : notLess;
}

Piece Lowering::lowerWhere(Type element, Piece bits, Piece x, Piece y) {
  if (element.isF32() || element.isInteger(32))
    return e.choose(bits, element, x, y);
  if (element.isInteger(1))
    return e.bitwise<cce::VorOp>(
        element, e.bitwise<cce::VandOp>(element, bits, x),
        e.bitwise<cce::VandOp>(element, e.bitNot(bits), y));
  Type word = b.getIntegerType(element.getIntOrFloatBitWidth());
  return e.map(element, {{bits, b.getI1Type()}, {x, word}, {y, word}},
               [&](ArrayRef<Value> v) -> Value {
                 return arith::SelectOp::create(b, e.loc, v[0], v[1], v[2]);
               });
}

/// Truncates and saturates, NaN gives 0: the unit's conversions do.
Piece Lowering::lowerCast(Piece x, Type from, Type to) {
  Type f32 = b.getF32Type(), f16 = b.getF16Type(), i32 = b.getI32Type();
  auto attr = [&](int32_t v) { return b.getI32IntegerAttr(v); };
  // Integers from 0 to 255, exact in f16 and on the way.
  auto toByte = [&](Piece p) {
    Piece single = e.convert(p, i32, f32, "r");
    return e.convert(e.convert(single, f32, f16, "r"), f16, to, "");
  };
  if (from == to)
    return x;
  if (from.isF32()) {
    if (to.isF16() || to.isBF16())
      return e.convert(x, from, to, "r");
    if (to.isInteger(32) || to.isInteger(64))
      return e.convert(x, from, to, "z");
    Piece whole = e.convert(x, from, i32, "z");
    whole = e.with<cce::VmaxsOp>(i32, whole, attr(0));
    return toByte(e.with<cce::VminsOp>(i32, whole, attr(255)));
  }
  if (from.isF16() || from.isBF16())
    return lowerCast(e.convert(x, from, f32, ""), f32, to);
  if (from.isUnsignedInteger(8))
    return lowerCast(e.convert(e.convert(x, from, f16, ""), f16, i32, "r"), i32,
                     to);
  if (from.isInteger(1)) {
    Piece number = e.toNumbers(x);
    return to.isF32() ? number : lowerCast(number, f32, to);
  }
  if (isa<FloatType>(to)) {
    Piece single = e.convert(x, from, f32, "r");
    return to.isF32() ? single : e.convert(single, f32, to, "r");
  }
  if (from.isInteger(32) && to.isUnsignedInteger(8)) {
    Type u32 = IntegerType::get(b.getContext(), 32, IntegerType::Unsigned);
    Piece low = e.shift<cce::VshlOp>(i32, x, 24);
    return toByte(e.shift<cce::VshrOp>(u32, low, 24));
  }
  Type word = b.getIntegerType(to.getIntOrFloatBitWidth());
  return e.map(to, {{x, from}}, [&](ArrayRef<Value> v) -> Value {
    unsigned width = v[0].getType().getIntOrFloatBitWidth();
    if (width == word.getIntOrFloatBitWidth())
      return v[0];
    if (width > word.getIntOrFloatBitWidth())
      return arith::TruncIOp::create(b, e.loc, word, v[0]);
    return arith::ExtSIOp::create(b, e.loc, word, v[0]);
  });
}

/// Floor division or modulus; by 0 it gives 0, by -1 it wraps.
static Value floorDivide(OpBuilder &b, Location loc, Value x, Value y,
                         bool modulus) {
  Type type = x.getType();
  auto number = [&](int64_t v) -> Value {
    return arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, v));
  };
  auto is = [&](arith::CmpIPredicate p, Value l, Value r) -> Value {
    return arith::CmpIOp::create(b, loc, p, l, r);
  };
  auto choose = [&](Value c, Value t, Value f) -> Value {
    return arith::SelectOp::create(b, loc, c, t, f);
  };
  using P = arith::CmpIPredicate;
  Value zero = number(0), one = number(1);
  Value byZero = is(P::eq, y, zero), byMinus = is(P::eq, y, number(-1));
  Value safe = choose(byZero, one, choose(byMinus, one, y));
  Value q = arith::DivSIOp::create(b, loc, x, safe);
  Value r =
      arith::SubIOp::create(b, loc, x, arith::MulIOp::create(b, loc, q, safe));
  Value apart = is(P::slt, arith::XOrIOp::create(b, loc, r, safe), zero);
  Value down = choose(is(P::ne, r, zero), choose(apart, one, zero), zero);
  q = arith::SubIOp::create(b, loc, q, down);
  q = choose(byMinus, arith::SubIOp::create(b, loc, zero, x), q);
  q = choose(byZero, zero, q);
  if (!modulus)
    return q;
  Value rest =
      arith::SubIOp::create(b, loc, x, arith::MulIOp::create(b, loc, q, y));
  return choose(byZero, zero, rest);
}

Piece Lowering::lowerInteger(Operation *o, Type element, ArrayRef<Piece> x) {
  bool word = element.isInteger(32);
  if (isa<FloorDivOp, ModOp>(o))
    return e.map(element, {{x[0], element}, {x[1], element}},
                 [&](ArrayRef<Value> v) {
                   return floorDivide(b, e.loc, v[0], v[1], isa<ModOp>(o));
                 });
  if (word) {
    if (isa<AddOp>(o))
      return e.two<cce::VaddOp>(element, x[0], x[1]);
    if (isa<SubOp>(o))
      return e.two<cce::VsubOp>(element, x[0], x[1]);
    if (isa<MulOp>(o))
      return e.two<cce::VmulOp>(element, x[0], x[1]);
    if (isa<SqOp>(o))
      return e.two<cce::VmulOp>(element, x[0], x[0]);
    if (isa<MaxOp, MinOp>(o))
      return extremum(element, x[0], x[1], isa<MinOp>(o));
    Piece minus = e.with<cce::VmulsOp>(element, x[0], b.getI32IntegerAttr(-1));
    return isa<AbsOp>(o) ? e.two<cce::VmaxOp>(element, x[0], minus) : minus;
  }
  SmallVector<Emitter::Operand> operands;
  for (Piece p : x)
    operands.push_back({p, element});
  return e.map(element, operands, [&](ArrayRef<Value> v) -> Value {
    auto less = [&](Value l, Value r) -> Value {
      return arith::CmpIOp::create(b, e.loc, arith::CmpIPredicate::slt, l, r);
    };
    auto minus = [&] {
      Value zero = arith::ConstantOp::create(
          b, e.loc, b.getIntegerAttr(v[0].getType(), 0));
      return arith::SubIOp::create(b, e.loc, zero, v[0]);
    };
    if (isa<AddOp>(o))
      return arith::AddIOp::create(b, e.loc, v[0], v[1]);
    if (isa<SubOp>(o))
      return arith::SubIOp::create(b, e.loc, v[0], v[1]);
    if (isa<MulOp>(o))
      return arith::MulIOp::create(b, e.loc, v[0], v[1]);
    if (isa<SqOp>(o))
      return arith::MulIOp::create(b, e.loc, v[0], v[0]);
    if (isa<MaxOp>(o))
      return arith::SelectOp::create(b, e.loc, less(v[0], v[1]), v[1], v[0]);
    if (isa<MinOp>(o))
      return arith::SelectOp::create(b, e.loc, less(v[0], v[1]), v[0], v[1]);
    Value negated = minus();
    return isa<AbsOp>(o) ? arith::SelectOp::create(
                               b, e.loc, less(v[0], negated), negated, v[0])
                               .getResult()
                         : negated;
  });
}

Piece Lowering::lowerBoolean(Operation *o, ArrayRef<Piece> x) {
  if (isa<AndOp>(o))
    return e.bitwise<cce::VandOp>(b.getI1Type(), x[0], x[1]);
  if (isa<OrOp>(o))
    return e.bitwise<cce::VorOp>(b.getI1Type(), x[0], x[1]);
  return e.bitNot(x[0]);
}

Piece Lowering::lowerIota(IotaOp iota, int64_t r) {
  Type element = elementOf(iota.getResult());
  Value first = indices.lookup(iota.getFirst());
  bool lanes = hasLanes(iota.getType());
  if (!lanes)
    first = e.add(first, e.number(r));
  if (element.isInteger(64)) {
    Piece dst = e.piece(element, lanes);
    e.loop(e.number(0), lanes ? e.n : e.number(Emitter::kBlock), e.number(1),
           [&](Value i) {
             cce::StoreOp::create(b, e.loc, lanes ? e.add(first, i) : first,
                                  dst.pointer, i);
           });
    return dst;
  }
  if (lanes && e.known(first) == 0)
    return e.ramp();
  Value word = arith::TruncIOp::create(b, e.loc, element, first);
  if (lanes)
    return e.with<cce::VaddsOp>(element, e.ramp(), word);
  Piece dst = e.piece(element, /*lanes=*/false);
  e.fill(dst, word, element);
  return dst;
}

/// Whether a number that the scalar unit has will do for an operand: of a row's
/// product, or what is subtracted from it.
bool Lowering::takesScalar(OpOperand &operand) {
  Operation *o = operand.getOwner();
  return (isa<MulOp>(o) ||
          (isa<SubOp>(o) && operand.getOperandNumber() == 1)) &&
         elementOf(o->getResult(0)).isF32() &&
         hasLanes(o->getResult(0).getType()) &&
         !hasLanes(operand.get().getType());
}

/// A row's product or difference with such a number, which takes the unit half
/// the time that it takes with a block.
Piece Lowering::withScalar(Operation *o, Piece x, Piece y) {
  Type f32 = b.getF32Type();
  if (isa<SubOp>(o))
    return e.with<cce::VaddsOp>(
        f32, x, arith::NegFOp::create(b, e.loc, y.scalar).getResult());
  return y.scalar ? e.with<cce::VmulsOp>(f32, x, y.scalar)
                  : e.with<cce::VmulsOp>(f32, y, x.scalar);
}

Piece Lowering::lowerOp(Operation *o, int64_t r) {
  e.loc = o->getLoc();
  if (auto load = dyn_cast<gemel::LoadOp>(o))
    return lowerLoad(load, r);
  if (auto iota = dyn_cast<IotaOp>(o))
    return lowerIota(iota, r);
  if (auto size = dyn_cast<SizeOp>(o)) {
    Piece dst = e.piece(b.getI32Type(), /*lanes=*/false);
    Value word = arith::TruncIOp::create(b, e.loc, b.getI32Type(),
                                         axisSize(size.getAxisAttr()));
    e.fill(dst, word, b.getI32Type());
    return dst;
  }
  if (auto constant = dyn_cast<gemel::ConstantOp>(o))
    return e.constant(cast<TypedAttr>(constant.getValue()));
  SmallVector<Piece> x;
  for (Value operand : o->getOperands())
    x.push_back(piece(operand, r));
  Type element = elementOf(o->getOperand(0)), to = elementOf(o->getResult(0));
  if (isa<StopOp, RelayoutOp>(o))
    return x[0];
  if (auto compare = dyn_cast<CompareOp>(o))
    return lowerCompare(compare, x[0], x[1]);
  if (isa<WhereOp>(o))
    return lowerWhere(to, x[0], x[1], x[2]);
  if (isa<gemel::CastOp, ConvertOp, WidenOp>(o))
    return lowerCast(x[0], element, to);
  if (isa<AndOp, OrOp, NotOp>(o))
    return lowerBoolean(o, x);
  if (isa<IntegerType>(element))
    return lowerInteger(o, element, x);
  if (Piece value = lowerFunction(o, x[0]); value.pointer)
    return value;
  if (isa<AddOp>(o))
    return e.two<cce::VaddOp>(to, x[0], x[1]);
  for (OpOperand &operand : o->getOpOperands())
    if (x[operand.getOperandNumber()].scalar && takesScalar(operand))
      return withScalar(o, x[0], x[1]);
  if (isa<SubOp>(o))
    return e.two<cce::VsubOp>(to, x[0], x[1]);
  if (isa<MulOp>(o))
    return e.two<cce::VmulOp>(to, x[0], x[1]);
  if (isa<SqOp>(o))
    return e.two<cce::VmulOp>(to, x[0], x[0]);
  if (auto quotient = dyn_cast<DivOp>(o))
    return divide(quotient, x[0], x[1]);
  if (isa<SqrtOp>(o))
    return e.one<cce::VsqrtOp>(to, x[0]);
  if (isa<MaxOp, MinOp>(o))
    return extremum(to, x[0], x[1], isa<MinOp>(o));
  if (isa<NegOp>(o))
    return e.with<cce::VmulsOp>(to, x[0], b.getF32FloatAttr(-1));
  assert(isa<AbsOp>(o) && "an elementwise op without a lowering");
  return e.one<cce::VabsOp>(to, x[0]);
}
