// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes a kernel ready to run, or says why it cannot be.

#include "codegen/reference/TilePreparation.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/Interfaces.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::reference;

LogicalResult Preparation::spend(Operation *op, int64_t n) {
  elements += n;
  if (elements > kMaxElements)
    return refuse(op) << "is too large to run: the tiles of a kernel have more "
                      << "than " << kMaxElements << " elements";
  return success();
}

// Positions behind an axis' end that a tile keeps.
static constexpr int64_t kOutside = 3;

Shape Preparation::shapeOf(ArrayRef<StringAttr> axes,
                           ArrayRef<int64_t> extents) const {
  Shape shape{SmallVector<StringAttr>(axes), SmallVector<int64_t>(extents)};
  if (!program.kernel->hasAttr("matrix"))
    return shape;
  for (auto [axis, extent] : llvm::zip(shape.axes, shape.extents))
    if (auto it = sizes.find(axis.getValue()); it != sizes.end())
      extent = std::min(extent, it->second + kOutside);
  return shape;
}

int Preparation::define(Operation *op, Value value) {
  if (value.getType().isIndex()) {
    program.indices.push_back(0);
    return slots[value] = program.indices.size() - 1;
  }
  auto type = dyn_cast<TileType>(value.getType());
  if (!type) {
    refuse(op) << "has a value that is no tile and no index: "
               << value.getType();
    return -1;
  }
  int64_t count = shapeOf(type).count();
  if (failed(spend(op, count)))
    return -1;
  program.tiles.emplace_back(count);
  return slots[value] = program.tiles.size() - 1;
}

FailureOr<int64_t> Preparation::sizeOf(Operation *op, StringAttr axis) {
  auto it = sizes.find(axis.getValue());
  if (it == sizes.end())
    return refuse(op) << "needs axis '" << axis.getValue()
                      << "', which the operator does not have";
  return it->second;
}

LogicalResult Preparation::spread(Operation *op, const Shape &from,
                                  const Shape &to, Spread &made,
                                  StringAttr swept, int64_t *sweep) {
  SmallVector<int64_t> strides(to.axes.size(), 0);
  int64_t stride = 1;
  for (size_t i = from.axes.size(); i-- > 0; stride *= from.extents[i]) {
    if (swept == from.axes[i]) {
      *sweep = stride;
      continue;
    }
    int64_t k = to.find(from.axes[i]);
    if (k < 0)
      return refuse(op) << "takes a tile with axis '" << from.axes[i].getValue()
                        << "', which it does not have itself";
    if (to.extents[k] != from.extents[i])
      return refuse(op) << "has " << to.extents[k] << " positions of axis '"
                        << from.axes[i].getValue() << "', but takes a tile of "
                        << from.extents[i];
    strides[k] = stride;
  }
  int64_t count = to.count();
  if (failed(spend(op, count)))
    return failure();
  made.resize(count);
  SmallVector<int64_t> point(to.axes.size(), 0);
  int64_t at = 0;
  for (int64_t e = 0; e < count; ++e) {
    made[e] = at;
    for (size_t i = point.size(); i-- > 0;) {
      at += strides[i];
      if (++point[i] < to.extents[i])
        break;
      at -= strides[i] * to.extents[i];
      point[i] = 0;
    }
  }
  return success();
}

LogicalResult Preparation::distances(Operation *op, const Shape &shape,
                                     StringAttr axis, Spread &made) {
  // A tile of that axis alone, whose elements are their own numbers.
  Shape line;
  int64_t i = shape.find(axis);
  if (i >= 0) {
    line.axes.push_back(axis);
    line.extents.push_back(shape.extents[i]);
  }
  return spread(op, line, shape, made);
}

LogicalResult Preparation::prepareFill(Operation *op, Number value) {
  int result = define(op, op->getResult(0));
  if (result < 0)
    return failure();
  llvm::fill(program.tiles[result], value);
  return success();
}

