// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes a group's loops, tiles, loads and stores explicit.
//
// Values are asked for, not walked: each is computed in the outermost loop in
// which all its axes have a position, once. What a reduction runs over is
// computed in the loop that runs. So a row's sums stand before the sweep that
// uses them, and nothing is stored that one sweep can hold.

#include "passes/Passes.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/Interfaces.h"
#include "dialect/RunningMax.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace gemel;

namespace {

/// Where an axis stands: a first position with an extent, or, under `at`, a
/// tile of positions.
struct Position {
  Value index;
  int64_t extent = 1;
  Value tile;
};

/// A loop body (or a place under `at`) in which some axes have positions.
struct Scope {
  Scope *parent = nullptr;
  llvm::SmallDenseMap<StringAttr, Position, 8> positions;
  /// Values that mean something else here: a running max at its block.
  llvm::SmallDenseMap<Value, Value, 2> overrides;
  /// exp(s - m) of a running reduction, and M_j.
  Operation *exponential = nullptr;
  Value blockMax;
  llvm::DenseMap<Value, Value> computed;
  OpBuilder builder;
  explicit Scope(OpBuilder builder) : builder(builder) {}
};

class Tiling {
public:
  Tiling(OpOp op, GroupOp group, KernelOp kernel, const TileOptions &options,
         const llvm::StringMap<int64_t> &planned)
      : op(op), group(group), kernel(kernel), options(options),
        planned(planned), context(op.getContext()) {}

  /// Array that a captured value or a stored one lives in.
  llvm::DenseMap<Value, Value> arrays;
  /// For each yielded value, the arrays it is stored to.
  SmallVector<SmallVector<Value>> destinations;

  LogicalResult run();

private:
  Value emit(Value value, Scope &scope);
  Value emitHere(Value value, Scope &scope);
  Value emitOp(Operation *o, Scope &scope);
  Value load(Value array, Scope &scope);
  Value emitReduce(Operation *o, Scope &scope, Value lower, Value upper,
                   OrderAttr order);
  Value emitReduction(Operation *o, Scope &scope);
  Value emitRunning(Operation *o, const RunningMax &max, Scope &scope);
  Value emitPut(PutOp put, Scope &scope);
  Value emitAt(AtOp at, Scope &scope);
  void emitStores(ArrayRef<unsigned> results, Scope &scope);

  Value extent(StringAttr axis, Scope &scope) {
    return ExtentOp::create(scope.builder, loc,
                            scope.builder.getIndexType(), axis);
  }
  Value index(int64_t value, Scope &scope) {
    return arith::ConstantIndexOp::create(scope.builder, loc, value);
  }
  Value constant(TypedAttr attr, Scope &scope) {
    return ConstantOp::create(scope.builder, loc,
                              tileType({}, attr.getType()), attr);
  }
  TileType tileType(ArrayRef<std::pair<StringAttr, int64_t>> axes, Type e) {
    SmallVector<StringAttr> names;
    SmallVector<int64_t> extents;
    for (auto [axis, n] : axes)
      if (n > 1) {
        names.push_back(axis);
        extents.push_back(n);
      }
    return TileType::get(context, names, extents, e);
  }
  ForOp loop(StringAttr axis, Value lower, Value upper, int64_t step,
             ArrayRef<StringRef> combine, ArrayRef<OrderAttr> orders,
             ValueRange inits, TypeRange results, Scope &scope);
  int64_t laneStep(Value within);
  int64_t laneChunk(bool contraction);
  bool lanesBound(Scope &scope);

  OpOp op;
  GroupOp group;
  KernelOp kernel;
  const TileOptions &options;
  const llvm::StringMap<int64_t> &planned;
  MLIRContext *context;
  Location loc = UnknownLoc::get(context);
  StringAttr lane, row;
};

} // namespace

