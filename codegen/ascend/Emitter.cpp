// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Instructions over pieces: masks, pads, constants, booleans.
#include "codegen/ascend/Emitter.h"

#include "codegen/ascend/Facts.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

// Elements of 16 bits in a repeat.
static constexpr int64_t kHalves = kRepeatBytes / 2;

Emitter::Emitter(cce::KernelOp kernel, int64_t extent)
    : b(OpBuilder::atBlockEnd(&kernel.getBody().front())), loc(kernel.getLoc()),
      tile(extent),
      extent(llvm::alignTo(std::max<int64_t>(extent, 1), kHalves)),
      span(this->extent), kernel(kernel) {}

//===- Numbers -===//

Value Emitter::number(int64_t value) {
  Value &known = numbers[value];
  if (!known) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&kernel.getBody().front());
    known = arith::ConstantOp::create(b, kernel.getLoc(),
                                      b.getI64IntegerAttr(value));
  }
  return known;
}

std::optional<int64_t> Emitter::known(Value x) {
  APInt value;
  if (matchPattern(x, m_ConstantInt(&value)))
    return value.getSExtValue();
  return std::nullopt;
}

template <typename OpTy>
Value Emitter::arithmetic(Value x, Value y) {
  OpTy made;
  if constexpr (std::is_constructible_v<OpTy> &&
                OpTy::template hasTrait<
                    arith::ArithIntegerOverflowFlagsInterface::Trait>())
    made = OpTy::create(b, loc, x, y, arith::IntegerOverflowFlags::nsw);
  else
    made = OpTy::create(b, loc, x, y);
  SmallVector<OpFoldResult> folded;
  if (failed(made->fold(folded)) || folded.empty())
    return made;
  made.erase();
  if (auto value = dyn_cast<Value>(folded[0]))
    return value;
  return number(cast<IntegerAttr>(cast<Attribute>(folded[0])).getInt());
}

Value Emitter::add(Value x, Value y) { return arithmetic<arith::AddIOp>(x, y); }
Value Emitter::sub(Value x, Value y) { return arithmetic<arith::SubIOp>(x, y); }
Value Emitter::mul(Value x, Value y) { return arithmetic<arith::MulIOp>(x, y); }

Value Emitter::div(Value x, Value y) {
  if (known(x) && known(y))
    return number(*known(x) / *known(y));
  return known(y) == 1 ? x : arith::DivSIOp::create(b, loc, x, y).getResult();
}

Value Emitter::rem(Value x, Value y) {
  if (known(x) && known(y))
    return number(*known(x) % *known(y));
  return known(y) == 1 ? number(0)
                       : arith::RemSIOp::create(b, loc, x, y).getResult();
}

Value Emitter::less(Value x, Value y) {
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, x, y);
}

Value Emitter::min(Value x, Value y) {
  if (x == y)
    return x;
  if (known(x) && known(y))
    return number(std::min(*known(x), *known(y)));
  return arith::SelectOp::create(b, loc, less(x, y), x, y);
}

Value Emitter::max(Value x, Value y) {
  if (x == y)
    return x;
  if (known(x) && known(y))
    return number(std::max(*known(x), *known(y)));
  return arith::SelectOp::create(b, loc, less(x, y), y, x);
}

Value Emitter::ceilDiv(Value x, int64_t y) {
  return div(add(x, number(y - 1)), number(y));
}

//===- Loops -===//

scf::ForOp Emitter::loop(Value lower, Value upper, Value step,
                         llvm::function_ref<void(Value)> body) {
  auto made = scf::ForOp::create(b, loc, lower, upper, step);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(made.getBody()->getTerminator());
  forget();
  body(made.getInductionVar());
  forget();
  return made;
}

void Emitter::choose(Value condition, llvm::function_ref<void()> then,
                     llvm::function_ref<void()> otherwise) {
  auto made =
      scf::IfOp::create(b, loc, condition, static_cast<bool>(otherwise));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(made.thenYield());
  forget();
  then();
  if (otherwise) {
    b.setInsertionPoint(made.elseYield());
    forget();
    otherwise();
  }
  forget();
}

void Emitter::setLanes(Value count, bool repeats) {
  n = whole = count;
  if (repeats)
    return;
  Value full = mul(ceilDiv(count, kRepeat), number(kRepeat));
  // An empty row has a repeat of pads.
  if (std::optional<int64_t> size = known(full))
    whole = number(std::max(*size, kRepeat));
  else
    whole = arith::SelectOp::create(b, loc, less(full, number(kRepeat)),
                                    number(kRepeat), full);
}

