// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops of what places: puts, and the ordered bucketing that they become.

#include "passes/Tiling.h"

#include "dialect/SortOps.h"

using namespace mlir;
using namespace gemel;

/// The position of `axis` here, as a tile of `element`.
Value Tiling::positionTile(StringAttr axis, Type element, Scope &scope) {
  Position here = scope.positions.lookup(axis);
  if (here.tile)
    return here.tile;
  return IotaOp::create(scope.builder, loc,
                        tileType({{axis, here.extent}}, element), here.index);
}

/// The places of the positions here: as many as come before each. A position
/// outside has none.
Value Tiling::emitArgsort(ArgsortOp sort, Scope &scope) {
  OpBuilder &b = scope.builder;
  StringAttr axis = sort.getAxisAttr();
  Type i32 = b.getI32Type(), i1 = b.getI1Type();
  Value mine = emit(sort.getIndex(), scope);
  loc = sort.getLoc();
  Value position = positionTile(axis, i32, scope);
  // Not by the axis' name: its lanes are no terms.
  ForOp forOp = loop(b.getStringAttr(axis.getValue() + "'"), index(0, scope),
                     extent(axis, scope), 1, {"sum"},
                     {OrderAttr::get(context, OrderKind::Serial, 0)}, {},
                     position.getType(), scope);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(forOp);
    Scope body(scope, forOp.getBody().front());
    OpBuilder &inner = body.builder;
    Value at = forOp.getBody().getArgument(0);
    body.positions[axis] = Position{at, 1, {}};
    Value other = emit(sort.getIndex(), body);
    loc = sort.getLoc();
    Value there = IotaOp::create(inner, loc, tileType({}, i32), at);
    auto compare = [&](CompareKind kind, Value x, Value y) -> Value {
      return CompareOp::create(inner, loc, joinAxes({x, y}, i1), kind, x, y);
    };
    Value less = compare(CompareKind::Lt, other, mine);
    Value ties = AndOp::create(inner, loc, withElement(position.getType(), i1),
                               compare(CompareKind::Eq, other, mine),
                               compare(CompareKind::Lt, there, position));
    Value before =
        OrOp::create(inner, loc, joinAxes({less, ties}, i1), less, ties);
    Value one = constant(inner.getI32IntegerAttr(1), body);
    Value zero = constant(inner.getI32IntegerAttr(0), body);
    Value term = WhereOp::create(inner, loc, joinAxes({before, one}, i32),
                                 before, one, zero);
    YieldOp::create(inner, loc, term);
  }
  Value size = SizeOp::create(b, loc, tileType({}, i32), axis);
  Value inside = CompareOp::create(b, loc, joinAxes({position, size}, i1),
                                   CompareKind::Lt, position, size);
  Value none = constant(b.getI32IntegerAttr(-1), scope);
  return WhereOp::create(b, loc, position.getType(), inside, forOp.getResult(0),
                         none);
}