/// Whether `value` may be computed in `outer`: every axis has the same
/// position there, and nothing it reads means something else here.
static bool fits(Value value, Scope &inner, Scope &outer) {
  for (StringAttr axis : axesOf(value)) {
    auto here = inner.positions.find(axis);
    auto there = outer.positions.find(axis);
    if (there == outer.positions.end() || here == inner.positions.end() ||
        here->second.index != there->second.index ||
        here->second.tile != there->second.tile ||
        here->second.extent != there->second.extent)
      return false;
  }
  for (auto &[from, to] : inner.overrides)
    if (outer.overrides.lookup(from) != to && dependsOn(value, from))
      return false;
  return true;
}

Value Tiling::emit(Value value, Scope &scope) {
  Scope *at = &scope;
  while (at->parent && fits(value, *at, *at->parent))
    at = at->parent;
  if (Value known = at->computed.lookup(value))
    return known;
  if (Value other = at->overrides.lookup(value))
    return other;
  Value made = emitHere(value, *at);
  at->computed[value] = made;
  return made;
}

Value Tiling::emitHere(Value value, Scope &scope) {
  if (Value array = arrays.lookup(value))
    return load(array, scope);
  return emitOp(value.getDefiningOp(), scope);
}

Value Tiling::load(Value array, Scope &scope) {
  auto type = cast<ArrayType>(array.getType());
  SmallVector<Value> positions;
  SmallVector<std::pair<StringAttr, int64_t>> axes;
  auto add = [&](StringAttr axis, int64_t extent) {
    if (extent > 1 && !llvm::is_contained(axes, std::pair(axis, extent)))
      axes.push_back({axis, extent});
  };
  for (StringAttr axis : type.getAxes()) {
    Position position = scope.positions.lookup(axis);
    if (position.tile) {
      positions.push_back(position.tile);
      auto tile = cast<TileType>(position.tile.getType());
      for (auto [a, n] : llvm::zip(tile.getAxes(), tile.getExtents()))
        add(a, n);
    } else {
      positions.push_back(position.index);
      add(axis, position.extent);
    }
  }
  return LoadOp::create(scope.builder, loc,
                        tileType(axes, type.getElementType()), array,
                        positions);
}

Value Tiling::emitOp(Operation *o, Scope &scope) {
  loc = o->getLoc();
  OpBuilder &b = scope.builder;
  if (auto pos = dyn_cast<PosOp>(o)) {
    Position position = scope.positions.lookup(pos.getAxisAttr());
    if (position.tile) {
      Type element = elementOf(position.tile);
      if (element.isInteger(32))
        return position.tile;
      return CastOp::create(b, loc,
                            withElement(position.tile.getType(),
                                        b.getI32Type()),
                            position.tile, "i32", /*fast=*/false);
    }
    return IotaOp::create(
        b, loc,
        tileType({{pos.getAxisAttr(), position.extent}}, b.getI32Type()),
        position.index);
  }
  if (auto at = dyn_cast<AtOp>(o))
    return emitAt(at, scope);
  if (auto put = dyn_cast<PutOp>(o))
    return emitPut(put, scope);
  if (isa<ReductionOpInterface>(o))
    return emitReduction(o, scope);
  IRMapping mapping;
  for (Value operand : o->getOperands())
    mapping.map(operand, emit(operand, scope));
  loc = o->getLoc();
  Operation *clone = Operation::create(
      loc, o->getName(),
      o->getNumOperands() == 0
          ? Type(tileType({}, elementOf(o->getResult(0))))
          : joinAxes(llvm::map_to_vector(
                         o->getOperands(),
                         [&](Value v) { return mapping.lookup(v); }),
                     elementOf(o->getResult(0))),
      llvm::map_to_vector(o->getOperands(),
                          [&](Value v) { return mapping.lookup(v); }),
      o->getDiscardableAttrDictionary(), o->getPropertiesStorage(), {}, 0);
  b.insert(clone);
  Value result = clone->getResult(0);
  if (o != scope.exponential)
    return result;
  // exp(s - m) of a row without a live position so far is 0.
  Value low = constant(b.getF32FloatAttr(-INFINITY), scope);
  Value zero = constant(b.getF32FloatAttr(0.0), scope);
  Value dead = CompareOp::create(
      b, loc, withElement(scope.blockMax.getType(), b.getI1Type()),
      CompareKind::Eq, scope.blockMax, low);
  return WhereOp::create(b, loc,
                         joinAxes({dead, zero, result}, b.getF32Type()), dead,
                         zero, result);
}

