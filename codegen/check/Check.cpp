// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs every case at every stage of a compile against the reference.

#include "codegen/check/Checker.h"

#include "codegen/check/Compare.h"
#include "codegen/check/Processes.h"
#include "dialect/ReduceOps.h"
#include "dialect/Words.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <cstring>
#include <utility>

using namespace mlir;
using namespace gemel;
using namespace gemel::check;
using reference::Buffer;
using reference::Mode;

static std::string describeBinding(ArrayRef<Type> binding) {
  std::string text;
  for (Type type : binding)
    text += (text.empty() ? "" : ",") + dtypeWord(type).str();
  return text;
}

/// Name of output i: results, then inouts.
static StringRef outputName(OpOp op, size_t i) {
  return op.getStoredArgument(i).getName().getValue();
}

void Checker::report(StringRef stage, bool good) {
  ++summary.stages;
  summary.misses += !good;
  line += llvm::formatv("  {0} {1}", stage, good ? "ok" : "MISS");
}

void Checker::compare(OpOp op, StringRef stage, ArrayRef<Buffer> actual,
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
  report(stage, good);
}

/// The reference against what the text itself expects.
void Checker::runText(const Trial &trial) {
  if (trial.made.expected.empty())
    return;
  bool good = true;
  for (size_t i = 0; i < trial.expected.size(); ++i) {
    auto it = trial.made.expected.find(outputName(trial.op, i));
    if (it == trial.made.expected.end())
      continue;
    ++summary.exact;
    if (auto difference = differBits(trial.expected[i], it->second)) {
      good = false;
      misses += llvm::formatv("    text: '{0}' {1}\n", outputName(trial.op, i),
                              *difference);
    }
  }
  report("text", good);
}

/// The tolerance of matrix results, against f64.
LogicalResult Checker::runTolerance(const Trial &trial, TolOp tolerance) {
  std::vector<Buffer> exact;
  if (failed(reference::interpret(trial.op, trial.made.sizes, trial.made.inputs,
                                  Mode::F64, exact)))
    return failure();
  OpOp op = trial.op;
  auto returns = cast<ReturnOp>(op.getBody().front().back());
  bool good = true;
  double worst = 0;
  for (size_t i = 0; i < exact.size(); ++i) {
    const Buffer &actual = trial.expected[i];
    if (isExact(returns.getValues()[i]) || !actual.isFloat())
      continue;
    double error = 0;
    ++summary.tolerance;
    auto difference =
        differUlp(actual, exact[i], actual.element, tolerance.getUlp(), error);
    worst = std::max(worst, error);
    if (difference) {
      good = false;
      misses +=
          llvm::formatv("    f64: '{0}' {1}\n", outputName(op, i), *difference);
    }
  }
  report("f64", good);
  line += llvm::formatv(" ({0:f2} ulp)", worst);
  return success();
}

/// Where a target's passes put values of the matrix class in another order, the
/// reference of that order, held to f64.
LogicalResult Checker::reorder(Trial &trial, CheckOp check, StringRef target) {
  OwningOpRef<OpOp> own(trial.op.clone());
  expand(*own);
  if (!unchain(*own, machineOf(target, program.context)))
    return success();
  std::vector<Buffer> outputs;
  if (failed(verify(*own)) ||
      failed(reference::interpret(*own, trial.made.sizes, trial.made.inputs,
                                  Mode::Contract, outputs)))
    return failure();
  if (!compareToF64(trial, check, ("order:" + target).str(), outputs))
    return failure();
  trial.reordered[target] = std::move(outputs);
  return success();
}

ArrayRef<Buffer> Checker::expectedIn(const Trial &trial, StringRef target) {
  auto found = trial.reordered.find(target);
  return found == trial.reordered.end() ? trial.expected : found->second;
}

LogicalResult Checker::runGroups(const Trial &trial) {
  OpOp op = trial.op;
  OwningOpRef<OpOp> fused(op.clone());
  MachineAttr machine = machineOf(options.targets[0], program.context);
  std::vector<Buffer> outputs;
  if (failed(toGroups(*fused, machine, PlanOp())) || failed(verify(*fused)) ||
      failed(reference::interpret(*fused, trial.made.sizes, trial.made.inputs,
                                  Mode::Contract, outputs)))
    return failure();
  compare(op, "groups", outputs, expectedIn(trial, options.targets[0]));
  return success();
}

void Checker::runTiles(const Trial &trial, StringRef target) {
  auto specials = specialise(program, trial.source, trial.binding, target);
  if (failed(specials))
    return compare(trial.op, ("tiles:" + target).str(), {}, trial.expected);
  // Every variant that a launch at these sizes may take.
  for (const Specialisation &special : *specials) {
    if (!holds(special, trial.made.sizes))
      continue;
    FailureOr<Flow> flow = runRooms(program, trial.source, trial.binding,
                                    target, Stage::Tiles, special);
    std::vector<Buffer> outputs;
    // A race or a missing element is the tiling's own fault: a miss, whose
    // place was reported.
    if (failed(flow) || failed(interpretTiled(*flow->instance.op, flow->tiled,
                                              trial.made, outputs)))
      outputs.clear();
    compare(trial.op, ("tiles:" + target).str(), outputs,
            expectedIn(trial, target));
  }
}

