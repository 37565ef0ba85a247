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
  if (!few.empty())
    return sumFew(cast<ReduceOp>(o), scope);
  FailureOr<std::optional<RunningMax>> max = findRunningMax(o);
  if (succeeded(max) && *max && !scope.overrides.count((*max)->max.getResult()))
    return emitRunning(o, **max, scope);
  // Of a chain the loop that runs gives the max, too.
  if (plan.getChain() && !scope.overrides.count(o->getResult(0)))
    for (auto user : group.getBody().front().getOps<ReductionOpInterface>()) {
      max = findRunningMax(user);
      if (succeeded(max) && *max && (*max)->max == o) {
        emitRunning(user, **max, scope);
        return scope.computed.lookup(o->getResult(0));
      }
    }
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
  // Of a chain's axis the loop around this one holds a step, if there is one.
  bool chain = plan.getChain() && axes == Axes(plan.getChain());
  if (chain) {
    there = scope.positions.lookup(plan.getChain());
    resident = there.index != Value();
  }
  int64_t step = chain    ? plan.getExtent(plan.getChain())
                 : lanes  ? plan.getExtent(lane)
                 : matrix ? plan.getExtent(plan.getMatrix())
                          : 1;
  // Joined axes go by the lane axis' name where their terms are its lanes.
  ForOp forOp =
      loop(lanes ? lane : axes.back(), lower, upper, step, {kind}, {order}, {},
           tileType({}, elementOf(o->getResult(0))), scope);
  Scope body(scope, forOp.getBody().front());
  if (resident)
    body.positions[axes[0]] = there;
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

static bool addTerms(Value value, bool negative, Affine &sum) {
  Operation *o = value.getDefiningOp();
  if (isa_and_nonnull<PosOp, SizeOp>(o)) {
    (negative ? sum.minus : sum.plus).push_back(o);
    return true;
  }
  if (auto constant = dyn_cast_or_null<ConstantOp>(o)) {
    auto number = dyn_cast<IntegerAttr>(constant.getValue());
    if (!number)
      return false;
    sum.constant += negative ? -number.getInt() : number.getInt();
    return true;
  }
  if (!isa_and_nonnull<AddOp, SubOp>(o) || !elementOf(value).isInteger(32))
    return false;
  return addTerms(o->getOperand(0), negative, sum) &&
         addTerms(o->getOperand(1), negative != isa<SubOp>(o), sum);
}

/// Whether the sum's value fits i32 whatever the sizes, which i32 holds: its
/// own wrapping then changes nothing.
static bool fitsI32(const Affine &sum) {
  SmallVector<Operation *> plus = sum.plus, minus = sum.minus;
  auto axisOf = [](Operation *o) {
    auto pos = dyn_cast<PosOp>(o);
    return pos ? pos.getAxisAttr() : cast<SizeOp>(o).getAxisAttr();
  };
  // A position less its axis' size is negative.
  for (Operation *&one : plus)
    for (Operation *&other : minus)
      if (one && other && isa<PosOp>(one) && isa<SizeOp>(other) &&
          axisOf(one) == axisOf(other))
        one = other = nullptr;
  auto left = [](ArrayRef<Operation *> ops) {
    return llvm::count_if(ops, [](Operation *o) { return o != nullptr; });
  };
  return sum.constant <= 0 && sum.constant > -(1 << 20) && left(plus) <= 1 &&
         left(minus) == 0;
}

/// The mask pos[axis] <= f or < f that leaves -inf where a running max over
/// `axis` has no live position; none if its operand is no such choice.
std::optional<Tiling::Mask> Tiling::maskOf(ReduceOp max) {
  StringAttr axis = max.getReducedAxes()[0];
  auto where = max.getOperand().getDefiningOp<WhereOp>();
  auto constant =
      where ? where.getOnFalse().getDefiningOp<ConstantOp>() : ConstantOp();
  auto compare =
      where ? where.getCondition().getDefiningOp<CompareOp>() : CompareOp();
  auto real = constant ? dyn_cast<FloatAttr>(constant.getValue()) : FloatAttr();
  if (!real || !compare || !real.getValue().isInfinity() ||
      !real.getValue().isNegative())
    return std::nullopt;
  Value position = compare.getLhs(), bound = compare.getRhs();
  CompareKind kind = compare.getKind();
  if (kind == CompareKind::Ge || kind == CompareKind::Gt) {
    std::swap(position, bound);
    kind = kind == CompareKind::Ge ? CompareKind::Le : CompareKind::Lt;
  }
  auto pos = position.getDefiningOp<PosOp>();
  Mask mask{where, {}};
  if ((kind != CompareKind::Le && kind != CompareKind::Lt) || !pos ||
      pos.getAxisAttr() != axis || hasAxis(bound.getType(), axis) ||
      !addTerms(bound, /*negative=*/false, mask.end) || !fitsI32(mask.end))
    return std::nullopt;
  mask.end.constant += kind == CompareKind::Le ? 1 : 0;
  return mask;
}