Value Tiling::emitAt(AtOp at, Scope &scope) {
  Value index = emit(at.getIndex(), scope);
  OpBuilder &b = scope.builder;
  Scope place(b);
  place.parent = &scope;
  place.positions = scope.positions;
  place.overrides = scope.overrides;
  place.exponential = scope.exponential;
  place.blockMax = scope.blockMax;
  place.positions[at.getAxisAttr()] = Position{{}, 1, index};
  Value value = emit(at.getSource(), place);
  loc = at.getLoc();
  if (arrays.count(at.getSource()))
    return value; // the load itself gives NaN or 0 outside
  Type element = elementOf(value), indexElement = elementOf(index);
  Value size = SizeOp::create(b, loc, tileType({}, b.getI32Type()),
                              at.getAxisAttr());
  if (indexElement.isInteger(64))
    size = WidenOp::create(b, loc, tileType({}, b.getI64Type()), size);
  Value zero = constant(b.getIntegerAttr(indexElement, 0), scope);
  Type i1 = withElement(index.getType(), b.getI1Type());
  Value low = CompareOp::create(b, loc, i1, CompareKind::Ge, index, zero);
  Value high = CompareOp::create(b, loc, i1, CompareKind::Lt, index, size);
  Value inside = AndOp::create(b, loc, i1, low, high);
  TypedAttr absent;
  if (isa<FloatType>(element))
    absent = b.getFloatAttr(element, NAN);
  else
    absent = b.getIntegerAttr(element, 0);
  Value outside = constant(absent, scope);
  return WhereOp::create(b, loc, joinAxes({inside, value, outside}, element),
                         inside, value, outside);
}

ForOp Tiling::loop(StringAttr axis, Value lower, Value upper, int64_t step,
                   ArrayRef<StringRef> combine, ArrayRef<OrderAttr> orders,
                   ValueRange inits, TypeRange results, Scope &scope) {
  OpBuilder &b = scope.builder;
  SmallVector<Attribute> orderAttrs(orders.begin(), orders.end());
  auto forOp = ForOp::create(b, loc, results, axis, lower, upper, step,
                             b.getStrArrayAttr(combine),
                             b.getArrayAttr(orderAttrs), inits);
  Block &body = forOp.getBody().emplaceBlock();
  body.addArgument(b.getIndexType(), loc);
  for (Value init : inits)
    body.addArgument(init.getType(), loc);
  return forOp;
}

bool Tiling::lanesBound(Scope &scope) {
  auto it = scope.positions.find(lane);
  return lane && it != scope.positions.end();
}

int64_t Tiling::laneStep(Value) {
  auto it = planned.find(lane.getValue());
  if (it != planned.end())
    return std::max(it->second, options.lanes);
  return options.lanes * options.unroll;
}

/// Positions of the lane axis in one work item: whole steps, so that no store
/// reaches into the next item's.
int64_t Tiling::laneChunk(bool contraction) {
  return contraction ? laneStep({}) * 4
                     : std::max(options.chunk, laneStep({}));
}