ArrayRef<Buffer> Checker::expectedOn(const Trial &trial, StringRef target) {
  auto found = trial.measured.find(target);
  return found == trial.measured.end() ? trial.expected : found->second;
}

static bool hasOwnBits(Value value, const Buffer &buffer) {
  return !isExact(value) && buffer.isFloat();
}

/// How far from f64 a matrix result may be, in units of its element: what its
/// check says, or else the roundings of a sum of a thousand products in another
/// order; and twice what the reference itself is off, for a term that lies on
/// the other side of a rounding of the text moves both. Where the reference is
/// not finite, `exact` becomes what it is.
static int64_t toleranceOf(CheckOp check, const Buffer &reference,
                           Buffer &exact) {
  int64_t ulp = reference.element.isF32() ? 64 : 2;
  for (TolOp tolerance : check.getBody().getOps<TolOp>())
    ulp = std::max(ulp, static_cast<int64_t>(tolerance.getUlp()));
  for (auto [own, truth] : llvm::zip(reference.real, exact.real))
    if (!std::isfinite(own))
      truth = own;
  double error = 0;
  differUlp(reference, exact, reference.element,
            std::numeric_limits<int64_t>::max(), error);
  return ulp + static_cast<int64_t>(std::min(2 * error, 1e12));
}

bool Checker::compareToF64(Trial &trial, CheckOp check, StringRef stage,
                           ArrayRef<Buffer> outputs) {
  OpOp op = trial.op;
  auto returns = cast<ReturnOp>(op.getBody().front().back());
  std::vector<Buffer> exact;
  if (outputs.size() != trial.expected.size() ||
      failed(reference::interpret(op, trial.made.sizes, trial.made.inputs,
                                  Mode::F64, exact)))
    return false;
  bool good = true;
  for (size_t i = 0; i < outputs.size(); ++i) {
    double error = 0;
    bool own = hasOwnBits(returns.getValues()[i], trial.expected[i]);
    ++(own ? summary.tolerance : summary.exact);
    int64_t allowed = own ? toleranceOf(check, trial.expected[i], exact[i]) : 0;
    auto difference = own ? differUlp(outputs[i], exact[i], outputs[i].element,
                                      allowed, error)
                          : differBits(outputs[i], trial.expected[i]);
    if (!difference)
      continue;
    good = false;
    misses += llvm::formatv("    {0}: '{1}' {2}\n", stage, outputName(op, i),
                            *difference);
  }
  report(stage, good);
  return true;
}

void Checker::compareFirst(Trial &trial, CheckOp check, StringRef target,
                           StringRef stage, std::vector<Buffer> outputs) {
  OpOp op = trial.op;
  auto returns = cast<ReturnOp>(op.getBody().front().back());
  bool any = false;
  for (auto [value, buffer] : llvm::zip(returns.getValues(), trial.expected))
    any |= hasOwnBits(value, buffer);
  if (findTarget(target)->chainsDots || !any ||
      !compareToF64(trial, check, stage, outputs))
    return compare(op, stage, outputs, trial.expected);
  trial.measured[target] = std::move(outputs);
}

void Checker::runTarget(Trial &trial, CheckOp check, StringRef target,
                        int way) {
  std::vector<Buffer> outputs;
  std::string error;
  std::string stage = llvm::formatv("{0}:{1}", target, way).str();
  OpOp source = trial.source;
  if (launcher.launch(trial.op, source.getSymName(), target, way,
                      trial.made.inputs, trial.made.sizes, Launcher::kPoison,
                      outputs, error)) {
    if (way == 1)
      return compareFirst(trial, check, target, stage, std::move(outputs));
    return compare(trial.op, stage, outputs, expectedOn(trial, target));
  }
  report(stage, false);
  misses += "    " + stage + ": " + error + "\n";
}

LogicalResult Checker::runCase(CheckOp check, CaseOp text, OpOp source,
                               ArrayRef<Type> binding) {
  FailureOr<Instance> instance = program.instantiate(source, binding);
  if (failed(instance))
    return failure();
  Trial trial;
  trial.source = source;
  trial.op = *instance->op;
  trial.binding.assign(binding.begin(), binding.end());
  if (failed(makeCase(trial.op, text, /*seed=*/1, trial.made)) ||
      failed(reference::interpret(trial.op, trial.made.sizes, trial.made.inputs,
                                  Mode::Contract, trial.expected)))
    return failure();
  ++summary.cases;
  runText(trial);
  for (TolOp tolerance : check.getBody().getOps<TolOp>())
    if (failed(runTolerance(trial, tolerance)))
      return failure();
  if (isLaunchable(source) && failed(runStages(trial, check)))
    return failure();
  printLine(source, binding, text);
  for (const Pair &pair : program.pairs)
    if (pair.forward == source &&
        failed(runPair(check, text, pair, binding, trial.expected)))
      return failure();
  return success();
}