LogicalResult Preparation::prepareIndexOp(Operation *op, Steps &steps) {
  if (!llvm::all_of(op->getOperandTypes(),
                    [](Type type) { return type.isIndex(); }) ||
      op->getNumResults() != 1 || !op->getResult(0).getType().isIndex())
    return refuse(op) << "is run on indices only";
  int result = define(op, op->getResult(0));
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    program.indices[result] = cast<IntegerAttr>(constant.getValue()).getInt();
    return success();
  }
  // Two's complement, as the machine's index arithmetic is.
  Step step = makeStep(Step::Kind::Index, op, result);
  step.operands = {slot(op->getOperand(0)), slot(op->getOperand(1))};
  if (isa<arith::AddIOp>(op))
    step.index = [](int64_t a, int64_t b) {
      return int64_t(uint64_t(a) + uint64_t(b));
    };
  else if (isa<arith::MulIOp>(op))
    step.index = [](int64_t a, int64_t b) {
      return int64_t(uint64_t(a) * uint64_t(b));
    };
  else if (isa<arith::FloorDivSIOp>(op))
    step.index = [](int64_t a, int64_t b) {
      return b > 0 ? llvm::divideFloorSigned(a, b) : 0;
    };
  else
    step.index = [](int64_t a, int64_t b) { return std::min(a, b); };
  steps.push_back(std::move(step));
  return success();
}

LogicalResult Preparation::prepareIota(IotaOp op, Steps &steps) {
  auto type = dyn_cast<TileType>(op.getType());
  if (!type || type.getAxes().size() > 1 ||
      !(type.getElementType().isInteger(32) ||
        type.getElementType().isInteger(64)))
    return refuse(op) << "gives i32 or i64 positions of one axis, not "
                      << op.getType();
  int result = define(op, op.getResult());
  if (result < 0)
    return failure();
  steps.push_back(makeStep(Step::Kind::Iota, op, result));
  steps.back().operands = {slot(op.getFirst())};
  return success();
}

LogicalResult Preparation::prepareElementwise(Operation *op, Steps &steps) {
  for (Value value : op->getOperands())
    if (!isa<TileType>(value.getType()))
      return refuse(op) << "takes " << value.getType() << ", which is no tile";
  int result = define(op, op->getResult(0));
  if (result < 0)
    return failure();
  Step step = makeStep(Step::Kind::Elementwise, op, result);
  for (Value value : op->getOperands()) {
    step.operands.push_back(slot(value));
    if (failed(spread(op, shapeOf(value), shapeOf(op->getResult(0)),
                      step.spreads.emplace_back())))
      return failure();
  }
  steps.push_back(std::move(step));
  return success();
}

LogicalResult Preparation::prepareArray(Operation *op, Value array,
                                        ValueRange positions, Step &step) {
  auto argument = dyn_cast<BlockArgument>(array);
  if (!argument || !isa<ArrayType>(array.getType()) ||
      argument.getOwner() != &program.kernel.getBody().front())
    return refuse(op) << "needs an array of the kernel, not "
                      << array.getType();
  step.array = argument.getArgNumber();
  if (positions.size() != axesOf(array).size())
    return refuse(op) << "has " << positions.size() << " positions for the "
                      << axesOf(array).size() << " axes of '"
                      << arrays[step.array].name << "'";
  return success();
}

/// Where each element of a tile of `shape` is in the step's array.
LogicalResult Preparation::preparePlaces(Operation *op, ValueRange positions,
                                         const Shape &shape, Step &step) {
  const Buffer &buffer = arrays[step.array].buffer;
  llvm::SmallPtrSet<Attribute, 8> given;
  for (auto [k, position] : llvm::enumerate(positions)) {
    StringAttr axis = buffer.axes[k];
    Place &place = step.places.emplace_back(
        Place{buffer.sizes[k], buffer.stride(axis), false, slot(position), {}});
    if (position.getType().isIndex()) {
      given.insert(axis);
      if (failed(distances(op, shape, axis, place.spread)))
        return failure();
      continue;
    }
    Type element = elementOf(position);
    if (!isa<TileType>(position.getType()) ||
        !(element.isInteger(32) || element.isInteger(64)))
      return refuse(op) << "has a position that is no index and no tile of "
                        << "integers: " << position.getType();
    place.gathers = true;
    given.insert(axesOf(position).begin(), axesOf(position).end());
    if (failed(spread(op, shapeOf(position), shape, place.spread)))
      return failure();
  }
  for (StringAttr axis : shape.axes)
    if (!given.contains(axis))
      return refuse(op) << "gives axis '" << axis.getValue()
                        << "', along which nothing has a position";
  return success();
}