/// Axes reduced as one: the loop runs over their product, positions come from
/// division. The joined axis goes by the lane axis' name, which is one of them
/// where there is more than one lane.
static void bindFlattened(ArrayRef<StringAttr> axes, StringAttr lane, Value at,
                          int64_t step, Scope &body, Location loc,
                          MLIRContext *context) {
  OpBuilder &b = body.builder;
  Type i64 = b.getI64Type();
  auto type = [&](StringAttr a, Type e) {
    return step > 1 ? TileType::get(context, {a}, {step}, e)
                    : TileType::get(context, {}, {}, e);
  };
  auto scalar = [&](Type e) { return TileType::get(context, {}, {}, e); };
  Value rest = IotaOp::create(b, loc, type(lane, i64), at);
  for (size_t i = axes.size(); i-- > 0;) {
    Value size = SizeOp::create(b, loc, scalar(b.getI32Type()), axes[i]);
    size = WidenOp::create(b, loc, scalar(i64), size);
    Value position = i ? ModOp::create(b, loc, rest.getType(), rest, size)
                             .getResult()
                       : rest;
    if (i)
      rest = FloorDivOp::create(b, loc, rest.getType(), rest, size);
    body.positions[axes[i]] = Position{{}, 1, position};
  }
}

/// One reduction over positions [lower, upper) of its (joined) axes.
Value Tiling::emitReduce(Operation *o, Scope &scope, Value lower, Value upper,
                         OrderAttr order) {
  auto reduction = cast<ReductionOpInterface>(o);
  SmallVector<StringAttr> axes = reduction.getReducedAxes();
  OpBuilder &b = scope.builder;
  bool dot = reduction.isContraction();
  auto reduce = dyn_cast<ReduceOp>(o);
  bool serial = order.getKind() == OrderKind::Serial && reduce &&
                (reduce.getKind() == ReduceKind::Sum ||
                 reduce.getKind() == ReduceKind::Prod);
  // Lanes run along a reduced axis unless an outer loop has them already.
  bool lanes = !dot && !serial && !lanesBound(scope) &&
               llvm::is_contained(axes, lane);
  int64_t step = lanes ? laneStep({}) : 1;
  if (order.getKind() == OrderKind::Blocks)
    step = std::min(step, order.getBlocks());
  StringRef kind =
      dot ? "dot" : stringifyReduceKind(cast<ReduceOp>(o).getKind());

  if (order.getKind() == OrderKind::Blocks && (dot || reduce)) {
    bool exact = reduce && reduce.getKind() != ReduceKind::Sum &&
                 reduce.getKind() != ReduceKind::Prod;
    auto plain = OrderAttr::get(context, OrderKind::Default, 0);
    if (exact)
      return emitReduce(o, scope, lower, upper, plain);
    // Blocks one after another, each in its own loop.
    Scope body(b);
    Type element = dot ? b.getF32Type() : elementOf(o->getResult(0));
    ForOp outer = loop(axes.back(), lower, upper, order.getBlocks(),
                       {dot ? "sum" : kind},
                       {OrderAttr::get(context, OrderKind::Serial, 0)}, {},
                       tileType({}, element), scope);
    body.parent = &scope;
    body.positions = scope.positions;
    body.overrides = scope.overrides;
    body.exponential = scope.exponential;
    body.blockMax = scope.blockMax;
    body.builder.setInsertionPointToEnd(&outer.getBody().front());
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(outer);
    Value first = outer.getBody().getArgument(0);
    Value next = arith::AddIOp::create(body.builder, loc, first,
                                       index(order.getBlocks(), body));
    Value last = arith::MinSIOp::create(body.builder, loc, next, upper);
    Value block = emitReduce(o, body, first, last, plain);
    YieldOp::create(body.builder, loc, block);
    outer.getResult(0).setType(block.getType());
    return outer.getResult(0);
  }

  // Joined axes go by the lane axis' name where their terms are its lanes.
  ForOp forOp = loop(lanes ? lane : axes.back(), lower, upper, step, {kind},
                     {order}, {}, tileType({}, elementOf(o->getResult(0))),
                     scope);
  Scope body(b);
  body.parent = &scope;
  body.positions = scope.positions;
  body.overrides = scope.overrides;
  body.exponential = scope.exponential;
  body.blockMax = scope.blockMax;
  body.builder.setInsertionPointToEnd(&forOp.getBody().front());
  Value at = forOp.getBody().getArgument(0);
  if (axes.size() == 1)
    body.positions[axes[0]] = Position{at, step, {}};
  else
    bindFlattened(axes, lane, at, step, body, loc, context);
  SmallVector<Value> terms;
  {
    // What does not need the loop is computed before it.
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(forOp);
    for (Value operand : o->getOperands()) {
      Value term = emit(operand, body);
      loc = o->getLoc();
      if (dot && isNarrow(elementOf(term)))
        term = WidenOp::create(body.builder, loc,
                               withElement(term.getType(), b.getF32Type()),
                               term);
      terms.push_back(term);
    }
  }
  YieldOp::create(body.builder, loc, terms);
  Type joined = joinAxes(terms, elementOf(o->getResult(0)));
  forOp.getResult(0).setType(withoutAxes(joined, axes));
  return forOp.getResult(0);
}