/// An index: the sum at the last row of the work item, where it is largest, or
/// at its first.
Value Tiling::indexOf(const Affine &sum, bool last, Scope &scope) {
  OpBuilder &b = scope.builder;
  Value total = index(sum.constant, scope);
  for (bool negative : {false, true})
    for (Operation *o : negative ? sum.minus : sum.plus) {
      Value one;
      if (auto at = dyn_cast<PosOp>(o)) {
        Position p = scope.positions.lookup(at.getAxisAttr());
        one = p.index;
        if (p.extent > 1 && last) {
          Value all = extent(at.getAxisAttr(), scope);
          one = arith::AddIOp::create(
              b, loc, clipped(one, p.extent, all, scope), index(-1, scope));
        }
      } else {
        one = extent(cast<SizeOp>(o).getAxisAttr(), scope);
      }
      if (negative)
        one = arith::MulIOp::create(b, loc, one, index(-1, scope));
      total = arith::AddIOp::create(b, loc, total, one);
    }
  return total;
}

/// The running reductions that one loop forms: of a chain all of the group,
/// products last, so that what others sum dies before they need registers.
SmallVector<Operation *>
Tiling::togetherWith(Operation *o, const RunningMax &max, Scope &scope) {
  SmallVector<Operation *> together = {o};
  if (plan.getChain())
    for (auto other : group.getBody().front().getOps<ReductionOpInterface>()) {
      FailureOr<std::optional<RunningMax>> its = findRunningMax(other);
      if (other != o && succeeded(its) && *its && (*its)->max == max.max)
        together.push_back(other);
    }
  llvm::stable_sort(together, [](Operation *a, Operation *b) {
    return !cast<ReductionOpInterface>(a).isContraction() &&
           cast<ReductionOpInterface>(b).isContraction();
  });
  return together;
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
  SmallVector<Operation *> together = togetherWith(o, max, scope);
  Type maxType = shapeOf(maxOp.getResult());
  SmallVector<Value> inits = {splat(-INFINITY, maxType)};
  for (Operation *one : together)
    inits.push_back(splat(0, shapeOf(one->getResult(0))));
  // Of a chain, whole blocks that are live for all rows have a loop of their
  // own, which has nothing to mask; blocks that are not live for any are
  // skipped (the language allows it: they change nothing).
  if (!plan.getChain())
    return emitBlocksOf(together, max, index(0, scope), upper, upper, inits, {},
                        scope)
        .getResult(1);
  std::optional<Mask> mask = maskOf(maxOp);
  Value end = upper, all = upper;
  if (mask) {
    end = arith::MinSIOp::create(
        b, loc, indexOf(mask->end, /*last=*/true, scope), upper);
    all = arith::MinSIOp::create(
        b, loc, indexOf(mask->end, /*last=*/false, scope), upper);
  }
  int64_t blocks = order.getBlocks();
  all = arith::FloorDivSIOp::create(b, loc, all, index(blocks, scope));
  all = arith::MulIOp::create(b, loc, all, index(-blocks, scope));
  all = arith::MinSIOp::create(b, loc, all, index(0, scope));
  all = arith::MulIOp::create(b, loc, all, index(-1, scope));
  ForOp whole = emitBlocksOf(together, max, index(0, scope), all, {}, inits,
                             mask ? mask->where : WhereOp(), scope);
  ForOp rest = emitBlocksOf(together, max, all, end, upper, whole.getResults(),
                            {}, scope);
  // What else the loops give is known where they stand.
  scope.computed[maxOp.getResult()] = rest.getResult(0);
  for (auto [i, one] : llvm::enumerate(together))
    scope.computed[one->getResult(0)] = rest.getResult(i + 1);
  return scope.computed.lookup(o->getResult(0));
}

