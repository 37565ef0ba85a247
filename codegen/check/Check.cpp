// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs every case of a program's checks at every stage against the reference.

#include "codegen/check/Check.h"

#include "codegen/check/Case.h"
#include "codegen/check/Compare.h"
#include "codegen/check/Launcher.h"
#include "codegen/cpu/Chips.h"
#include "codegen/reference/TileInterpreter.h"
#include "dialect/Words.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::check;
using reference::Buffer;
using reference::Mode;

namespace {

class Checker {
public:
  Checker(Program &program, const Options &options, llvm::raw_ostream &os,
          Summary &summary)
      : program(program), options(options), os(os), summary(summary) {}
  LogicalResult run();

private:
  LogicalResult runCheck(CheckOp check);
  LogicalResult runCase(CheckOp check, CaseOp text, OpOp source,
                        ArrayRef<Type> binding, TolOp tolerance);
  LogicalResult runTiles(OpOp source, ArrayRef<Type> binding, const Case &made,
                         StringRef target, std::vector<Buffer> &outputs);
  void compare(StringRef stage, ArrayRef<Buffer> actual,
               ArrayRef<Buffer> expected);

  Program &program;
  const Options &options;
  llvm::raw_ostream &os;
  Summary &summary;
  Launcher launcher;
  std::string line, misses;
  OpOp op;
};

std::string describeBinding(ArrayRef<Type> binding) {
  std::string text;
  for (Type type : binding)
    text += (text.empty() ? "" : ",") + dtypeWord(type).str();
  return text;
}

/// Name of output i: results, then inouts.
StringRef outputName(OpOp op, size_t i) {
  if (i < op.getResults_().size())
    return op.getResultArgument(i).getName().getValue();
  return op.getParameter(op.getInouts()[i - op.getResults_().size()])
      .getName()
      .getValue();
}

} // namespace

void Checker::compare(StringRef stage, ArrayRef<Buffer> actual,
                      ArrayRef<Buffer> expected) {
  bool good = actual.size() == expected.size();
  for (size_t i = 0; i < actual.size() && i < expected.size(); ++i) {
    ++summary.exact;
    if (auto difference = differBits(actual[i], expected[i])) {
      good = false;
      misses += llvm::formatv("    {0}: '{1}' {2}\n", stage, outputName(op, i),
                              *difference);
    }
  }
  ++summary.stages;
  line += llvm::formatv("  {0} {1}", stage, good ? "ok" : "MISS");
  summary.misses += !good;
}

LogicalResult Checker::runTiles(OpOp source, ArrayRef<Type> binding,
                                const Case &made, StringRef target,
                                std::vector<Buffer> &outputs) {
  FailureOr<Flow> flow =
      runRooms(program, source, binding, target, Stage::Tiles);
  if (failed(flow))
    return failure();
  SmallVector<ArrayType> workspaces;
  for (const Workspace &workspace : flow->tiled.workspaces)
    workspaces.push_back(workspace.type);
  return reference::interpretKernels(*flow->instance.op, flow->tiled.kernels,
                                     workspaces, made.sizes, made.inputs,
                                     /*seed=*/1, outputs);
}