Value Tiling::emitReduction(Operation *o, Scope &scope) {
  FailureOr<std::optional<RunningMax>> max = findRunningMax(o);
  if (succeeded(max) && *max && !scope.overrides.count((*max)->max.getResult()))
    return emitRunning(o, **max, scope);
  auto reduction = cast<ReductionOpInterface>(o);
  Value upper;
  for (StringAttr axis : reduction.getReducedAxes()) {
    Value size = extent(axis, scope);
    upper = upper ? arith::MulIOp::create(scope.builder, loc, upper, size)
                        .getResult()
                  : size;
  }
  return emitReduce(o, scope, index(0, scope), upper,
                    reduction.getReductionOrder());
}

/// r_j = r_{j-1} c_j + t_j over blocks, M_j carried beside it.
Value Tiling::emitRunning(Operation *o, const RunningMax &max, Scope &scope) {
  OpBuilder &b = scope.builder;
  ReduceOp maxOp = max.max;
  auto order = maxOp.getOrder();
  SmallVector<StringAttr> axes = maxOp.getReducedAxes();
  Value upper;
  for (StringAttr axis : axes) {
    Value size = extent(axis, scope);
    upper = upper ? arith::MulIOp::create(b, loc, upper, size).getResult()
                  : size;
  }
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
  Scope body(b);
  body.parent = &scope;
  body.positions = scope.positions;
  body.overrides = scope.overrides;
  body.builder.setInsertionPointToEnd(&forOp.getBody().front());
  OpBuilder &inner = body.builder;
  Value first = forOp.getBody().getArgument(0);
  Value before = forOp.getBody().getArgument(1);
  Value sum = forOp.getBody().getArgument(2);
  Value next = arith::AddIOp::create(inner, loc, first,
                                     index(order.getBlocks(), body));
  Value last = arith::MinSIOp::create(inner, loc, next, upper);
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
  Value one = ConstantOp::create(inner, loc, tileType({}, b.getF32Type()),
                                 cast<TypedAttr>(b.getF32FloatAttr(1)));
  Type i1 = withElement(maxType, b.getI1Type());
  Value equal =
      CompareOp::create(inner, loc, i1, CompareKind::Eq, before, now);
  Value c = WhereOp::create(inner, loc, maxType, equal, one,
                            scale->getResult(0));
  Value scaled = MulOp::create(inner, loc, type, sum, c);
  Value total = AddOp::create(inner, loc, type, scaled, block);
  Value start = IotaOp::create(inner, loc, tileType({}, b.getI64Type()), first);
  Value none64 = ConstantOp::create(inner, loc, tileType({}, b.getI64Type()),
                                    cast<TypedAttr>(b.getI64IntegerAttr(0)));
  Value isFirst =
      CompareOp::create(inner, loc, tileType({}, b.getI1Type()),
                        CompareKind::Eq, start, none64);
  Value r = WhereOp::create(inner, loc, type, isFirst, block, total);
  YieldOp::create(inner, loc, ValueRange{now, r});
  return forOp.getResult(1);
}

