// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a group costs.

#include "passes/Cost.h"

#include "dialect/IndexOps.h"
#include "dialect/Interfaces.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace gemel;

// A size for axes that nobody gave.
static constexpr int64_t kAssumedSize = 1024;

llvm::StringMap<int64_t>
gemel::assumeSizes(OpOp op, const llvm::StringMap<int64_t> &given) {
  llvm::StringMap<int64_t> sizes;
  for (Attribute attr : op.getAxes()) {
    auto axis = cast<AxisAttr>(attr);
    StringRef name = axis.getName().getValue();
    auto it = given.find(name);
    sizes[name] = axis.getFixed() >= 0 ? axis.getFixed()
                  : it != given.end()  ? it->second
                                       : kAssumedSize;
  }
  op.addRunSizes(sizes);
  return sizes;
}

static double pointsOf(ArrayRef<StringAttr> axes,
                       const llvm::StringMap<int64_t> &sizes) {
  double n = 1;
  for (StringAttr axis : axes)
    n *= static_cast<double>(sizes.lookup(axis.getValue()));
  return n;
}

/// Stored bytes of one element; an i1 takes one.
static double elementBytes(Type element) {
  return std::max(1u, element.getIntOrFloatBitWidth() / 8);
}

double gemel::bytesOf(Value value, const llvm::StringMap<int64_t> &sizes) {
  return pointsOf(axesOf(value), sizes) * elementBytes(elementOf(value));
}

double gemel::bytesOf(ArgumentAttr argument, MLIRContext *context,
                      const llvm::StringMap<int64_t> &sizes) {
  SmallVector<StringAttr> axes;
  for (Attribute axis : argument.getAxes())
    axes.push_back(cast<StringAttr>(axis));
  return pointsOf(axes, sizes) *
         elementBytes(parseDtype(context, argument.getDtype()));
}

SmallVector<Written> gemel::writtenBy(GroupOp group) {
  auto op = group->getParentOfType<OpOp>();
  SmallVector<Written> written;
  for (Value result : group.getResults()) {
    bool handed = false;
    for (OpOperand &use : result.getUses()) {
      if (!isa<ReturnOp>(use.getOwner())) {
        handed = true;
        continue;
      }
      written.push_back({result, op.getStoredArgument(use.getOperandNumber())});
    }
    if (handed)
      written.push_back({result, {}});
  }
  return written;
}

SmallVector<Value> gemel::readBy(GroupOp group) {
  llvm::SetVector<Value> reads;
  Block &body = group.getBody().front();
  for (Operation &o : body)
    for (Value operand : o.getOperands())
      if (operand.getParentBlock() != &body)
        reads.insert(operand);
  return llvm::to_vector(reads);
}

int64_t gemel::readAlong(GroupOp group, StringAttr axis) {
  return llvm::count_if(readBy(group), [&](Value value) {
    return hasAxis(value.getType(), axis);
  });
}

Cost gemel::costOf(GroupOp group, const llvm::StringMap<int64_t> &sizes,
                   MachineAttr machine) {
  Cost cost;
  for (Operation &o : group.getBody().front()) {
    if (isa<YieldOp>(o))
      continue;
    double points = pointsOf(axesOf(o.getResult(0)), sizes);
    // A value without axes costs one a launch, not one an element.
    if (auto elementwise = dyn_cast<ElementwiseOpInterface>(o)) {
      if (o.getNumOperands())
        cost.instructions +=
            points * static_cast<double>(elementwise.getInstructionCount());
      continue;
    }
    if (auto reduction = dyn_cast<ReductionOpInterface>(o))
      points = pointsOf(axesOf(o.getOperand(0)), sizes);
    if (auto contraction = dyn_cast<ReductionOpInterface>(o);
        contraction && contraction.isContraction())
      points = pointsOf(axesOf(o.getResult(0)), sizes) *
               pointsOf(contraction.getReducedAxes(), sizes);
    if (auto placing = dyn_cast<PlacingOpInterface>(o))
      points = pointsOf(placing.getStepAxes(), sizes);
    cost.instructions += points;
  }
  for (Value value : readBy(group))
    cost.bytesRead += bytesOf(value, sizes);
  for (const Written &written : writtenBy(group))
    cost.bytesWritten +=
        written.argument ? bytesOf(written.argument, group.getContext(), sizes)
                         : bytesOf(written.value, sizes);
  cost.memorySeconds =
      cost.bytes() /
      (1e6 * static_cast<double>(machine.getMegabytesPerSecond()));
  cost.computeSeconds =
      cost.instructions /
      (1e6 * static_cast<double>(machine.getMegainstructionsPerSecond() *
                                 machine.getLanes()));
  return cost;
}