LogicalResult Checker::runCase(CheckOp check, CaseOp text, OpOp source,
                               ArrayRef<Type> binding, TolOp tolerance) {
  FailureOr<Instance> instance = program.instantiate(source, binding);
  if (failed(instance))
    return failure();
  op = *instance->op;
  Case made;
  if (failed(makeCase(op, text, /*seed=*/1, made)))
    return failure();
  ++summary.cases;
  line.clear();
  misses.clear();
  std::vector<Buffer> reference, outputs;
  if (failed(reference::interpret(op, made.sizes, made.inputs, Mode::Contract,
                                  reference)))
    return failure();
  // What the text itself expects.
  if (!made.expected.empty()) {
    std::vector<Buffer> actual, expected;
    bool good = true;
    for (size_t i = 0; i < reference.size(); ++i) {
      auto it = made.expected.find(outputName(op, i));
      if (it == made.expected.end())
        continue;
      ++summary.exact;
      if (auto difference = differBits(reference[i], it->second)) {
        good = false;
        misses += llvm::formatv("    text: '{0}' {1}\n", outputName(op, i),
                                *difference);
      }
    }
    ++summary.stages;
    summary.misses += !good;
    line += good ? "  text ok" : "  text MISS";
  }
  // The tolerance of matrix results, against f64.
  if (tolerance) {
    if (failed(reference::interpret(op, made.sizes, made.inputs, Mode::F64,
                                    outputs)))
      return failure();
    auto returns = cast<ReturnOp>(op.getBody().front().back());
    bool good = true;
    double worst = 0;
    for (size_t i = 0; i < reference.size(); ++i) {
      if (isExact(returns.getValues()[i]) || !reference[i].isFloat())
        continue;
      double error = 0;
      ++summary.tolerance;
      auto difference =
          differUlp(reference[i], outputs[i], reference[i].element,
                    tolerance.getUlp(), error);
      worst = std::max(worst, error);
      if (difference) {
        good = false;
        misses += llvm::formatv("    f64: '{0}' {1}\n", outputName(op, i),
                                *difference);
      }
    }
    ++summary.stages;
    summary.misses += !good;
    line +=
        llvm::formatv("  f64 {0} ({1:f2} ulp)", good ? "ok" : "MISS", worst);
  }
  if (isLaunchable(source)) {
    OwningOpRef<OpOp> fused(op.clone());
    MachineAttr machine =
        cpu::machineOf(*cpu::findChip(options.targets[0]), program.context);
    if (failed(toGroups(*fused, machine, PlanOp())) || failed(verify(*fused)) ||
        failed(reference::interpret(*fused, made.sizes, made.inputs,
                                    Mode::Contract, outputs)))
      return failure();
    compare("groups", outputs, reference);
    for (const std::string &target : options.targets) {
      // A race or a missing element is the tiling's own fault: a miss, whose
      // place was reported.
      if (failed(runTiles(source, binding, made, target, outputs)))
        outputs.clear();
      compare("tiles:" + target, outputs, reference);
    }
    for (const std::string &target : options.targets)
      for (int threads : {1, 2}) {
        std::string error;
        if (!launcher.launch(op, source.getSymName(), target, threads,
                             made.inputs, made.sizes, outputs, error)) {
          ++summary.stages;
          ++summary.misses;
          line += "  " + target + " MISS";
          misses += "    " + target + ": " + error + "\n";
          continue;
        }
        compare(llvm::formatv("{0}:{1}", target, threads).str(), outputs,
                reference);
      }
  }
  if (!options.quiet || !misses.empty())
    os << llvm::formatv("  {0,-22} {1,-12} {2,-28}{3}\n", source.getSymName(),
                        describeBinding(binding), describeSizes(text), line);
  os << misses;
  return success();
}

LogicalResult Checker::runCheck(CheckOp check) {
  OpOp source = program.lookup(check.getOp());
  if (!source)
    return emitError(check.getLoc())
           << "there is no operator '" << check.getOp() << "' to check";
  ++summary.operators;
  TolOp tolerance;
  for (TolOp tol : check.getBody().getOps<TolOp>())
    tolerance = tol;
  for (CaseOp text : check.getBody().getOps<CaseOp>())
    for (const SmallVector<Type> &binding : bindingsOf(source))
      if (failed(runCase(check, text, source, binding, tolerance)))
        return failure();
  return success();
}

LogicalResult Checker::run() {
  if (program.checks().empty())
    return emitError(UnknownLoc::get(program.context))
           << "there is no gemel.check in these files";
  // One library for all, as a user would build it.
  bool any = llvm::any_of(program.operators(), isLaunchable);
  std::string path;
  if (any) {
    SmallString<128> temporary;
    if (llvm::sys::fs::createUniqueDirectory("gemel-check", temporary))
      return emitError(UnknownLoc::get(program.context))
             << "cannot make a temporary folder";
    path = (temporary + "/libcheck.so").str();
    CompileOptions compile;
    compile.targets = options.targets;
    LogicalResult result = compileLibrary(program, compile, path);
    std::string error;
    bool opened = succeeded(result) && launcher.open(path, error);
    llvm::sys::fs::remove_directories(temporary);
    if (failed(result))
      return failure();
    if (!opened)
      return emitError(UnknownLoc::get(program.context)) << error;
  }
  for (CheckOp check : program.checks())
    if (failed(runCheck(check)))
      return failure();
  os << llvm::formatv(
      "{0} checks, {1} cases, {2} stages: {3} arrays to the bit, {4} by "
      "tolerance, {5} misses\n",
      summary.operators, summary.cases, summary.stages, summary.exact,
      summary.tolerance, summary.misses);
  return success();
}

LogicalResult gemel::check::runChecks(Program &program, const Options &options,
                                      llvm::raw_ostream &os, Summary &summary) {
  return Checker(program, options, os, summary).run();
}