//===- Buffers -===//

Type Emitter::stored(Type element) {
  if (element.isInteger(1))
    return IntegerType::get(b.getContext(), 8, IntegerType::Unsigned);
  return element;
}

Type Emitter::pointer(Type element) {
  return cce::PtrType::get(b.getContext(), cce::Space::Ub, stored(element));
}

Value Emitter::alloc(Type element, int64_t count) {
  int64_t bytes = llvm::alignTo(
      count * static_cast<int64_t>(cce::bytesOf(stored(element))), kBlockBytes);
  return cce::AllocOp::create(b, loc, pointer(element), bytes, IntegerAttr());
}

Piece Emitter::piece(Type element, bool lanes, bool column) {
  if (element.isInteger(1)) // where its address is known, for all the kernel
    return {inPreamble([&] {
              return alloc(element, lanes ? extent / 8 : kBlockBytes);
            }),
            lanes, column};
  // A column is read by whole repeats.
  int64_t repeat =
      kRepeatBytes / static_cast<int64_t>(cce::bytesOf(stored(element)));
  return {alloc(element, lanes    ? extent
                         : column ? std::max(kColumn, repeat)
                                  : kBlock),
          lanes, column};
}

Value Emitter::as(Type element, Value v) {
  Type type = pointer(element);
  while (v.getType() != type) {
    auto cast = v.getDefiningOp<cce::CastOp>();
    if (!cast)
      return cce::CastOp::create(b, loc, type, v);
    v = cast.getBase();
  }
  return v;
}

Value Emitter::at(Value pointer, Value elements) {
  return known(elements) == 0 ? pointer
                              : cce::OffsetOp::create(b, loc, pointer.getType(),
                                                      pointer, elements)
                                    .getResult();
}

void Emitter::count(Value elements) {
  if (elements == current)
    return;
  cce::SetVectorMaskOp::create(b, loc, number(0), elements);
  current = elements;
}

//===- Filling -===//

Value Emitter::scalarOf(OpFoldResult scalar) {
  if (auto value = dyn_cast<Value>(scalar))
    return value;
  return arith::ConstantOp::create(b, loc,
                                   cast<TypedAttr>(cast<Attribute>(scalar)));
}

/// What C has no literal of goes by its bits.
static TypedAttr byBits(TypedAttr value) {
  auto real = dyn_cast<FloatAttr>(value);
  if (!real || !real.getType().isF32() || real.getValue().isFinite())
    return value;
  Builder b(value.getContext());
  return b.getIntegerAttr(b.getI32Type(), real.getValue().bitcastToAPInt());
}

void Emitter::fill(Value pointer, TypedAttr value, int64_t elements) {
  value = byBits(value);
  if (value.getType().isInteger(64)) { // not the unit's
    Value scalar = scalarOf(value);
    loop(number(0), number(elements), number(1), [&](Value i) {
      cce::StoreOp::create(b, loc, scalar, as(scalar.getType(), pointer), i);
    });
    return;
  }
  fill(pointer, scalarOf(value), elements);
}

void Emitter::fill(Value pointer, Value scalar, int64_t elements) {
  count(elements);
  cce::VectorDupOp::create(b, loc, as(scalar.getType(), pointer), scalar,
                           number(1), 1, 8);
}

void Emitter::fill(Piece dst, OpFoldResult scalar, Type element) {
  if (element.isInteger(64))
    return fill(dst.pointer, cast<TypedAttr>(cast<Attribute>(scalar)),
                dst.lanes ? extent : kBlock);
  if (auto attr = dyn_cast<Attribute>(scalar)) {
    scalar = byBits(cast<TypedAttr>(attr));
    element = cast<TypedAttr>(cast<Attribute>(scalar)).getType();
  }
  Value value = scalarOf(scalar);
  countOf(dst);
  cce::VectorDupOp::create(b, loc, as(element, dst.pointer), value, number(1),
                           1, 8);
}

