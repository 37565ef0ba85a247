// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every operator's variants as code of every target, operators side by side.

#include "codegen/Compiler.h"

#include "codegen/reference/Buffer.h"
#include "dialect/ReduceOps.h"
#include "dialect/Words.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Parallel.h"
#include "llvm/Support/ThreadPool.h"

#include <deque>
#include <map>

using namespace mlir;
using namespace gemel;

/// gemel_<op>_<dtypes>_<target>_<group>, a symbol of the library; with the
/// number of the variant where there are several.
static std::string symbolOf(OpOp op, ArrayRef<Type> binding, StringRef target,
                            StringRef group, std::optional<size_t> variant) {
  std::string symbol = ("gemel_" + op.getSymName()).str();
  for (Type type : binding)
    symbol += ("_" + dtypeWord(type)).str();
  symbol += ("_" + target + "_" + group).str();
  if (variant)
    symbol += "_v" + std::to_string(*variant);
  for (char &c : symbol)
    if (!llvm::isAlnum(c))
      c = '_';
  return symbol;
}

/// The least that tiles are shrunk to, to fit a chip: a 32nd.
static constexpr int64_t kMostShrink = 5 * kShrinks;

/// Whether a kernel combines what its loops bring: runs of positions meet in
/// pairs, and are whole in steps of powers of two.
static bool combines(KernelOp kernel) {
  bool any = false;
  kernel.walk([&](ForOp loop) { any |= loop.getNumResults() > 0; });
  return any;
}

/// Whether two plans cut an operator, and its axes, into the same.
static bool areSame(Flow &one, Flow &other) {
  return one.tiled.kernels.size() == other.tiled.kernels.size() &&
         llvm::equal((*one.instance.op).getAxes().getAsRange<AxisAttr>(),
                     (*other.instance.op).getAxes().getAsRange<AxisAttr>(),
                     [](AxisAttr a, AxisAttr b) {
                       return a.getName() == b.getName() &&
                              a.getRuns() == b.getRuns();
                     });
}

/// Hands a kernel of a variant to `writer`, with as large tiles as fit; false
/// if tiles that do are those of other kernels. `flows` has what the rooms made
/// so far, by how much tiles were shrunk.
static FailureOr<bool> lowerKernel(Program &program, OpOp op,
                                   ArrayRef<Type> binding,
                                   const Specialisation &special,
                                   std::optional<size_t> number, size_t index,
                                   std::map<int64_t, Flow> &flows,
                                   KernelWriter &writer, Variant &variant) {
  for (int64_t shrink = 0;; ++shrink) {
    if (shrink % kShrinks && combines(flows.at(0).tiled.kernels[index]))
      continue;
    auto it = flows.find(shrink);
    if (it == flows.end()) {
      FailureOr<Flow> flow = runRooms(program, op, binding, variant.target,
                                      Stage::Tiles, special, shrink);
      if (failed(flow))
        return failure();
      it = flows.emplace(shrink, std::move(*flow)).first;
    }
    Flow &flow = it->second;
    if (!areSame(flow, flows.at(0)))
      return false;
    OpOp typed = *flow.instance.op;
    KernelOp kernel = flow.tiled.kernels[index];
    Launch launch;
    launch.name = kernel.getSymName().str();
    launch.symbol = symbolOf(op, binding, variant.target, launch.name, number);
    launch.grain = kernel.getGrain();
    for (auto [axis, step] :
         llvm::zip(kernel.getWorkAxes(), kernel.getWorkSteps()))
      launch.work.push_back(
          {typed.findAxis(cast<StringAttr>(axis).getValue()), step});
    FailureOr<bool> fits =
        writer.add(kernel, typed, launch, shrink == kMostShrink);
    if (failed(fits))
      return failure();
    if (!*fits)
      continue;
    variant.launches.push_back(launch);
    return true;
  }
}

/// One variant of an operator, its kernels handed to `writer`; false, and
/// nothing is, if one of them fits as part of another plan only.
static FailureOr<bool> lowerVariant(Program &program, OpOp op,
                                    ArrayRef<Type> binding,
                                    const Specialisation &special,
                                    std::optional<size_t> number,
                                    KernelWriter &writer, Variant &variant) {
  FailureOr<Flow> first =
      runRooms(program, op, binding, variant.target, Stage::Tiles, special);
  if (failed(first))
    return failure();
  std::map<int64_t, Flow> flows; // what it holds stays where it is
  Flow &flow = flows.emplace(0, std::move(*first)).first->second;
  OpOp typed = *flow.instance.op; // its split may have added axes
  variant.binding.assign(binding.begin(), binding.end());
  variant.alignment = special.alignment;
  for (const Specialisation::Fact &fact : special.facts)
    variant.facts.push_back({int32_t(typed.findAxis(fact.axis.getValue())),
                             fact.multiple, fact.maximum});
  for (Attribute attr : typed.getAxes()) {
    auto axis = cast<AxisAttr>(attr);
    if (!axis.getOf())
      continue;
    SmallVector<int32_t> of;
    for (Attribute base : axis.getOf())
      of.push_back(typed.findAxis(cast<StringAttr>(base).getValue()));
    variant.runs.push_back({axis.getRuns(), of});
  }
  for (const Workspace &workspace : flow.tiled.workspaces) {
    SmallVector<int32_t> axes;
    for (StringAttr axis : workspace.type.getAxes())
      axes.push_back(typed.findAxis(axis.getValue()));
    variant.workspaces.push_back(
        {reference::storageBytes(workspace.type.getElementType()), axes});
  }
  if (int64_t bytes = writer.begin(flow.tiled.kernels))
    variant.workspaces.push_back({bytes, {}});
  for (size_t i = 0, count = flow.tiled.kernels.size(); i < count; ++i) {
    FailureOr<bool> done = lowerKernel(program, op, binding, special, number, i,
                                       flows, writer, variant);
    if (failed(done))
      return failure();
    if (*done)
      continue;
    for (const Launch &launch : variant.launches)
      writer.drop(launch);
    return false;
  }
  return true;
}

