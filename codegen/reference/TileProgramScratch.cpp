// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes a work item's own memory ready to run.

#include "codegen/reference/TilePreparation.h"

#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::reference;

LogicalResult Preparation::prepareScratch(ScratchOp op) {
  auto type = dyn_cast<ArrayType>(op.getResult().getType());
  FailureOr<int64_t> size = sizeOf(op, op.getAxisAttr());
  if (failed(size))
    return failure();
  if (!type || type.getAxes() != ArrayRef<StringAttr>(op.getAxisAttr()))
    return refuse(op) << "is an array of axis '" << op.getAxis() << "', not "
                      << op.getResult().getType();
  TileArray array;
  array.name = "scratch";
  array.writable = true;
  array.buffer.element = type.getElementType();
  array.buffer.axes = {op.getAxisAttr()};
  bool fits = *size <= static_cast<int64_t>(op.getLimit());
  array.buffer.sizes = {fits ? *size : 0};
  if (fits && failed(spend(op, *size)))
    return failure();
  array.buffer.resize();
  rooms[op.getResult()] = arrays.size() + program.scratches.size();
  program.scratches.push_back(std::move(array));
  return success();
}

/// The one place of a tile in scratch, along its axis.
static LogicalResult placeInScratch(Operation *op, const TileArray &array,
                                    int position, Step &step) {
  step.places.push_back(Place{array.buffer.sizes[0], 1, false, position, {}});
  return success();
}

LogicalResult Preparation::prepareKeep(KeepOp op, Steps &steps) {
  auto room = rooms.find(op.getScratch());
  if (room == rooms.end() || !isa<TileType>(op.getTile().getType()))
    return refuse(op) << "needs a tile and a gemel.scratch";
  const TileArray &array = program.scratches[room->second - arrays.size()];
  if (elementOf(op.getTile()) != array.buffer.element)
    return refuse(op) << "changes elements " << elementOf(op.getTile())
                      << " to " << array.buffer.element;
  Step step = makeStep(Step::Kind::Store, op, -1);
  step.array = room->second;
  step.operands = {slot(op.getTile())};
  Shape shape = shapeOf(op.getTile());
  if (shape.axes.size() > 1 ||
      (shape.axes.size() == 1 && shape.axes[0] != array.buffer.axes[0]))
    return refuse(op) << "keeps " << op.getTile().getType() << " along axis '"
                      << array.buffer.axes[0].getValue() << "'";
  if (failed(placeInScratch(op, array, slot(op.getPosition()), step)) ||
      failed(spread(op, shape, shape, step.spreads.emplace_back())) ||
      failed(distances(op, shape, array.buffer.axes[0], step.places[0].spread)))
    return failure();
  steps.push_back(std::move(step));
  return success();
}

LogicalResult Preparation::prepareRecall(RecallOp op, Steps &steps) {
  auto room = rooms.find(op.getScratch());
  auto type = dyn_cast<TileType>(op.getResult().getType());
  Block &body = op.getBody().front();
  auto yield = body.empty() ? YieldOp() : dyn_cast<YieldOp>(body.back());
  if (room == rooms.end() || !type || !yield || yield.getValues().size() != 1 ||
      yield.getValues()[0].getType() != type)
    return refuse(op) << "needs a gemel.scratch, and a region that gives the "
                      << "same tile";
  const TileArray &array = program.scratches[room->second - arrays.size()];
  if (type.getElementType() != array.buffer.element ||
      !llvm::all_of(type.getAxes(), [&](StringAttr axis) {
        return axis == array.buffer.axes[0];
      }))
    return refuse(op) << "recalls " << type << " from elements "
                      << array.buffer.element << " along axis '"
                      << array.buffer.axes[0].getValue() << "'";
  Step step = makeStep(Step::Kind::Recall, op, -1);
  step.array = room->second;
  auto scratch = op.getScratch().getDefiningOp<ScratchOp>();
  step.hasRoom = *sizeOf(op, scratch.getAxisAttr()) <=
                 static_cast<int64_t>(scratch.getLimit());
  if (failed(prepareBlock(body, step.again)))
    return failure();
  step.operands = {slot(yield.getValues()[0])};
  step.result = define(op, op.getResult());
  if (step.result < 0 ||
      failed(placeInScratch(op, array, slot(op.getPosition()), step)) ||
      failed(distances(op, shapeOf(type), array.buffer.axes[0],
                       step.places[0].spread)))
    return failure();
  steps.push_back(std::move(step));
  return success();
}
