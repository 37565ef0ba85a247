// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Says what a compile decided: launches, bytes, work, predicted times.

#include "codegen/Explain.h"

#include "codegen/cpu/Chips.h"
#include "codegen/reference/Buffer.h"
#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/Interfaces.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace gemel;

// A size for axes that nobody gave.
static constexpr int64_t kAssumedSize = 1024;

namespace {

class Explanation {
public:
  Explanation(OpOp op, const cpu::Chip &chip,
              const llvm::StringMap<int64_t> &given, llvm::raw_ostream &os)
      : op(op), chip(chip), os(os) {
    for (int64_t i = 0, e = op.getAxes().size(); i < e; ++i) {
      StringRef name = op.getAxis(i).getName().getValue();
      auto it = given.find(name);
      int64_t fixed = op.getAxis(i).getFixed();
      sizes[name] = fixed >= 0            ? fixed
                    : it != given.end()   ? it->second
                                          : kAssumedSize;
    }
  }
  void header(ArrayRef<bool> exact);
  void group(GroupOp group, KernelOp kernel);

private:
  double count(ArrayRef<StringAttr> axes) {
    double n = 1;
    for (StringAttr axis : axes)
      n *= static_cast<double>(sizes.lookup(axis.getValue()));
    return n;
  }
  double bytesOf(Value value) {
    return count(axesOf(value)) *
           static_cast<double>(reference::storageBytes(elementOf(value)));
  }
  std::string nameOf(Value value);

  OpOp op;
  const cpu::Chip &chip;
  llvm::raw_ostream &os;
  llvm::StringMap<int64_t> sizes;
};

std::string quantity(double n) {
  static const char *units[] = {"", "K", "M", "G", "T"};
  int unit = 0;
  for (; n >= 10000 && unit < 4; n /= 1000)
    ++unit;
  return llvm::formatv("{0:f0}{1}", n, units[unit]).str();
}

} // namespace

std::string Explanation::nameOf(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return op.getParameter(argument.getArgNumber()).getName().str();
  auto producer = value.getDefiningOp<GroupOp>();
  return (producer.getName() + "." +
          Twine(cast<OpResult>(value).getResultNumber()))
      .str();
}

void Explanation::header(ArrayRef<bool> exact) {
  os << op.getSymName() << "(";
  llvm::interleaveComma(op.getParameters(), os, [&](Attribute a) {
    auto argument = cast<ArgumentAttr>(a);
    os << argument.getName().getValue() << ": "
       << argument.getDtype().getValue();
  });
  os << ") for " << chip.target << ", at";
  for (int64_t i = 0, e = op.getAxes().size(); i < e; ++i) {
    StringRef name = op.getAxis(i).getName().getValue();
    os << " " << name << "=" << sizes.lookup(name);
  }
  os << "\n  results:";
  size_t i = 0;
  for (Attribute a : op.getResults_())
    os << " " << cast<ArgumentAttr>(a).getName().getValue() << " "
       << (exact[i++] ? "exact" : "matrix") << ";";
  for (int64_t p : op.getInouts())
    os << " " << op.getParameter(p).getName().getValue() << " "
       << (exact[i++] ? "exact" : "matrix") << ";";
  os << "\n";
}

