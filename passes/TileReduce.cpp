// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops that combine: reductions, running reductions.

#include "passes/Tiling.h"

using namespace mlir;
using namespace gemel;

void Tiling::bind(Axes axes, Value at, int64_t step, Scope &body) {
  if (axes.size() == 1) {
    body.positions[axes[0]] = Position{at, step, {}};
    return;
  }
  OpBuilder &b = body.builder;
  Type i64 = b.getI64Type();
  Value rest = IotaOp::create(b, loc, tileType({{lane, step}}, i64), at);
  for (size_t i = axes.size(); i-- > 0;) {
    Value size = SizeOp::create(b, loc, tileType({}, b.getI32Type()), axes[i]);
    size = WidenOp::create(b, loc, tileType({}, i64), size);
    Value position =
        i ? ModOp::create(b, loc, rest.getType(), rest, size).getResult()
          : rest;
    if (i)
      rest = FloorDivOp::create(b, loc, rest.getType(), rest, size);
    body.positions[axes[i]] = Position{{}, 1, position};
  }
}

Value Tiling::emitReduction(Operation *o, Scope &scope) {
  FailureOr<std::optional<RunningMax>> max = findRunningMax(o);
  if (succeeded(max) && *max && !scope.overrides.count((*max)->max.getResult()))
    return emitRunning(o, **max, scope);
  auto reduction = cast<ReductionOpInterface>(o);
  Value lower = index(0, scope);
  Value upper = extent(reduction.getReducedAxes(), scope);
  // One of the runs: its terms only.
  if (StringAttr runs = reduction.getRunAxis()) {
    lower = arith::MulIOp::create(scope.builder, loc,
                                  scope.positions.lookup(runs).index,
                                  index(reduction.getRunLength(), scope));
    upper = clipped(lower, reduction.getRunLength(), upper, scope);
  }
  return emitReduce(o, scope, lower, upper, reduction.getReductionOrder());
}

/// Blocks one after another, each in its own loop.
Value Tiling::emitBlocks(Operation *o, Scope &scope, Value lower, Value upper,
                         OrderAttr order) {
  auto reduction = cast<ReductionOpInterface>(o);
  bool dot = reduction.isContraction();
  auto plain = OrderAttr::get(context, OrderKind::Default, 0);
  ForOp outer =
      loop(reduction.getReducedAxes().back(), lower, upper, order.getBlocks(),
           {dot ? StringRef("sum") : reduction.getCombine()},
           {OrderAttr::get(context, OrderKind::Serial, 0)}, {},
           tileType({}, elementOf(o->getResult(0))), scope);
  OpBuilder::InsertionGuard guard(scope.builder);
  scope.builder.setInsertionPoint(outer);
  Scope body(scope, outer.getBody().front());
  Value first = outer.getBody().getArgument(0);
  Value last = clipped(first, order.getBlocks(), upper, body);
  Value block = emitReduce(o, body, first, last, plain);
  YieldOp::create(body.builder, loc, block);
  outer.getResult(0).setType(block.getType());
  return outer.getResult(0);
}

/// One reduction over positions [lower, upper) of its (joined) axes.
Value Tiling::emitReduce(Operation *o, Scope &scope, Value lower, Value upper,
                         OrderAttr order) {
  auto reduction = cast<ReductionOpInterface>(o);
  SmallVector<StringAttr> axes = reduction.getReducedAxes();
  StringRef kind = reduction.getCombine();
  bool dot = reduction.isContraction();
  bool rounds = kind == "sum" || kind == "prod" || dot;
  if (order.getKind() == OrderKind::Blocks) {
    if (rounds)
      return emitBlocks(o, scope, lower, upper, order);
    order = OrderAttr::get(context, OrderKind::Default, 0);
  }
  bool serial = order.getKind() == OrderKind::Serial && rounds;
  // Lanes run along a reduced axis unless an outer loop has them already; of a
  // resident one all terms are there, and one step takes them.
  Position there = scope.positions.lookup(lane);
  bool resident = residentFirst && !dot && !serial && axes == Axes(lane) &&
                  there.index == residentFirst && !there.tile;
  bool lanes = resident || (!dot && !serial && lane && !there.index &&
                            !there.tile && llvm::is_contained(axes, lane));
  bool matrix = dot && plan.getMatrix() && axes == Axes(plan.getMatrix());
  int64_t step = lanes    ? plan.getExtent(lane)
                 : matrix ? plan.getExtent(plan.getMatrix())
                          : 1;
  // Joined axes go by the lane axis' name where their terms are its lanes.
  ForOp forOp =
      loop(lanes ? lane : axes.back(), lower, upper, step, {kind}, {order}, {},
           tileType({}, elementOf(o->getResult(0))), scope);
  Scope body(scope, forOp.getBody().front());
  if (resident)
    body.positions[lane] = there;
  else
    bind(axes, forOp.getBody().getArgument(0), step, body);
  SmallVector<Value> terms;
  {
    // What does not need the loop is computed before it.
    OpBuilder::InsertionGuard guard(scope.builder);
    scope.builder.setInsertionPoint(forOp);
    for (Value operand : o->getOperands()) {
      Value term = emit(operand, body);
      loc = o->getLoc();
      if (dot && isNarrow(elementOf(term)))
        term = WidenOp::create(
            body.builder, loc,
            withElement(term.getType(), body.builder.getF32Type()), term);
      terms.push_back(term);
    }
    if (reduction.getRunAxis() && !scope.parent)
      hostRows(axes.back(), body);
  }
  YieldOp::create(body.builder, loc, terms);
  Type joined = joinAxes(terms, elementOf(o->getResult(0)));
  forOp.getResult(0).setType(withoutAxes(joined, axes));
  return forOp.getResult(0);
}