namespace {

/// An operator for one target.
struct Unit {
  Unit(LibraryOp &entry, StringRef target) : entry(entry), target(target) {}

  LibraryOp &entry;
  StringRef target;
  std::vector<Variant> variants;
  DeviceCode code;
  bool isDone = false, hasCode = false;
  std::string printed; ///< in the target's dialect, if that is wanted
};

} // namespace

/// The variants of one binding, handed to `writer`.
static LogicalResult compileBinding(Program &program, Unit &unit,
                                    ArrayRef<Type> binding,
                                    KernelWriter &writer) {
  OpOp op = unit.entry.source;
  auto specials = specialise(program, op, binding, unit.target);
  if (failed(specials))
    return failure();
  for (auto [i, special] : llvm::enumerate(*specials)) {
    Variant &variant = unit.variants.emplace_back();
    std::optional<size_t> number;
    if (specials->size() > 1)
      number = i;
    auto lower = [&](const Specialisation &with) {
      variant = Variant();
      variant.target = unit.target;
      return lowerVariant(program, op, binding, with, number, writer, variant);
    };
    FailureOr<bool> done = lower(special);
    if (succeeded(done) && !*done) {
      special.apart = true;
      done = lower(special);
    }
    if (succeeded(done) && !*done)
      return op.emitOpError()
             << "has no plan for " << unit.target << " that fits it; "
             << "cut it into two operators";
    if (failed(done))
      return failure();
  }
  return success();
}

static LogicalResult compileUnit(Program &program,
                                 const CompileOptions &options,
                                 llvm::Module &host, Unit &unit) {
  OpOp op = unit.entry.source;
  auto writer =
      findTarget(unit.target)->writer(unit.target, host, options.assembly);
  for (const SmallVector<Type> &binding : bindingsOf(op))
    if (failed(compileBinding(program, unit, binding, *writer)))
      return failure();
  if (options.device) {
    llvm::raw_string_ostream os(unit.printed);
    if (!writer->print(os))
      return emitError(op.getLoc())
             << "'" << unit.target << "' has no dialect of its own; print "
             << "another stage, or for a target that has";
  }
  unit.code.target = unit.target;
  FailureOr<bool> hasCode = writer->finish(op.getLoc(), unit.code);
  unit.hasCode = succeeded(hasCode) && *hasCode;
  return hasCode;
}

/// Does `work` for 0 to `count`, so many at a time; what it reports comes in
/// that order.
static void sideBySide(MLIRContext *context, unsigned jobs, size_t count,
                       llvm::function_ref<void(size_t)> work) {
  if (jobs == 1 || !count) {
    for (size_t i = 0; i < count; ++i)
      work(i);
    return;
  }
  // Threads of our own: the context's own take up any task while they wait for
  // one, another operator's below this one's, and its reports with it.
  bool hadThreads = context->isMultithreadingEnabled();
  context->enableMultithreading();
  {
    ParallelDiagnosticHandler reports(context);
    llvm::DefaultThreadPool pool(llvm::hardware_concurrency(jobs));
    for (size_t i = 0; i < count; ++i)
      pool.async([&, i] {
        reports.setOrderIDForThread(i);
        work(i);
        reports.eraseOrderIDForThread();
      });
    pool.wait();
  }
  if (!hadThreads)
    context->disableMultithreading();
}

/// What all bindings and targets have in common.
static LogicalResult describeOp(Program &program, LibraryOp &entry) {
  for (const SmallVector<Type> &binding : bindingsOf(entry.source)) {
    FailureOr<Instance> whole = program.instantiate(entry.source, binding);
    if (failed(whole))
      return failure();
    if (entry.instance)
      continue;
    auto returns = cast<ReturnOp>((*whole->op).getBody().front().back());
    for (Value value : returns.getValues())
      entry.exact.push_back(isExact(value));
    entry.instance = std::move(whole->op);
  }
  return success();
}

LogicalResult gemel::compileOps(Program &program, const CompileOptions &options,
                                llvm::Module &module,
                                std::vector<LibraryOp> &ops) {
  if (failed(loadTargets(program.context, options.targets)))
    return failure();
  for (OpOp op : program.operators())
    if (isLaunchable(op))
      ops.emplace_back().source = op;
  // Kernels of one operator, and parts of the host's code: as many.
  llvm::parallel::strategy = llvm::hardware_concurrency(options.jobs);
  std::deque<Unit> units; // they stay where they are
  SmallVector<Unit *> beside;
  for (LibraryOp &entry : ops) {
    if (failed(describeOp(program, entry)))
      return failure();
    for (const std::string &target : options.targets) {
      Unit &unit = units.emplace_back(entry, target);
      if (!findTarget(target)->onHost)
        beside.push_back(&unit);
      else if (failed(compileUnit(program, options, module, unit)))
        return failure();
    }
  }
  sideBySide(program.context, options.jobs, beside.size(), [&](size_t i) {
    beside[i]->isDone =
        succeeded(compileUnit(program, options, module, *beside[i]));
  });
  if (!llvm::all_of(beside, [](Unit *unit) { return unit->isDone; }))
    return failure();
  for (Unit &unit : units) {
    llvm::move(unit.variants, std::back_inserter(unit.entry.variants));
    if (unit.hasCode)
      unit.entry.code.push_back(std::move(unit.code));
    if (options.device)
      *options.device << unit.printed;
  }
  return success();
}