/// The last repeat's elements from `first` on, in normal mode.
void Emitter::setMaskFrom(Value first) {
  Value all = number(-1);
  Value mask = arith::ShLIOp::create(b, loc, all, first);
  mask = arith::SelectOp::create(b, loc, less(first, number(kRepeat)), mask,
                                 number(0));
  cce::SetMaskNormOp::create(b, loc);
  cce::SetVectorMaskOp::create(b, loc, number(0), mask);
}

void Emitter::fillPads(Value pointer, TypedAttr value) {
  if (n != whole)
    fillPads(pointer, scalarOf(byBits(value)));
}

void Emitter::fillPads(Value pointer, Value scalar) {
  if (n == whole)
    return;
  Value last = sub(whole, number(kRepeat)), first = sub(n, last);
  setMaskFrom(first);
  cce::VectorDupOp::create(b, loc, at(as(scalar.getType(), pointer), last),
                           scalar, number(1), 1, 8);
  cce::SetMaskCountOp::create(b, loc);
  forget();
}

void Emitter::padWithZeros(Piece x, Type element) {
  if (!x.lanes)
    return;
  if (element.isF32())
    fillPads(x.pointer, b.getF32FloatAttr(0));
  else if (element.isInteger(32))
    fillPads(x.pointer, b.getI32IntegerAttr(0));
}

Piece Emitter::constant(TypedAttr value) {
  Piece &known = constants[value];
  if (known.pointer)
    return known;
  Type element = value.getType();
  Piece made = inPreamble([&] {
    Piece block = piece(element, /*lanes=*/false);
    if (element.isInteger(1)) {
      auto bits = b.getIntegerAttr(b.getI16Type(),
                                   cast<IntegerAttr>(value).getInt() ? -1 : 0);
      Type u16 = IntegerType::get(b.getContext(), 16, IntegerType::Unsigned);
      Value scalar = scalarOf(bits);
      count(kBlockBytes / 2);
      cce::VectorDupOp::create(b, loc, as(u16, block.pointer), scalar,
                               number(1), 1, 8);
      return block;
    }
    if (element.isF32() || element.isInteger(32)) {
      fill(block, value, element);
      if (auto real = dyn_cast<FloatAttr>(value);
          real && real.getValue().isFinite())
        block.scalar = scalarOf(value);
      return block;
    }
    // Others by their bits, from the scalar unit.
    APInt bits = isa<FloatType>(element)
                     ? cast<FloatAttr>(value).getValue().bitcastToAPInt()
                     : cast<IntegerAttr>(value).getValue();
    Type integer = b.getIntegerType(bits.getBitWidth());
    Value scalar = scalarOf(b.getIntegerAttr(integer, bits));
    for (int64_t i = 0; i < kBlock; ++i)
      cce::StoreOp::create(b, loc, scalar, as(integer, block.pointer),
                           number(i));
    return block;
  });
  return constants[value] = made;
}

/// By doubling what is there.
Piece Emitter::ramp() {
  if (positions.pointer)
    return positions;
  Type i32 = b.getI32Type();
  return positions = inPreamble([&] {
           Piece made{alloc(i32, span), /*lanes=*/true};
           for (int64_t i = 0; i < kBlock; ++i)
             cce::StoreOp::create(
                 b, loc, scalarOf(b.getI32IntegerAttr(static_cast<int32_t>(i))),
                 made.pointer, number(i));
           for (int64_t have = kBlock; have < span; have *= 2) {
             int64_t more = std::min(have, span - have);
             Value scalar =
                 scalarOf(b.getI32IntegerAttr(static_cast<int32_t>(have)));
             count(more);
             cce::VaddsOp::create(b, loc, at(made.pointer, have), made.pointer,
                                  scalar, number(1), 1, 1, 8, 8);
           }
           return made;
         });
}

Piece Emitter::rampOfReals() {
  if (reals.pointer)
    return reals;
  Piece whole = ramp();
  return reals = inPreamble([&] {
           Type i32 = b.getI32Type(), f32 = b.getF32Type();
           Piece made{alloc(f32, span), /*lanes=*/true};
           count(span);
           cce::VconvOp::create(b, loc, b.getStringAttr("r"), made.pointer,
                                as(i32, whole.pointer), number(1), 1, 1, 8, 8);
           return made;
         });
}