LogicalResult Checker::runStages(Trial &trial, CheckOp check) {
  for (const std::string &target : options.targets)
    if (failed(reorder(trial, check, target)))
      return failure();
  if (failed(runGroups(trial)))
    return failure();
  for (const std::string &target : options.targets) {
    runTiles(trial, target);
    for (int way = 1; way <= Launcher::kWays; ++way)
      if (!options.interpreted)
        runTarget(trial, check, target, way);
  }
  runObligations(trial, check);
  return success();
}

void Checker::printLine(OpOp source, ArrayRef<Type> binding, CaseOp text) {
  if (!options.quiet || !misses.empty())
    printed +=
        llvm::formatv("  {0,-22} {1,-12} {2,-28}{3}\n", source.getSymName(),
                      describeBinding(binding), describeSizes(text), line);
  printed += misses;
  line.clear();
  misses.clear();
}

LogicalResult Checker::runCases() {
  SmallVector<std::pair<CheckOp, CaseOp>> cases;
  for (CheckOp check : program.checks()) {
    if (!program.lookup(check.getOp()))
      return emitError(check.getLoc())
             << "there is no operator '" << check.getOp() << "' to check";
    ++summary.operators;
    for (CaseOp text : check.getBody().getOps<CaseOp>())
      cases.push_back({check, text});
  }
  // A case tells its counts, whether it could be run, and what it printed.
  struct Told {
    Summary counts;
    bool ran;
  };
  bool ran = true;
  std::string error;
  auto work = [&](size_t i, std::string &result) {
    CheckOp check = cases[i].first;
    CaseOp text = cases[i].second;
    OpOp source = program.lookup(check.getOp());
    Summary whole = std::exchange(summary, Summary());
    bool good = llvm::all_of(bindingsOf(source), [&](ArrayRef<Type> binding) {
      return succeeded(runCase(check, text, source, binding));
    });
    line.clear();
    misses.clear();
    Told told = {std::exchange(summary, whole), good};
    result.assign(reinterpret_cast<const char *>(&told), sizeof(told));
    result += std::exchange(printed, "");
  };
  auto take = [&](StringRef result) {
    Told told;
    memcpy(&told, result.data(), sizeof(told));
    summary += told.counts;
    ran &= told.ran;
    out << result.drop_front(sizeof(told));
    out.flush();
  };
  if (!inProcesses(options.jobs, cases.size(), work, take, error))
    return emitError(UnknownLoc::get(program.context)) << error;
  return success(ran);
}

LogicalResult Checker::run() {
  if (program.checks().empty())
    return emitError(UnknownLoc::get(program.context))
           << "there is no gemel.check in these files";
  // One library for all, as a user would build it.
  bool any =
      !options.interpreted && llvm::any_of(program.operators(), isLaunchable);
  std::string path;
  if (any) {
    SmallString<128> temporary;
    if (llvm::sys::fs::createUniqueDirectory("gemel-check", temporary))
      return emitError(UnknownLoc::get(program.context))
             << "cannot make a temporary folder";
    path = (temporary + "/libcheck.so").str();
    Launcher::nameSimulators();
    CompileOptions compile;
    compile.targets = options.targets;
    compile.jobs = options.jobs;
    // A simulated device takes the text where a real one does.
    compile.assembly = Assembly::None;
    for (const std::string &target : options.targets)
      if (const Target *known = findTarget(target);
          known && known->device != "cpu" && !known->runsText)
        compile.assembly = Assembly::Remarking;
    LogicalResult result = compileLibrary(program, compile, path);
    std::string error;
    bool opened = succeeded(result) && launcher.open(path, error);
    llvm::sys::fs::remove_directories(temporary);
    if (failed(result))
      return failure();
    if (!opened)
      return emitError(UnknownLoc::get(program.context)) << error;
  }
  if (failed(runCases()))
    return failure();
  out << llvm::formatv(
      "{0} checks, {1} cases, {2} stages: {3} arrays to the bit, {4} by "
      "tolerance, {5} by finite differences, {6} misses\n",
      summary.operators, summary.cases, summary.stages, summary.exact,
      summary.tolerance, summary.gradients, summary.misses);
  return success();
}

LogicalResult gemel::check::runChecks(Program &program, const Options &options,
                                      llvm::raw_ostream &os, Summary &summary) {
  return Checker(program, options, os, summary).run();
}