LogicalResult Preparation::prepareLoad(LoadOp op, Steps &steps) {
  Step step = makeStep(Step::Kind::Load, op, -1);
  if (failed(prepareArray(op, op.getArray(), op.getPositions(), step)))
    return failure();
  if (elementOf(op.getResult()) != elementOf(op.getArray()))
    return refuse(op) << "changes " << describe(op.getArray().getType())
                      << " to elements " << elementOf(op.getResult());
  step.result = define(op, op.getResult());
  if (step.result < 0)
    return failure();
  if (failed(
          preparePlaces(op, op.getPositions(), shapeOf(op.getResult()), step)))
    return failure();
  steps.push_back(std::move(step));
  return success();
}

LogicalResult Preparation::prepareStore(StoreOp op, Steps &steps) {
  Step step = makeStep(Step::Kind::Store, op, -1);
  if (failed(prepareArray(op, op.getArray(), op.getPositions(), step)))
    return failure();
  const TileArray &array = arrays[step.array];
  if (!array.writable)
    return refuse(op) << "writes '" << array.name << "', which is only read";
  Type from = elementOf(op.getTile()), to = elementOf(op.getArray());
  if (!isa<TileType>(op.getTile().getType()) ||
      (from != to && !(isa<FloatType>(from) && isa<FloatType>(to))))
    return refuse(op) << "has no rounding from " << op.getTile().getType()
                      << " to " << op.getArray().getType();
  ArrayRef<int64_t> extents = op.getExtents();
  if (extents.size() != array.buffer.axes.size() ||
      llvm::any_of(extents, [](int64_t n) { return n < 1; }))
    return refuse(op) << "needs an extent of 1 or more for each axis of '"
                      << array.name << "'";
  Shape shape = shapeOf(array.buffer.axes, extents);
  step.operands = {slot(op.getTile())};
  if (failed(spread(op, shapeOf(op.getTile()), shape,
                    step.spreads.emplace_back())))
    return failure();
  for (auto [k, position] : llvm::enumerate(op.getPositions())) {
    StringAttr axis = shape.axes[k];
    Place &place = step.places.emplace_back(Place{array.buffer.sizes[k],
                                                  array.buffer.stride(axis),
                                                  false,
                                                  slot(position),
                                                  {}});
    if (failed(distances(op, shape, axis, place.spread)))
      return failure();
  }
  program.stores[step.array] = true;
  steps.push_back(std::move(step));
  return success();
}

LogicalResult Preparation::prepareScatter(ScatterOp op, Steps &steps) {
  Step step = makeStep(Step::Kind::Store, op, -1);
  if (failed(prepareArray(op, op.getArray(), op.getPositions(), step)))
    return failure();
  const TileArray &array = arrays[step.array];
  if (!array.writable)
    return refuse(op) << "writes '" << array.name << "', which is only read";
  if (!isa<TileType>(op.getTile().getType()) ||
      elementOf(op.getTile()) != elementOf(op.getArray()))
    return refuse(op) << "changes " << op.getTile().getType() << " to elements "
                      << elementOf(op.getArray());
  Shape shape = shapeOf(op.getTile());
  step.operands = {slot(op.getTile())};
  if (failed(spread(op, shape, shape, step.spreads.emplace_back())) ||
      failed(preparePlaces(op, op.getPositions(), shape, step)))
    return failure();
  program.stores[step.array] = true;
  steps.push_back(std::move(step));
  return success();
}