/// Sums, of the positions whose index is this one, the terms in order.
Value Tiling::emitPut(PutOp put, Scope &scope) {
  OpBuilder &b = scope.builder;
  SmallVector<StringAttr> axes = llvm::map_to_vector(
      put.getAxes(), [](Attribute a) { return cast<StringAttr>(a); });
  Value upper;
  for (StringAttr axis : axes) {
    Value size = extent(axis, scope);
    upper = upper ? arith::MulIOp::create(b, loc, upper, size).getResult()
                  : size;
  }
  Type element = elementOf(put.getResult());
  ForOp forOp = loop(axes.back(), index(0, scope), upper, 1, {"sum_if"},
                     {OrderAttr::get(context, OrderKind::Default, 0)}, {},
                     tileType({}, element), scope);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(forOp);
  Scope body(b);
  body.parent = &scope;
  body.positions = scope.positions;
  body.builder.setInsertionPointToEnd(&forOp.getBody().front());
  Value at = forOp.getBody().getArgument(0);
  if (axes.size() == 1)
    body.positions[axes[0]] = Position{at, 1, {}};
  else
    bindFlattened(axes, lane, at, 1, body, loc, context);
  Value index = emit(put.getIndex(), body);
  Position here = scope.positions.lookup(put.getAxisAttr());
  Value mine = here.tile;
  Type indexElement = elementOf(index);
  if (!mine)
    mine = IotaOp::create(body.builder, loc, tileType({}, indexElement),
                          here.index);
  Value match = CompareOp::create(
      body.builder, loc, joinAxes({index, mine}, b.getI1Type()),
      CompareKind::Eq, index, mine);
  Value term = emit(put.getSource(), body);
  YieldOp::create(body.builder, loc, ValueRange{match, term});
  forOp.getResult(0).setType(term.getType());
  return forOp.getResult(0);
}

/// The destination with the most axes; a value may lack some of them, along
/// which it is the same.
static Value widest(ArrayRef<Value> destinations) {
  return *llvm::max_element(destinations, [](Value a, Value b) {
    return axesOf(a).size() < axesOf(b).size();
  });
}

/// Stores yielded values whose remaining axes are the same, in one loop nest.
void Tiling::emitStores(ArrayRef<unsigned> results, Scope &scope) {
  auto yield = cast<YieldOp>(group.getBody().front().back());
  SmallVector<Scope *> scopes = {&scope};
  SmallVector<std::unique_ptr<Scope>> owned;
  // Memory order of the first destination, lanes innermost.
  auto type = cast<ArrayType>(widest(destinations[results.front()]).getType());
  SmallVector<StringAttr> axes;
  for (StringAttr axis : type.getAxes())
    if (!scope.positions.count(axis))
      axes.push_back(axis);
  llvm::stable_sort(axes, [&](StringAttr a, StringAttr b) {
    return (a == lane) < (b == lane);
  });
  SmallVector<ForOp> loops;
  for (StringAttr axis : axes) {
    Scope &outer = *scopes.back();
    int64_t step = axis == lane ? laneStep({}) : 1;
    ForOp forOp = loop(axis, index(0, outer), extent(axis, outer), step, {},
                       {}, {}, {}, outer);
    auto body = std::make_unique<Scope>(outer.builder);
    body->parent = &outer;
    body->positions = outer.positions;
    body->positions[axis] =
        Position{forOp.getBody().getArgument(0), step, {}};
    body->builder.setInsertionPointToEnd(&forOp.getBody().front());
    outer.builder.setInsertionPoint(forOp);
    loops.push_back(forOp);
    scopes.push_back(body.get());
    owned.push_back(std::move(body));
  }
  Scope &innermost = *scopes.back();
  // All is computed before the first store: an inout's old value is read.
  SmallVector<Value> tiles;
  for (unsigned i : results)
    tiles.push_back(emit(yield.getValues()[i], innermost));
  for (auto [i, tile] : llvm::zip(results, tiles))
    for (Value array : destinations[i]) {
      SmallVector<Value> positions;
      SmallVector<int64_t> extents;
      for (StringAttr axis : axesOf(array)) {
        positions.push_back(innermost.positions.lookup(axis).index);
        extents.push_back(innermost.positions.lookup(axis).extent);
      }
      StoreOp::create(innermost.builder, loc, tile, array, positions, extents);
    }
  for (ForOp forOp : loops) {
    OpBuilder end(context);
    end.setInsertionPointToEnd(&forOp.getBody().front());
    YieldOp::create(end, loc, ValueRange());
  }
  for (size_t i = 0; i < loops.size(); ++i)
    scopes[i]->builder.setInsertionPointAfter(loops[i]);
}