/// Halves what is left until nothing is: lo is the place of the first index
/// that is not before v.
Value Tiling::emitSearch(SearchSortedOp search, Scope &scope) {
  OpBuilder &b = scope.builder;
  StringAttr axis = search.getAxisAttr();
  Type i32 = b.getI32Type();
  loc = search.getLoc();
  Value mine =
      positionTile(search.getIntoAttr(), elementOf(search.getIndex()), scope);
  Type type = withElement(mine.getType(), i32);
  Type i1 = withElement(mine.getType(), b.getI1Type());
  Value none =
      ConstantOp::create(b, loc, type, cast<TypedAttr>(b.getI32IntegerAttr(0)));
  Value size = SizeOp::create(b, loc, tileType({}, i32), axis);
  Value last = AddOp::create(b, loc, type, none, size);
  // Of n positions nothing is left after as many steps as n has bits: below
  // 2^13 no more than 13, then one more whenever n doubles, of which there are
  // no more than n / 2^13. Sizes are below 2^31; few positions need no more
  // steps than there are.
  constexpr int64_t kSteps = 31, kBits = 13;
  Value all = extent(axis, scope);
  Value doubled = arith::FloorDivSIOp::create(
      b, loc, all, index(int64_t(1) << kBits, scope));
  Value steps = arith::MinSIOp::create(b, loc, all, index(kSteps, scope));
  steps = arith::MinSIOp::create(
      b, loc, steps,
      arith::AddIOp::create(b, loc, doubled, index(kBits, scope)));
  auto plain = OrderAttr::get(context, OrderKind::Default, 0);
  ForOp forOp = loop(b.getStringAttr(axis.getValue() + "'"), index(0, scope),
                     steps, 1, {"carry", "carry"}, {plain, plain}, {none, last},
                     {type, type}, scope);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(forOp);
  Scope body(scope, forOp.getBody().front());
  OpBuilder &inner = body.builder;
  Value low = forOp.getBody().getArgument(1);
  Value high = forOp.getBody().getArgument(2);
  Value two = constant(inner.getI32IntegerAttr(2), body);
  Value width = SubOp::create(inner, loc, type, high, low);
  Value half = FloorDivOp::create(inner, loc, type, width, two);
  Value middle = AddOp::create(inner, loc, type, low, half);
  Value at = emitAt(search.getOrder(), axis, {{}, 1, middle}, body);
  Value there = emitAt(search.getIndex(), axis, {{}, 1, at}, body);
  loc = search.getLoc();
  Value before = CompareOp::create(
      inner, loc, i1, search.getAfter() ? CompareKind::Le : CompareKind::Lt,
      there, mine);
  Value open = CompareOp::create(inner, loc, i1, CompareKind::Lt, low, high);
  Value one = constant(inner.getI32IntegerAttr(1), body);
  Value next = AddOp::create(inner, loc, type, middle, one);
  auto choose = [&](Value condition, Value a, Value b) -> Value {
    return WhereOp::create(inner, loc, type, condition, a, b);
  };
  YieldOp::create(inner, loc,
                  ValueRange{choose(open, choose(before, next, low), low),
                             choose(open, choose(before, high, middle), high)});
  return forOp.getResult(0);
}

Value Tiling::emitSumRuns(SumRunsOp sum, Scope &scope) {
  OpBuilder &b = scope.builder;
  StringAttr axis = sum.getAxisAttr();
  Value first = emit(sum.getFirst(), scope);
  Value last = emit(sum.getLast(), scope);
  loc = sum.getLoc();
  Value lower = ReadIndexOp::create(b, loc, b.getIndexType(), first);
  Value upper = ReadIndexOp::create(b, loc, b.getIndexType(), last);
  upper = arith::MinSIOp::create(b, loc, upper, extent(axis, scope));
  ForOp forOp = loop(axis, lower, upper, 1, {"sum"},
                     {OrderAttr::get(context, OrderKind::Default, 0)}, {},
                     tileType({}, elementOf(sum.getResult())), scope);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(forOp);
  Scope body(scope, forOp.getBody().front());
  body.positions[axis] = Position{forOp.getBody().getArgument(0), 1, {}};
  Value at = emit(sum.getOrder(), body);
  Value term = emitAt(sum.getSource(), axis, {{}, 1, at}, body);
  YieldOp::create(body.builder, sum.getLoc(), term);
  forOp.getResult(0).setType(term.getType());
  return forOp.getResult(0);
}

/// Sums, of the positions whose index is this one, the terms in order.
Value Tiling::emitPut(PutOp put, Scope &scope) {
  OpBuilder &b = scope.builder;
  SmallVector<StringAttr> axes = llvm::map_to_vector(
      put.getAxes(), [](Attribute a) { return cast<StringAttr>(a); });
  Type element = elementOf(put.getResult());
  ForOp forOp =
      loop(axes.back(), index(0, scope), extent(axes, scope), 1, {"sum_if"},
           {OrderAttr::get(context, OrderKind::Default, 0)}, {},
           tileType({}, element), scope);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(forOp);
  Scope body(scope, forOp.getBody().front());
  bind(axes, forOp.getBody().getArgument(0), 1, body);
  Value index = emit(put.getIndex(), body);
  Position here = scope.positions.lookup(put.getAxisAttr());
  Value mine = here.tile;
  if (!mine)
    mine = IotaOp::create(body.builder, loc, tileType({}, elementOf(index)),
                          here.index);
  Value match = CompareOp::create(body.builder, loc,
                                  joinAxes({index, mine}, b.getI1Type()),
                                  CompareKind::Eq, index, mine);
  Value term = emit(put.getSource(), body);
  YieldOp::create(body.builder, loc, ValueRange{match, term});
  forOp.getResult(0).setType(term.getType());
  return forOp.getResult(0);
}