Piece Emitter::convert(Piece x, Type from, Type to, StringRef round,
                       Piece dst) {
  if (!dst.pointer)
    dst = like(to, x);
  auto bytes = [&](Type t) {
    return static_cast<int64_t>(cce::bytesOf(stored(t)));
  };
  int64_t wide = std::max(bytes(from), bytes(to));
  // Where both are defined on whole repeats, the result is.
  bool repeats = bytes(from) == 4 && bytes(to) == 4;
  count(x.lanes && !repeats ? n : elements(x));
  cce::VconvOp::create(b, loc, b.getStringAttr(round), as(to, dst.pointer),
                       as(from, x.pointer), number(1), 1, 1,
                       8 * bytes(to) / wide, 8 * bytes(from) / wide);
  if (!repeats)
    padWithZeros(dst, to);
  return dst;
}

Piece Emitter::spread(Piece x, Type element) {
  if (x.lanes)
    return x;
  if (element.isInteger(1))
    return compare(cce::Relation::Eq, b.getF32Type(), toNumbers(x),
                   constant(b.getF32FloatAttr(1)), /*spread=*/true);
  if (cce::bytesOf(stored(element)) != 4) {
    Piece dst = piece(element, /*lanes=*/true);
    Type integer = b.getIntegerType(8 * cce::bytesOf(stored(element)));
    Value value =
        cce::LoadOp::create(b, loc, integer, as(integer, x.pointer), number(0));
    loop(number(0), n, number(1), [&](Value i) {
      cce::StoreOp::create(b, loc, value, as(integer, dst.pointer), i);
    });
    return dst;
  }
  Type u32 = IntegerType::get(b.getContext(), 32, IntegerType::Unsigned);
  return one<cce::VcopyOp>(u32, x, piece(element, /*lanes=*/true));
}

/// A block's value for all rows.
Piece Emitter::spreadColumn(Piece x, Type element) {
  if (x.column || element.isInteger(1)) // bits of a block are all the same
    return {x.pointer, false, true};
  Type u32 = IntegerType::get(b.getContext(), 32, IntegerType::Unsigned);
  return one<cce::VcopyOp>(u32, x, piece(element, false, /*column=*/true));
}

Piece Emitter::block(Value pointer, Type element) {
  int64_t bytes = cce::bytesOf(stored(element));
  if (bytes == 2 || bytes == 4) {
    Type word =
        IntegerType::get(b.getContext(), 8 * bytes, IntegerType::Unsigned);
    Value all = alloc(element, kRepeatBytes / bytes);
    cce::VbrcbOp::create(b, loc, as(word, all), as(word, pointer), number(1), 1,
                         8);
    return {all, /*lanes=*/false};
  }
  Piece made = piece(element.isInteger(1) ? stored(element) : element, false);
  Type integer = b.getIntegerType(8 * bytes);
  Value value =
      cce::LoadOp::create(b, loc, integer, as(integer, pointer), number(0));
  for (int64_t i = 0; i < kBlock; ++i)
    cce::StoreOp::create(b, loc, value, as(integer, made.pointer), number(i));
  return made;
}

void Emitter::copy(Piece from, Piece to, Type element) {
  if (to.lanes)
    from = spread(from, element);
  Value blocks = number(1);
  int64_t bytes = cce::bytesOf(stored(element));
  if (to.lanes && element.isInteger(1))
    blocks = ceilDiv(whole, 8 * kBlockBytes);
  else if (to.lanes)
    blocks = ceilDiv(mul(whole, number(bytes)), kBlockBytes);
  else if (!element.isInteger(1))
    blocks = number(llvm::divideCeil(kBlock * bytes, kBlockBytes));
  cce::CopyUbufToUbufOp::create(b, loc, as(element, to.pointer),
                                as(element, from.pointer), number(1), blocks,
                                number(0), number(0));
}

//===- Booleans -===//

Piece Emitter::compare(cce::Relation relation, Type element, Piece x, Piece y,
                       bool spread) {
  // One lane that is not defined makes bits of its neighbours that are not.
  if (Piece bits = std::exchange(inside, {}); bits.pointer) {
    for (Piece *p : {&x, &y})
      if (p->lanes)
        *p = choose(bits, element, *p, constant(b.getF32FloatAttr(0)));
    inside = bits;
  }
  Piece dst =
      piece(b.getI1Type(), x.lanes || y.lanes || spread, x.column || y.column);
  count(dst.lanes ? whole : number(kRepeat));
  cce::VcmpvOp::create(b, loc, relation, dst.pointer, as(element, x.pointer),
                       as(element, y.pointer), number(1), 1,
                       x.isBlock() ? 0 : 1, y.isBlock() ? 0 : 1, 8,
                       x.isBlock() ? 0 : 8, y.isBlock() ? 0 : 8);
  return dst;
}