void Explanation::group(GroupOp group, KernelOp kernel) {
  llvm::SetVector<Value> reads;
  double instructions = 0;
  for (Operation &o : group.getBody().front()) {
    double points = 1;
    if (o.getNumResults() == 1)
      points = count(axesOf(o.getResult(0)));
    if (auto reduction = dyn_cast<ReductionOpInterface>(o))
      points *= count(reduction.getReducedAxes());
    if (auto put = dyn_cast<PutOp>(o))
      for (Attribute axis : put.getAxes())
        points *= static_cast<double>(
            sizes.lookup(cast<StringAttr>(axis).getValue()));
    if (auto elementwise = dyn_cast<ElementwiseOpInterface>(o)) {
      if (!isa<ConstantOp, SizeOp>(o))
        instructions +=
            points * static_cast<double>(elementwise.getInstructionCount());
    } else if (!isa<YieldOp>(o)) {
      instructions += points;
    }
    for (Value operand : o.getOperands())
      if (operand.getParentBlock() != &group.getBody().front())
        reads.insert(operand);
  }
  auto yield = cast<YieldOp>(group.getBody().front().back());
  double readBytes = 0, writtenBytes = 0;
  std::string readNames, writtenNames;
  for (Value value : reads) {
    readBytes += bytesOf(value);
    readNames += (readNames.empty() ? "" : " ") + nameOf(value);
  }
  for (auto [result, value] :
       llvm::zip(group.getResults(), yield.getValues())) {
    (void)value;
    for (OpOperand &use : result.getUses()) {
      if (!isa<ReturnOp>(use.getOwner()))
        continue;
      size_t i = use.getOperandNumber(), results = op.getResults_().size();
      ArgumentAttr to = i < results
                            ? op.getResultArgument(i)
                            : op.getParameter(op.getInouts()[i - results]);
      SmallVector<StringAttr> axes;
      for (Attribute axis : to.getAxes())
        axes.push_back(cast<StringAttr>(axis));
      writtenBytes += count(axes) *
                      static_cast<double>(reference::storageBytes(
                          parseDtype(op.getContext(), to.getDtype())));
      writtenNames += (writtenNames.empty() ? "" : " ") + to.getName().str();
    }
    if (llvm::any_of(result.getUsers(),
                     [](Operation *user) { return !isa<ReturnOp>(user); })) {
      writtenBytes += bytesOf(result);
      writtenNames += (writtenNames.empty() ? "" : " ") + nameOf(result);
    }
  }
  double memory = (readBytes + writtenBytes) / chip.bytesPerSecond;
  double compute = instructions / static_cast<double>(chip.lanes) /
                   chip.instructionsPerSecond;
  std::string plan = "work";
  for (auto [axis, step] :
       llvm::zip(kernel.getWorkAxes(), kernel.getWorkSteps()))
    plan += llvm::formatv(" {0}/{1}", cast<StringAttr>(axis).getValue(), step);
  if (auto lane = kernel->getAttrOfType<StringAttr>("lane"))
    plan += (", lanes " + lane.getValue()).str();
  os << llvm::formatv("  {0,-6} reads {1,-26} {2,8}B  writes {3,-16} {4,8}B  "
                      "{5,8} ops  {6,9:f1} us, {7}-bound  {8}\n",
                      group.getName(), readNames, quantity(readBytes),
                      writtenNames, quantity(writtenBytes),
                      quantity(instructions), 1e6 * std::max(memory, compute),
                      memory > compute ? "memory" : "instruction", plan);
}

LogicalResult gemel::explain(Program &program, const CompileOptions &options,
                             const llvm::StringMap<int64_t> &sizes,
                             llvm::raw_ostream &os) {
  LogicalResult status = forEachFlow(
      program, options,
      [&](OpOp typed, OpOp fused, ArrayRef<KernelOp> kernels,
          StringRef target) {
        const cpu::Chip &chip = *cpu::findChip(target);
        Explanation explanation(fused, chip, sizes, os);
        SmallVector<bool> exact;
        for (Value value :
             cast<ReturnOp>(typed.getBody().front().back()).getValues())
          exact.push_back(isExact(value));
        explanation.header(exact);
        for (auto [group, kernel] :
             llvm::zip(fused.getBody().getOps<GroupOp>(), kernels))
          explanation.group(group, kernel);
      });
  if (failed(status))
    return failure();
  os << "One thread: memory at ";
  llvm::interleaveComma(options.targets, os, [&](const std::string &target) {
    const cpu::Chip &chip = *cpu::findChip(target);
    os << llvm::formatv("{0:f1} GB/s and {1:f1} G vector instructions/s",
                        chip.bytesPerSecond / 1e9,
                        chip.instructionsPerSecond / 1e9);
  });
  os << " are assumed; `tools/dev bench` measures.\n";
  return success();
}
