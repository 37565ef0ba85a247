// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What `must` asks for: the same bits again, for fewer rows, under other plans.
// `vendor`, the same bits on every target, is what the stages compare.

#include "codegen/check/Checker.h"

#include "codegen/Target.h"
#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/TypeRules.h"
#include "passes/AxisSet.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::check;
using reference::Buffer;

/// The first `count` positions of an axis.
static Buffer prefix(const Buffer &whole, StringAttr axis, int64_t count) {
  Buffer part = whole;
  for (auto [name, size] : llvm::zip(part.axes, part.sizes))
    if (name == axis)
      size = count;
  part.resize();
  SmallVector<int64_t> point(part.sizes.size(), 0);
  for (int64_t i = 0, n = part.count(); i < n; ++i) {
    int64_t from = 0;
    for (auto [name, at] : llvm::zip(part.axes, point))
      from += at * whole.stride(name);
    if (part.isFloat())
      part.real[i] = whole.real[from];
    else
      part.integer[i] = whole.integer[from];
    for (size_t d = point.size(); d-- > 0;) {
      if (++point[d] < part.sizes[d])
        break;
      point[d] = 0;
    }
  }
  return part;
}

/// True if no value at one position of `axis` depends on another position, or
/// on how many there are.
static bool isBatch(OpOp op, StringAttr axis) {
  int64_t index = op.findAxis(axis);
  if (index < 0 || op.getAxis(index).getFixed() >= 0)
    return false;
  auto returns = cast<ReturnOp>(op.getBody().front().back());
  for (Attribute a : op.getResults_())
    if (!llvm::is_contained(cast<ArgumentAttr>(a).getAxes(), axis))
      return false;
  for (int64_t i : op.getInouts())
    if (!llvm::is_contained(op.getParameter(i).getAxes(), axis))
      return false;
  for (Operation &o : op.getBody().front()) {
    if (&o == returns || !o.getNumResults())
      continue;
    if (auto size = dyn_cast<SizeOp>(o); size && size.getAxisAttr() == axis)
      return false;
    if (auto put = dyn_cast<PutOp>(o); put && put.getAxisAttr() == axis)
      return false;
    for (Value operand : o.getOperands())
      if (hasAxis(operand.getType(), axis) &&
          !hasAxis(o.getResult(0).getType(), axis))
        return false;
    if (auto at = dyn_cast<AtOp>(o); at && at.getAxisAttr() == axis)
      return false;
  }
  return true;
}

/// The axis that a batch obligation cuts, and how many positions of it stay.
static std::pair<StringAttr, int64_t> batchOf(const Trial &trial) {
  OpOp op = trial.op;
  for (StringAttr axis : trial.expected[0].axes) {
    if (!isBatch(op, axis))
      continue;
    int64_t size = trial.made.sizes.lookup(axis.getValue());
    int64_t multiple = op.getAxis(op.findAxis(axis)).getMultiple();
    int64_t fewer = size / 2 / multiple * multiple;
    if (fewer > 0)
      return {axis, fewer};
  }
  return {StringAttr(), 0};
}

/// The same launch again, over other garbage.
void Checker::runRepeat(const Trial &trial, StringRef target) {
  std::vector<Buffer> outputs;
  std::string error;
  OpOp source = trial.source;
  if (!launcher.launch(trial.op, source.getSymName(), target, /*way=*/2,
                       trial.made.inputs, trial.made.sizes, /*poison=*/0x5A,
                       outputs, error))
    misses += "    repeat: " + error + "\n";
  compare(trial.op, "repeat", outputs, expectedOn(trial, target));
}

/// Fewer rows: those that stay have the bits that they had.
void Checker::runBatch(const Trial &trial, StringRef target) {
  auto [axis, count] = batchOf(trial);
  if (!axis)
    return; // every position depends on the others, or there is one only
  std::vector<Buffer> inputs, expected, outputs;
  for (const Buffer &buffer : trial.made.inputs)
    inputs.push_back(prefix(buffer, axis, count));
  for (const Buffer &buffer : expectedOn(trial, target))
    expected.push_back(prefix(buffer, axis, count));
  llvm::StringMap<int64_t> sizes = trial.made.sizes;
  sizes[axis.getValue()] = count;
  std::string error;
  OpOp source = trial.source;
  if (!launcher.launch(trial.op, source.getSymName(), target, /*way=*/1, inputs,
                       sizes, Launcher::kPoison, outputs, error))
    misses += "    batch: " + error + "\n";
  compare(trial.op, "batch", outputs, expected);
}

void Checker::runPlan(const Trial &trial, StringRef target, StringRef stage,
                      MachineAttr machine) {
  OpOp op = trial.op;
  OwningOpRef<OpOp> fused(op.clone());
  OwningOpRef<ModuleOp> kernels(ModuleOp::create(op.getLoc()));
  std::vector<Buffer> outputs;
  if (succeeded(toGroups(*fused, machine, PlanOp()))) {
    FailureOr<Tiled> tiled = tile(*fused, *kernels->getBody());
    if (failed(tiled) ||
        failed(interpretTiled(*fused, *tiled, trial.made, outputs)))
      outputs.clear();
  }
  compare(op, stage, outputs, expectedIn(trial, target));
}

void Checker::runObligations(const Trial &trial, CheckOp check) {
  for (MustOp must : check.getBody().getOps<MustOp>())
    for (Attribute attr : must.getObligations()) {
      StringRef word = cast<StringAttr>(attr).getValue();
      for (const std::string &target : options.targets) {
        if (word == "repeat" && !options.interpreted)
          runRepeat(trial, target);
        if (word == "batch" && !options.interpreted)
          runBatch(trial, target);
        if (word != "tile")
          continue;
        // The smallest pieces, and larger ones than any target's.
        MachineAttr m = machineOf(target, program.context);
        int64_t rowRuns = m.getRowRuns(), held = m.getHeld();
        runPlan(trial, target, "small tiles",
                m.with({1, 1, 16, 64, rowRuns, 100, held}));
        runPlan(trial, target, "large tiles",
                m.with({8, 7, 65536, 4096, rowRuns, 1 << 20, held}));
      }
    }
}