LogicalResult Tiling::run() {
  DictionaryAttr plan = *group.getPlan();
  lane = dyn_cast_or_null<StringAttr>(plan.get("lane"));
  loc = group.getLoc();
  auto yield = cast<YieldOp>(group.getBody().front().back());
  auto work = cast<ArrayAttr>(plan.get("work"));
  Block &body = kernel.getBody().front();
  OpBuilder b(context);
  b.setInsertionPointToEnd(&body);
  Scope scope(b);
  // Work items: one position of each axis, a chunk of the lane axis, a few
  // rows of a contraction.
  SmallVector<int64_t> steps;
  SmallVector<Attribute> names;
  bool contraction = plan.contains("contraction");
  Value laneFirst;
  StringAttr rows;
  if (contraction)
    for (Attribute attr : work)
      if (attr != lane)
        rows = cast<StringAttr>(attr);
  for (Attribute attr : work) {
    auto axis = cast<StringAttr>(attr);
    Value first = body.addArgument(b.getIndexType(), loc);
    names.push_back(axis);
    if (axis == lane) {
      steps.push_back(laneChunk(contraction));
      laneFirst = first;
      continue;
    }
    int64_t extent = 1;
    if (axis == rows) {
      auto it = planned.find(axis.getValue());
      extent = it == planned.end() ? options.rows : std::min<int64_t>(it->second, 8);
      row = axis;
    }
    steps.push_back(extent);
    scope.positions[axis] = Position{first, extent, {}};
  }
  kernel.setWorkAxesAttr(b.getArrayAttr(names));
  kernel.setWorkSteps(steps);
  kernel.setGrain(laneFirst ? 4 : 8);
  if (lane)
    kernel->setAttr("lane", lane);
  if (row)
    kernel->setAttr("row", row);

  Scope *inner = &scope;
  std::unique_ptr<Scope> laneScope;
  ForOp laneLoop;
  if (laneFirst) {
    int64_t chunk = laneChunk(contraction);
    Value next = arith::AddIOp::create(scope.builder, loc, laneFirst,
                                       index(chunk, scope));
    Value last = arith::MinSIOp::create(scope.builder, loc, next,
                                        extent(lane, scope));
    laneLoop = loop(lane, laneFirst, last, laneStep({}), {}, {}, {}, {},
                    scope);
    laneScope = std::make_unique<Scope>(scope.builder);
    laneScope->parent = &scope;
    laneScope->positions = scope.positions;
    laneScope->positions[lane] =
        Position{laneLoop.getBody().getArgument(0), laneStep({}), {}};
    laneScope->builder.setInsertionPointToEnd(&laneLoop.getBody().front());
    scope.builder.setInsertionPoint(laneLoop);
    inner = laneScope.get();
  }
  // Stored values with the same remaining axes share their loops; those with
  // fewer axes come first.
  SmallVector<SmallVector<unsigned>> nests;
  for (unsigned i = 0; i < yield.getValues().size(); ++i) {
    if (destinations[i].empty())
      continue;
    auto axesLeft = [&](unsigned r) {
      llvm::SmallSetVector<StringAttr, 8> set;
      for (StringAttr axis : axesOf(widest(destinations[r])))
        if (!inner->positions.count(axis))
          set.insert(axis);
      return set;
    };
    auto mine = axesLeft(i);
    bool joined = false;
    for (auto &nest : nests) {
      auto theirs = axesLeft(nest.front());
      if (theirs.size() == mine.size() &&
          llvm::all_of(mine, [&](StringAttr a) { return theirs.contains(a); })) {
        nest.push_back(i);
        joined = true;
        break;
      }
    }
    if (!joined)
      nests.push_back({i});
  }
  for (auto &nest : nests)
    emitStores(nest, *inner);
  if (laneLoop) {
    OpBuilder end(context);
    end.setInsertionPointToEnd(&laneLoop.getBody().front());
    YieldOp::create(end, loc, ValueRange());
  }
  return success();
}