/// 32 bytes that hold the address of bits, for CMPMASK.
Value Emitter::addressCell(Value bits) {
  Value &cell = cells[bits];
  if (!cell)
    cell = inPreamble([&] {
      Type i32 = b.getI32Type();
      Value made = alloc(i32, kBlock);
      fill(made, b.getI32IntegerAttr(0), kBlock);
      Value address = cce::AddressOp::create(b, loc, b.getI64Type(), bits);
      Value word = arith::TruncIOp::create(b, loc, i32, address);
      count(1);
      cce::VectorDupOp::create(b, loc, made, word, number(1), 1, 8);
      return made;
    });
  return cell;
}

Piece Emitter::choose(Piece bits, Type element, Piece x, Piece y) {
  bool lanes = bits.lanes || x.lanes || y.lanes;
  if (lanes && !bits.lanes)
    bits = spread(bits, b.getI1Type());
  Value cell = addressCell(bits.pointer);
  Piece dst = piece(element, lanes, bits.column || x.column || y.column);
  cce::SetCmpmaskOp::create(b, loc, cell);
  countOf(dst);
  Type f32 = b.getF32Type();
  cce::VselOp::create(b, loc, 2, as(f32, dst.pointer), as(f32, x.pointer),
                      as(f32, y.pointer), bits.pointer, number(1), 1,
                      stride(x, dst, 1), stride(y, dst, 1), 8,
                      stride(x, dst, 8), stride(y, dst, 8));
  return dst;
}

Piece Emitter::bitNot(Piece x) {
  Type u16 = IntegerType::get(b.getContext(), 16, IntegerType::Unsigned);
  Piece dst = like(b.getI1Type(), x);
  count(x.lanes ? div(whole, number(16)) : number(kColumn / 16));
  cce::VnotOp::create(b, loc, as(u16, dst.pointer), as(u16, x.pointer),
                      number(1), 1, 1, 8, 8);
  return dst;
}

Piece Emitter::toNumbers(Piece bits) {
  Piece one = constant(b.getF32FloatAttr(1)),
        zero = constant(b.getF32FloatAttr(0));
  return choose(bits, b.getF32Type(), one, zero);
}

Piece Emitter::toBits(Piece numbers) {
  return compare(cce::Relation::Eq, b.getF32Type(), numbers,
                 constant(b.getF32FloatAttr(1)));
}

//===- The scalar unit -===//

Value Emitter::scalar(Piece piece, Type element, Value lane) {
  Type type = element.isInteger(1) ? b.getF32Type() : stored(element);
  if (isa<IntegerType>(type))
    type = b.getIntegerType(type.getIntOrFloatBitWidth());
  Value index = piece.lanes ? lane : number(0);
  return cce::LoadOp::create(b, loc, type, as(type, piece.pointer), index);
}

Piece Emitter::map(Type to, ArrayRef<Operand> operands,
                   llvm::function_ref<Value(ArrayRef<Value>)> make) {
  bool lanes = false;
  SmallVector<Operand> taken(operands);
  for (Operand &operand : taken) {
    lanes |= operand.piece.lanes;
    if (operand.element.isInteger(1))
      operand.piece = toNumbers(operand.piece);
  }
  bool bits = to.isInteger(1);
  Type element = bits ? Type(b.getF32Type()) : to;
  Piece dst = piece(element, lanes);
  loop(number(0), lanes ? n : number(kBlock), number(1), [&](Value i) {
    SmallVector<Value> values;
    for (const Operand &operand : taken) {
      Value value = scalar(operand.piece, operand.element, i);
      if (operand.element.isInteger(1))
        value = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, value,
                                      scalarOf(b.getF32FloatAttr(1)));
      values.push_back(value);
    }
    Value made = make(values);
    if (bits)
      made =
          arith::SelectOp::create(b, loc, made, scalarOf(b.getF32FloatAttr(1)),
                                  scalarOf(b.getF32FloatAttr(0)));
    cce::StoreOp::create(b, loc, made, as(made.getType(), dst.pointer), i);
  });
  padWithZeros(dst, element);
  return bits ? toBits(dst) : dst;
}
