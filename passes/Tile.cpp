// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes a group's loops, tiles, loads and stores explicit: values.

#include "passes/Tiling.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace gemel;

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
  for (Scope *up = at->parent; up && fits(value, *at, *up); up = at->parent) {
    // What only the region needs is computed in there.
    bool onlyHere = at->isAgain && !up->computed.lookup(value) &&
                    !(up->parent && fits(value, *up, *up->parent));
    if (onlyHere)
      break;
    at = up;
  }
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
  if (rooms.count(value))
    return emitKept(value, scope);
  return emitOp(value.getDefiningOp(), scope);
}

/// The first sweep computes and keeps; later ones recall.
Value Tiling::emitKept(Value value, Scope &scope) {
  Room &room = rooms[value];
  OpBuilder &b = scope.builder;
  Position position = scope.positions.lookup(lane);
  // Only loops right below the work item's own positions are its sweeps.
  bool sweeps = position.index && position.extent == plan.getExtent(lane) &&
                scope.positions.size() == axesOf(value).size() &&
                scope.parent && !scope.parent->parent;
  if (!sweeps)
    return emitOp(value.getDefiningOp(), scope);
  if (!room.full) {
    room.full = true;
    Value tile = emitOp(value.getDefiningOp(), scope);
    KeepOp::create(b, value.getLoc(), tile, room.scratch, position.index);
    return tile;
  }
  auto recall = RecallOp::create(
      b, value.getLoc(), tileType({{lane, position.extent}}, elementOf(value)),
      room.scratch, position.index);
  Scope again(scope, recall.getBody().emplaceBlock());
  again.isAgain = true;
  Value tile = emitOp(value.getDefiningOp(), again);
  YieldOp::create(again.builder, value.getLoc(), tile);
  return recall.getResult();
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
  if (LoadOp known = knownLoad(array, positions, scope))
    return known;
  auto made =
      LoadOp::create(scope.builder, loc, tileType(axes, type.getElementType()),
                     array, positions);
  loads.push_back(made);
  return made;
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
      return CastOp::create(
          b, loc, withElement(position.tile.getType(), b.getI32Type()),
          position.tile, "i32", /*fast=*/false);
    }
    if (std::optional<int64_t> known = numberOf(position.index))
      return constant(b.getI32IntegerAttr(static_cast<int32_t>(*known)), scope);
    return IotaOp::create(
        b, loc,
        tileType({{pos.getAxisAttr(), position.extent}}, b.getI32Type()),
        position.index);
  }
  // Where there are loops they count terms by the lanes of what is combined,
  // which one branch may lack.
  if (auto where = dyn_cast<WhereOp>(o); where && !few.empty())
    if (std::optional<bool> known = isKnown(where.getCondition(), scope))
      return emit(*known ? where.getOnTrue() : where.getOnFalse(), scope);
  if (auto at = dyn_cast<AtOp>(o))
    return emitAt(at, scope);
  if (auto put = dyn_cast<PutOp>(o))
    return emitPut(put, scope);
  if (auto sort = dyn_cast<ArgsortOp>(o))
    return emitArgsort(sort, scope);
  if (auto search = dyn_cast<SearchSortedOp>(o))
    return emitSearch(search, scope);
  if (auto sum = dyn_cast<SumRunsOp>(o))
    return emitSumRuns(sum, scope);
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
          : joinAxes(
                llvm::map_to_vector(o->getOperands(),
                                    [&](Value v) { return mapping.lookup(v); }),
                elementOf(o->getResult(0))),
      llvm::map_to_vector(o->getOperands(),
                          [&](Value v) { return mapping.lookup(v); }),
      o->getDiscardableAttrDictionary(), o->getPropertiesStorage(), {}, 0);
  b.insert(clone);
  return clone->getResult(0);
}

Value Tiling::emitAt(Value value, StringAttr axis, const Position &position,
                     Scope &scope) {
  Scope place(scope, *scope.builder.getInsertionBlock());
  place.builder = scope.builder;
  place.positions[axis] = position;
  return emit(value, place);
}

Value Tiling::emitAt(AtOp at, Scope &scope) {
  OpBuilder &b = scope.builder;
  // An index on the lane axis is where lanes begin, which others may bring.
  std::optional<int64_t> known = knownPosition(at);
  if (known && at.getAxisAttr() != lane)
    return emitAt(at.getSource(), at.getAxisAttr(), {numberAt(*known), 1, {}},
                  scope);
  Value index = emit(at.getIndex(), scope);
  Value value = emitAt(at.getSource(), at.getAxisAttr(), {{}, 1, index}, scope);
  loc = at.getLoc();
  if (arrays.count(at.getSource()))
    return value; // the load itself gives NaN or 0 outside
  Type element = elementOf(value), indexElement = elementOf(index);
  Value size =
      SizeOp::create(b, loc, tileType({}, b.getI32Type()), at.getAxisAttr());
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

Value Tiling::extent(Axes axes, Scope &scope) {
  Value product;
  for (StringAttr axis : axes) {
    Value size = ExtentOp::create(scope.builder, loc,
                                  scope.builder.getIndexType(), axis);
    product = product ? arith::MulIOp::create(scope.builder, loc, product, size)
                            .getResult()
                      : size;
  }
  return product;
}

Value Tiling::index(int64_t value, Scope &scope) {
  return arith::ConstantIndexOp::create(scope.builder, loc, value);
}

Value Tiling::clipped(Value first, int64_t count, Value limit, Scope &scope) {
  Value next =
      arith::AddIOp::create(scope.builder, loc, first, index(count, scope));
  return arith::MinSIOp::create(scope.builder, loc, next, limit);
}

Value Tiling::constant(TypedAttr attr, Scope &scope) {
  return ConstantOp::create(scope.builder, loc, tileType({}, attr.getType()),
                            attr);
}

TileType Tiling::tileType(Extents axes, Type element) {
  SmallVector<StringAttr> names;
  SmallVector<int64_t> extents;
  for (auto [axis, n] : axes)
    if (n > 1) {
      names.push_back(axis);
      extents.push_back(n);
    }
  return TileType::get(context, names, extents, element);
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
