// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Says what a compile decided: launches, bytes, work, predicted times.

#include "codegen/Explain.h"

#include "dialect/ReduceOps.h"
#include "passes/Cost.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace gemel;

namespace {

class Explanation {
public:
  Explanation(OpOp op, MachineAttr machine,
              const llvm::StringMap<int64_t> &given, llvm::raw_ostream &os)
      : op(op), machine(machine), sizes(assumeSizes(op, given)), os(os) {}
  void header(ArrayRef<bool> exact);
  void group(GroupOp group);

private:
  std::string nameOf(Value value);

  OpOp op;
  MachineAttr machine;
  llvm::StringMap<int64_t> sizes;
  llvm::raw_ostream &os;
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
  os << ") for " << machine.getName().getValue() << ", at";
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

void Explanation::group(GroupOp group) {
  Cost cost = costOf(group, sizes, machine);
  std::string reads, writes;
  for (Value value : readBy(group))
    reads += (reads.empty() ? "" : " ") + nameOf(value);
  for (const Written &written : writtenBy(group))
    writes += (writes.empty() ? "" : " ") +
              (written.argument ? written.argument.getName().str()
                                : nameOf(written.value));
  std::string plan;
  llvm::raw_string_ostream(plan) << *group.getPlan();
  StringRef shown = plan;
  shown.consume_front("#gemel.plan");
  os << llvm::formatv(
      "  {0,-6} reads {1,-26} {2,8}B  writes {3,-16} {4,8}B  {5,8} ops  "
      "{6,9:f1} us, {7}-bound  {8}\n",
      group.getName(), reads, quantity(cost.bytesRead), writes,
      quantity(cost.bytesWritten), quantity(cost.instructions),
      1e6 * cost.seconds() / static_cast<double>(machine.getUnits()),
      cost.isMemoryBound() ? "memory" : "instruction", shown);
}

/// What training keeps, and why.
static void explainPair(const Pair &pair, llvm::raw_ostream &os) {
  os << OpOp(pair.forward).getSymName() << " in training\n";
  auto weighed = [&](StringAttr name) {
    return llvm::find_if(pair.weighed, [&](const Weighed &w) {
      return w.name == name.getValue();
    });
  };
  for (StringAttr name : pair.saved)
    if (weighed(name) == pair.weighed.end())
      os << llvm::formatv("  {0,-14} {1,-22} as the text says\n", "saves",
                          name.getValue());
  for (const Weighed &w : pair.weighed)
    os << llvm::formatv("  {0,-14} {1,-22} {2,7}B moved if kept, which holds "
                        "{3,7}B; {4,7}B if not\n",
                        w.kept ? "keeps" : "computes again", w.text,
                        quantity(w.bytesKept), quantity(w.bytesHeld),
                        quantity(w.bytesAgain));
  if (pair.saved.empty() && pair.weighed.empty())
    os << "  keeps nothing\n";
}

/// What a device's assembler says of every kernel, where it is installed.
static LogicalResult explainCode(Program &program,
                                 const CompileOptions &options,
                                 llvm::raw_ostream &os) {
  llvm::LLVMContext context;
  llvm::Module host("gemel", context);
  std::vector<LibraryOp> ops;
  if (failed(compileOps(program, options, host, ops)))
    return failure();
  for (const LibraryOp &entry : ops)
    for (const DeviceCode &code : entry.code)
      for (const Variant &variant : entry.variants)
        for (const Launch &launch : variant.launches)
          if (auto found = code.resources.find(launch.symbol);
              found != code.resources.end())
            os << llvm::formatv("  {0,-56} {1,5} threads  {2}\n", launch.symbol,
                                launch.threads, found->second);
  return success();
}

LogicalResult gemel::explain(Program &program, const CompileOptions &options,
                             llvm::raw_ostream &os) {
  LogicalResult status = forEachFlow(
      program, options,
      [&](OpOp typed, OpOp fused, ArrayRef<KernelOp>, StringRef target) {
        MachineAttr machine = machineOf(target, program.context);
        Explanation explanation(fused, machine, program.sizes, os);
        SmallVector<bool> exact;
        for (Value value :
             cast<ReturnOp>(typed.getBody().front().back()).getValues())
          exact.push_back(isExact(value));
        explanation.header(exact);
        for (GroupOp group : fused.getBody().getOps<GroupOp>())
          explanation.group(group);
      });
  if (failed(status) || failed(explainCode(program, options, os)))
    return failure();
  for (const Pair &pair : program.pairs)
    explainPair(pair, os);
  for (const std::string &target : options.targets)
    os << "Assumed of " << findTarget(target)->describeRates(target) << ".\n";
  os << "`tools/dev bench` measures.\n";
  return success();
}