/// The loop of the running reductions `together` over blocks from `lower` on:
/// of `size` positions, or all whole, where it is null, and then `open` is true
/// at all of them.
ForOp Tiling::emitBlocksOf(ArrayRef<Operation *> together,
                           const RunningMax &max, Value lower, Value upper,
                           Value size, ValueRange inits, WhereOp open,
                           Scope &scope) {
  OpBuilder &b = scope.builder;
  ReduceOp maxOp = max.max;
  int64_t blocks = maxOp.getOrder().getBlocks();
  SmallVector<StringAttr> axes = maxOp.getReducedAxes();
  auto none = OrderAttr::get(context, OrderKind::Default, 0);
  SmallVector<StringRef> kinds(inits.size(), "carry");
  SmallVector<OrderAttr> orders(inits.size(), none);
  SmallVector<Type> types = llvm::to_vector(inits.getTypes());
  ForOp forOp = loop(axes.back(), lower, upper, blocks, kinds, orders, inits,
                     types, scope);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(forOp);
  Scope body(scope, forOp.getBody().front());
  OpBuilder &inner = body.builder;
  Type maxType = types[0];
  Value first = forOp.getBody().getArgument(0);
  Value before = forOp.getBody().getArgument(1);
  Value last =
      size ? clipped(first, blocks, size, body)
           : arith::AddIOp::create(inner, loc, first, index(blocks, body));
  if (plan.getChain())
    body.positions[axes[0]] = Position{first, blocks, {}};
  if (open)
    body.overrides[open.getResult()] = emit(open.getOnTrue(), body);
  Value blockMax = emitReduce(maxOp, body, first, last, none);
  Value now = MaxOp::create(inner, loc, maxType, before, blockMax);
  // exp(s - m) of a row without a live position so far is 0: s is -inf.
  Value low = constant(b.getF32FloatAttr(-INFINITY), body);
  Value zero = constant(b.getF32FloatAttr(0.0), body);
  Type i1 = withElement(maxType, b.getI1Type());
  Value dead = CompareOp::create(inner, loc, i1, CompareKind::Eq, now, low);
  body.overrides[maxOp.getResult()] =
      WhereOp::create(inner, loc, maxType, dead, zero, now);
  // What was computed with another meaning of the max.
  for (auto [value, tile] : llvm::to_vector(body.computed))
    if (dependsOn(value, maxOp.getResult()))
      body.computed.erase(value);
  Value difference = SubOp::create(inner, loc, maxType, before, now);
  Operation *scale = inner.clone(*max.exponential);
  scale->setOperand(0, difference);
  scale->getResult(0).setType(maxType);
  Value one = constant(b.getF32FloatAttr(1), body);
  Value equal = CompareOp::create(inner, loc, i1, CompareKind::Eq, before, now);
  Value c =
      WhereOp::create(inner, loc, maxType, equal, one, scale->getResult(0));
  Value start = IotaOp::create(inner, loc, tileType({}, b.getI64Type()), first);
  Value isFirst = CompareOp::create(inner, loc, tileType({}, b.getI1Type()),
                                    CompareKind::Eq, start,
                                    constant(b.getI64IntegerAttr(0), body));
  SmallVector<Value> yields = {now};
  for (auto [i, reduction] : llvm::enumerate(together)) {
    Type type = types[i + 1];
    // Before the block's own sum: a matrix unit may add this to it.
    Value scaled =
        MulOp::create(inner, loc, type, forOp.getBody().getArgument(i + 2), c);
    Value sum = emitReduce(reduction, body, first, last, none);
    Value total = AddOp::create(inner, loc, type, scaled, sum);
    // A chain of products begins at +0 and never gives -0: 0 + t is t.
    if (!cast<ReductionOpInterface>(reduction).isContraction())
      total = WhereOp::create(inner, loc, type, isFirst, sum, total);
    yields.push_back(total);
  }
  YieldOp::create(inner, loc, yields);
  return forOp;
}