FailureOr<Tiled> gemel::tile(OpOp op, PlanOp plan, const TileOptions &options,
                             Block &into) {
  Tiled tiled;
  llvm::StringMap<int64_t> planned;
  if (plan)
    for (PlanTileOp directive : plan.getBody().getOps<PlanTileOp>()) {
      if (op.findAxis(directive.getAxis()) < 0)
        return emitError(directive.getLoc())
               << "'" << op.getSymName() << "' has no axis '"
               << directive.getAxis() << "' to tile";
      planned[directive.getAxis()] = directive.getExtent();
    }
  Block &block = op.getBody().front();
  auto returns = cast<ReturnOp>(block.back());
  OpBuilder b(op.getContext());
  // Kernel arguments: parameters, results, workspaces.
  SmallVector<Type> types(block.getArgumentTypes());
  unsigned results = types.size();
  for (Attribute attr : op.getResults_()) {
    auto argument = cast<ArgumentAttr>(attr);
    SmallVector<StringAttr> axes;
    for (Attribute axis : argument.getAxes())
      axes.push_back(cast<StringAttr>(axis));
    types.push_back(
        ArrayType::get(op.getContext(), axes,
                       parseDtype(op.getContext(), argument.getDtype())));
  }
  SmallVector<GroupOp> groups(block.getOps<GroupOp>());
  llvm::DenseMap<Value, unsigned> slots; // a group's result: its workspace
  for (GroupOp group : groups)
    for (Value result : group.getResults())
      if (llvm::any_of(result.getUsers(),
                       [&](Operation *user) { return user != returns; })) {
        slots[result] = types.size();
        types.push_back(result.getType());
        tiled.workspaces.push_back(
            {b.getStringAttr("w" + Twine(tiled.workspaces.size())),
             cast<ArrayType>(result.getType())});
      }
  SmallVector<int64_t> inouts = op.getInouts();
  for (GroupOp group : groups) {
    b.setInsertionPointToEnd(&into);
    std::string name = (op.getSymName() + "_" + group.getName()).str();
    auto kernel = KernelOp::create(
        b, group.getLoc(), b.getStringAttr(name), StringAttr(),
        b.getArrayAttr({}), b.getDenseI64ArrayAttr({}), b.getI64IntegerAttr(1));
    Block &body = kernel.getBody().emplaceBlock();
    for (Type type : types)
      body.addArgument(type, group.getLoc());
    SmallVector<int64_t> scalars;
    for (int64_t i = 0, e = op.getParameters().size(); i < e; ++i)
      if (op.getParameter(i).getScalar())
        scalars.push_back(i);
    kernel->setAttr("scalars", b.getDenseI64ArrayAttr(scalars));
    Tiling tiling(op, group, kernel, options, planned);
    for (BlockArgument argument : block.getArguments())
      tiling.arrays[argument] = body.getArgument(argument.getArgNumber());
    for (auto [value, slot] : slots)
      tiling.arrays[value] = body.getArgument(slot);
    for (Value result : group.getResults()) {
      auto &to = tiling.destinations.emplace_back();
      for (OpOperand &use : result.getUses()) {
        if (use.getOwner() != returns)
          continue;
        unsigned i = use.getOperandNumber();
        unsigned count = op.getResults_().size();
        to.push_back(body.getArgument(i < count ? results + i
                                                : inouts[i - count]));
      }
      if (slots.count(result))
        to.push_back(body.getArgument(slots[result]));
    }
    if (failed(tiling.run()))
      return failure();
    tiled.kernels.push_back(kernel);
  }
  return tiled;
}