/// r_j = r_{j-1} c_j + t_j over blocks, M_j carried beside it.
Value Tiling::emitRunning(Operation *o, const RunningMax &max, Scope &scope) {
  OpBuilder &b = scope.builder;
  ReduceOp maxOp = max.max;
  auto order = maxOp.getOrder();
  SmallVector<StringAttr> axes = maxOp.getReducedAxes();
  Value upper = extent(axes, scope);
  // What the loop carries has the axes that have lanes or rows here.
  auto shapeOf = [&](Value value) {
    SmallVector<std::pair<StringAttr, int64_t>> shape;
    for (StringAttr axis : axesOf(value)) {
      Position p = scope.positions.lookup(axis);
      if (p.tile) {
        auto tile = cast<TileType>(p.tile.getType());
        for (auto [a, n] : llvm::zip(tile.getAxes(), tile.getExtents()))
          shape.push_back({a, n});
      } else {
        shape.push_back({axis, p.extent});
      }
    }
    return tileType(shape, b.getF32Type());
  };
  auto splat = [&](float value, Type type) -> Value {
    return ConstantOp::create(b, loc, type,
                              cast<TypedAttr>(b.getF32FloatAttr(value)));
  };
  Type maxType = shapeOf(maxOp.getResult()), type = shapeOf(o->getResult(0));
  Value low = splat(-INFINITY, maxType), zero = splat(0, type);
  auto none = OrderAttr::get(context, OrderKind::Default, 0);
  ForOp forOp = loop(axes.back(), index(0, scope), upper, order.getBlocks(),
                     {"carry", "carry"}, {none, none}, {low, zero},
                     {maxType, type}, scope);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(forOp);
  Scope body(scope, forOp.getBody().front());
  OpBuilder &inner = body.builder;
  Value first = forOp.getBody().getArgument(0);
  Value before = forOp.getBody().getArgument(1);
  Value sum = forOp.getBody().getArgument(2);
  Value last = clipped(first, order.getBlocks(), upper, body);
  Value blockMax = emitReduce(maxOp, body, first, last, none);
  Value now = MaxOp::create(inner, loc, maxType, before, blockMax);
  body.overrides[maxOp.getResult()] = now;
  body.exponential = max.exponential;
  body.blockMax = now;
  body.computed.clear();
  Value block = emitReduce(o, body, first, last, none);
  Value difference = SubOp::create(inner, loc, maxType, before, now);
  Operation *scale = inner.clone(*max.exponential);
  scale->setOperand(0, difference);
  scale->getResult(0).setType(maxType);
  Value one = constant(b.getF32FloatAttr(1), body);
  Type i1 = withElement(maxType, b.getI1Type());
  Value equal = CompareOp::create(inner, loc, i1, CompareKind::Eq, before, now);
  Value c =
      WhereOp::create(inner, loc, maxType, equal, one, scale->getResult(0));
  Value scaled = MulOp::create(inner, loc, type, sum, c);
  Value total = AddOp::create(inner, loc, type, scaled, block);
  Value start = IotaOp::create(inner, loc, tileType({}, b.getI64Type()), first);
  Value isFirst = CompareOp::create(inner, loc, tileType({}, b.getI1Type()),
                                    CompareKind::Eq, start,
                                    constant(b.getI64IntegerAttr(0), body));
  Value r = WhereOp::create(inner, loc, type, isFirst, block, total);
  YieldOp::create(inner, loc, ValueRange{now, r});
  return forOp.getResult(1);
}