LogicalResult Preparation::prepareOp(Operation *op, Steps &steps) {
  if (auto load = dyn_cast<LoadOp>(op))
    return prepareLoad(load, steps);
  if (auto store = dyn_cast<StoreOp>(op))
    return prepareStore(store, steps);
  if (auto scatter = dyn_cast<ScatterOp>(op))
    return prepareScatter(scatter, steps);
  if (auto loop = dyn_cast<ForOp>(op))
    return prepareFor(loop, steps);
  if (auto scratch = dyn_cast<ScratchOp>(op))
    return prepareScratch(scratch);
  if (auto keep = dyn_cast<KeepOp>(op))
    return prepareKeep(keep, steps);
  if (auto recall = dyn_cast<RecallOp>(op))
    return prepareRecall(recall, steps);
  if (auto iota = dyn_cast<IotaOp>(op))
    return prepareIota(iota, steps);
  if (isa<arith::ConstantOp, arith::AddIOp, arith::MulIOp, arith::MinSIOp,
          arith::FloorDivSIOp>(op))
    return prepareIndexOp(op, steps);
  if (auto extent = dyn_cast<ExtentOp>(op)) {
    FailureOr<int64_t> size = sizeOf(op, extent.getAxisAttr());
    if (failed(size))
      return failure();
    program.indices[define(op, extent.getResult())] = *size;
    return success();
  }
  if (auto size = dyn_cast<SizeOp>(op)) {
    FailureOr<int64_t> value = sizeOf(op, size.getAxisAttr());
    if (failed(value))
      return failure();
    return prepareFill(op, {0, wrap(elementOf(size.getResult()), *value)});
  }
  if (auto constant = dyn_cast<ConstantOp>(op)) {
    if (auto real = dyn_cast<FloatAttr>(constant.getValue()))
      return prepareFill(op, {real.getValueAsDouble(), 0});
    APInt bits = cast<IntegerAttr>(constant.getValue()).getValue();
    Type element = constant.getValue().getType();
    bool positive = element.isInteger(1) || element.isUnsignedInteger();
    return prepareFill(
        op, {0, positive ? int64_t(bits.getZExtValue()) : bits.getSExtValue()});
  }
  if (auto read = dyn_cast<ReadIndexOp>(op)) {
    auto type = dyn_cast<TileType>(read.getValue().getType());
    if (!type || shapeOf(type).count() != 1 ||
        isa<FloatType>(type.getElementType()))
      return refuse(op) << "reads one integer, not "
                        << read.getValue().getType();
    steps.push_back(
        makeStep(Step::Kind::ReadIndex, op, define(op, read.getResult())));
    steps.back().operands = {slot(read.getValue())};
    return success();
  }
  if (isa<ElementwiseOpInterface>(op) && op->getNumOperands() > 0)
    return prepareElementwise(op, steps);
  return refuse(op) << "has no meaning in a kernel";
}

LogicalResult Preparation::prepareBlock(Block &block, Steps &steps) {
  for (Operation &op : block)
    if (!isa<YieldOp>(op) && failed(prepareOp(&op, steps)))
      return failure();
  return success();
}

LogicalResult Preparation::prepareArguments() {
  KernelOp kernel = program.kernel;
  Block &block = kernel.getBody().front();
  ArrayAttr axes = kernel.getWorkAxes();
  if (block.getNumArguments() != arrays.size() + axes.size() ||
      kernel.getWorkSteps().size() != axes.size())
    return refuse(kernel) << "needs " << arrays.size() << " arrays, then a "
                          << "position and a step for each work axis";
  for (auto [i, array] : llvm::enumerate(arrays)) {
    auto type = dyn_cast<ArrayType>(block.getArgument(i).getType());
    if (!type || type.getAxes() != ArrayRef<StringAttr>(array.buffer.axes) ||
        type.getElementType() != array.buffer.element)
      return refuse(kernel) << "has '" << array.name << "' as "
                            << block.getArgument(i).getType();
  }
  int64_t items = 1;
  for (size_t i = 0; i < axes.size(); ++i) {
    auto axis = dyn_cast<StringAttr>(axes[i]);
    int64_t step = kernel.getWorkSteps()[i];
    BlockArgument position = block.getArgument(arrays.size() + i);
    if (!axis || step < 1 || !position.getType().isIndex())
      return refuse(kernel) << "needs the name of each work axis, a step of 1 "
                            << "or more, and an index for its position";
    FailureOr<int64_t> size = sizeOf(kernel, axis);
    if (failed(size))
      return failure();
    program.counts.push_back(llvm::divideCeil(*size, step));
    program.positions.push_back(define(kernel, position));
    items *= program.counts.back();
    if (items > std::numeric_limits<int32_t>::max())
      return refuse(kernel) << "has too many work items to run";
  }
  return success();
}

FailureOr<TileProgram> Preparation::run() {
  program.stores.resize(arrays.size());
  if (failed(prepareArguments()) ||
      failed(prepareBlock(program.kernel.getBody().front(), program.steps)))
    return failure();
  return std::move(program);
}

FailureOr<TileProgram>
gemel::reference::prepare(KernelOp kernel, ArrayRef<TileArray> arrays,
                          const llvm::StringMap<int64_t> &sizes) {
  return Preparation(kernel, arrays, sizes).run();
}
