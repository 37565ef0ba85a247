// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a program to an operator library, room by room.

#include "codegen/Compiler.h"

#include "codegen/AssemblyQueue.h"
#include "codegen/Manifest.h"
#include "codegen/ObjectFile.h"
#include "codegen/reference/Buffer.h"
#include "dialect/ElementwiseOps.h"
#include "dialect/ReduceOps.h"
#include "dialect/Words.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/Path.h"
#include <gemel/library.h>

#include <map>
#include <numeric>

using namespace mlir;
using namespace gemel;

bool gemel::isLaunchable(OpOp op) {
  if (op.getResults_().empty() && op.getInouts().empty())
    return false;
  auto variable = [&](StringRef dtype) {
    return !parseDtype(op.getContext(), dtype);
  };
  for (Attribute attr : op.getResults_())
    if (cast<ArgumentAttr>(attr).getScalar())
      return false; // a scalar operator, for calls
  for (Attribute attr : op.getParameters()) {
    auto a = cast<ArgumentAttr>(attr);
    if (a.getScalar() && variable(a.getDtype().getValue()))
      return false;
  }
  return true;
}

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

/// The facts of a variant, beside those of the text.
static void addFacts(OpOp op, const Specialisation &special) {
  SmallVector<Attribute> axes(op.getAxes().begin(), op.getAxes().end());
  for (const Specialisation::Fact &fact : special.facts) {
    Attribute &attr = axes[op.findAxis(fact.axis.getValue())];
    auto axis = cast<AxisAttr>(attr);
    attr = AxisAttr::get(op.getContext(), axis.getName(), axis.getFixed(),
                         std::lcm(axis.getMultiple(), fact.multiple),
                         std::min(axis.getMaximum(), fact.maximum),
                         axis.getRuns(), axis.getOf());
  }
  op.setAxesAttr(ArrayAttr::get(op.getContext(), axes));
  if (special.alignment > 1)
    op->setAttr("alignment",
                Builder(op.getContext()).getI64IntegerAttr(special.alignment));
}

/// The plans of an instance's groups, as text.
static std::string plansOf(OpOp fused) {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (GroupOp group : fused.getBody().getOps<GroupOp>())
    os << *group.getPlan();
  return text;
}

FailureOr<SmallVector<Specialisation>> gemel::specialise(Program &program,
                                                         OpOp op,
                                                         ArrayRef<Type> binding,
                                                         StringRef target) {
  FailureOr<Flow> plain = runRooms(program, op, binding, target, Stage::Groups);
  if (failed(plain))
    return failure();
  SmallVector<Specialisation> wanted = findTarget(target)->specialise(
      *plain->instance.op, machineOf(target, program.context));
  // A variant that plans what the next one plans is that one again.
  SmallVector<Specialisation> kept = {wanted.pop_back_val()};
  std::string next = plansOf(*plain->instance.op);
  for (const Specialisation &special : llvm::reverse(wanted)) {
    FailureOr<Flow> flow =
        runRooms(program, op, binding, target, Stage::Groups, special);
    if (failed(flow))
      return failure();
    std::string plans = plansOf(*flow->instance.op);
    if (plans != next)
      kept.push_back(special);
    next = std::move(plans);
  }
  std::reverse(kept.begin(), kept.end());
  return kept;
}

bool gemel::holds(const Specialisation &special,
                  const llvm::StringMap<int64_t> &sizes) {
  return llvm::all_of(special.facts, [&](const Specialisation::Fact &fact) {
    int64_t size = sizes.lookup(fact.axis.getValue());
    return size <= fact.maximum && size % fact.multiple == 0;
  });
}

/// How often tiles shrink until they are halves: by eighths.
static constexpr int64_t kShrinks = 4;

/// The machine that a variant is planned for, with tiles of fewer positions.
/// What is held is a half, a quarter and so on.
static MachineAttr shrunk(MachineAttr machine, int64_t shrink, bool apart) {
  int64_t by = int64_t(1) << shrink / kShrinks;
  auto part = [&](int64_t n) { return std::max<int64_t>(n / by, 1); };
  auto step = [&](int64_t n) {
    int64_t eighths = 2 * kShrinks - shrink % kShrinks;
    return std::max<int64_t>(n * eighths / (2 * kShrinks * by), 1);
  };
  MachineAttr::Tiles tiles = machine.getTiles();
  tiles.unroll = step(tiles.unroll);
  tiles.chunk = step(tiles.chunk);
  tiles.scratch /= by;
  tiles.held = part(tiles.held);
  if (apart)
    tiles.rowRuns = 0;
  return machine.with(tiles);
}

FailureOr<Flow> gemel::runRooms(Program &program, OpOp op,
                                ArrayRef<Type> binding, StringRef target,
                                Stage last, const Specialisation &special,
                                int64_t shrink) {
  Flow flow;
  FailureOr<Instance> instance = program.instantiate(op, binding);
  if (failed(instance))
    return failure();
  flow.instance = std::move(*instance);
  OpOp typed = *flow.instance.op;
  if (last == Stage::Instances)
    return std::move(flow);
  MachineAttr machine =
      shrunk(machineOf(target, program.context), shrink, special.apart);
  addFacts(typed, special);
  if (failed(toGroups(typed, machine, program.plan(op.getSymName(), target))) ||
      failed(verify(typed)))
    return failure();
  if (last == Stage::Groups)
    return std::move(flow);
  flow.kernels = ModuleOp::create(op.getLoc());
  FailureOr<Tiled> tiled = tile(typed, *flow.kernels->getBody());
  if (failed(tiled) || failed(verify(*flow.kernels)))
    return failure();
  flow.tiled = std::move(*tiled);
  return std::move(flow);
}

static LogicalResult checkTargets(Program &program,
                                  const CompileOptions &options) {
  for (const std::string &target : options.targets)
    if (!findTarget(target)) {
      InFlightDiagnostic diagnostic =
          emitError(UnknownLoc::get(program.context));
      diagnostic << "there is no target '" << target << "'; targets are";
      for (const Target *known : gemel::targets())
        for (StringRef chip : known->chips())
          diagnostic << " " << chip;
      return diagnostic;
    }
  return success();
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

/// Compiles one operator; code of devices goes to `queue`, and from there to
/// `entry`.
static LogicalResult compileOp(Program &program, const CompileOptions &options,
                               llvm::Module &host, AssemblyQueue &queue,
                               LibraryOp &entry) {
  OpOp op = entry.source;
  for (const std::string &target : options.targets) {
    auto writer = findTarget(target)->writer(target, host, options.assembly);
    for (const SmallVector<Type> &binding : bindingsOf(op)) {
      FailureOr<Instance> whole = program.instantiate(op, binding);
      if (failed(whole))
        return failure();
      if (!entry.instance) {
        auto returns = cast<ReturnOp>((*whole->op).getBody().front().back());
        for (Value value : returns.getValues())
          entry.exact.push_back(isExact(value));
        entry.instance = std::move(whole->op);
      }
      auto specials = specialise(program, op, binding, target);
      if (failed(specials))
        return failure();
      for (auto [i, special] : llvm::enumerate(*specials)) {
        Variant &variant = entry.variants.emplace_back();
        std::optional<size_t> number;
        if (specials->size() > 1)
          number = i;
        auto lower = [&](const Specialisation &with) {
          variant = Variant();
          variant.target = target;
          return lowerVariant(program, op, binding, with, number, *writer,
                              variant);
        };
        FailureOr<bool> done = lower(special);
        if (succeeded(done) && !*done) {
          special.apart = true;
          done = lower(special);
        }
        if (succeeded(done) && !*done)
          return op.emitOpError()
                 << "has no plan for " << target << " that fits it; "
                 << "cut it into two operators";
        if (failed(done))
          return failure();
      }
    }
    if (options.device && !writer->print(*options.device))
      return emitError(op.getLoc())
             << "'" << target << "' has no dialect of its own; print another "
             << "stage, or for a target that has";
    DeviceCode code;
    code.target = target;
    FailureOr<bool> made = writer->finish(code);
    if (failed(made))
      return failure();
    if (*made)
      queue.add(std::move(writer), std::move(code), op.getLoc(), entry.code);
  }
  return success();
}

LogicalResult gemel::compileOps(Program &program, const CompileOptions &options,
                                llvm::Module &module,
                                std::vector<LibraryOp> &ops) {
  program.context->loadDialect<arith::ArithDialect>();
  if (failed(checkTargets(program, options)))
    return failure();
  for (OpOp op : program.operators())
    if (isLaunchable(op))
      ops.emplace_back().source = op;
  AssemblyQueue queue(options.jobs);
  for (LibraryOp &entry : ops)
    if (failed(compileOp(program, options, module, queue, entry)))
      return failure();
  return queue.finish();
}

/// The runtime's stack holds what one operator can have.
static LogicalResult checkLimits(ArrayRef<LibraryOp> ops) {
  for (const LibraryOp &entry : ops) {
    OpOp op = entry.source;
    auto refuse = [&](StringRef what, size_t count, size_t limit) {
      return emitError(op.getLoc())
             << "'" << op.getSymName() << "' has " << count << " " << what
             << ", but a launch takes at most " << limit
             << "; split the operator";
    };
    size_t arguments = op.getParameters().size() + op.getResults_().size();
    if (arguments > GEMEL_MAX_ARGUMENTS)
      return refuse("arguments", arguments, GEMEL_MAX_ARGUMENTS);
    if (op.getDtypeVariables().size() > GEMEL_MAX_DTYPE_VARIABLES)
      return refuse("dtype variables", op.getDtypeVariables().size(),
                    GEMEL_MAX_DTYPE_VARIABLES);
    for (ArrayAttr list : {op.getParameters(), op.getResults_()})
      for (Attribute attr : list)
        if (auto a = cast<ArgumentAttr>(attr);
            a.getAxes().size() > GEMEL_MAX_RANK)
          return refuse(("axes on '" + a.getName().getValue() + "'").str(),
                        a.getAxes().size(), GEMEL_MAX_RANK);
    for (const Variant &variant : entry.variants) {
      size_t axes = op.getAxes().size() + variant.runs.size();
      if (axes > GEMEL_MAX_AXES)
        return refuse("axes", axes, GEMEL_MAX_AXES);
      if (variant.workspaces.size() > GEMEL_MAX_WORKSPACES)
        return refuse("values that cross launches", variant.workspaces.size(),
                      GEMEL_MAX_WORKSPACES);
    }
  }
  return success();
}

/// The kernels of `module` as assembly that other files may refer to.
static LogicalResult assembleAll(llvm::Module &module, std::string &text,
                                 Location loc) {
  // Nothing in the module refers to them: hidden, not internal.
  for (llvm::Function &function : module)
    if (function.hasInternalLinkage()) {
      function.setLinkage(llvm::GlobalValue::ExternalLinkage);
      function.setVisibility(llvm::GlobalValue::HiddenVisibility);
    }
  std::string error;
  if (!printAssembly(module, text, error))
    return emitError(loc) << error;
  return success();
}

LogicalResult gemel::compileLibrary(Program &program,
                                    const CompileOptions &options,
                                    StringRef output) {
  llvm::LLVMContext context;
  llvm::Module module("gemel", context);
  std::vector<LibraryOp> ops;
  prepareModule(module);
  if (failed(compileOps(program, options, module, ops)) ||
      failed(checkLimits(ops)))
    return failure();
  Location loc = UnknownLoc::get(program.context);
  if (ops.empty())
    return emitError(loc) << "there is no operator to compile; give a file "
                             "with one whose results are arrays";
  StringRef stem = llvm::sys::path::stem(output);
  StringRef suffix = llvm::sys::path::extension(output);
  bool shared = suffix == ".so";
  if (!shared && suffix != ".o" && suffix != ".c")
    return emitError(loc) << "'" << output
                          << "' is neither a .so, nor a .o, nor a .c";
  std::string symbol = GEMEL_MANIFEST_SYMBOL;
  if (!shared) {
    symbol += ("_" + stem).str();
    for (char &c : symbol)
      if (!llvm::isAlnum(c))
        c = '_';
  }
  Entry manifest = describeLibrary(ops, program.pairs, module);
  std::string header;
  llvm::raw_string_ostream os(header);
  writeHeader(ops, program.pairs, stem, shared ? "" : symbol, os);
  SmallString<128> headerPath(output);
  llvm::sys::path::remove_filename(headerPath);
  StringRef bare = stem;
  if (shared)
    bare.consume_front("lib");
  llvm::sys::path::append(headerPath, bare + ".h");
  std::string error;
  bool written;
  if (suffix == ".c") {
    std::string assembly, text;
    if (failed(assembleAll(module, assembly, loc)))
      return failure();
    llvm::raw_string_ostream c(text);
    writeC(ops, manifest, assembly, symbol, c);
    written = writeFile(output, text, error);
  } else {
    emitManifest(manifest, module, symbol);
    written = writeObject(module, output, shared, error);
  }
  if (!written || !writeFile(headerPath, header, error))
    return emitError(loc) << error;
  return success();
}

LogicalResult gemel::forEachFlow(
    Program &program, const CompileOptions &options,
    llvm::function_ref<void(OpOp, OpOp, ArrayRef<KernelOp>, StringRef)> visit) {
  program.context->loadDialect<arith::ArithDialect>();
  if (failed(checkTargets(program, options)))
    return failure();
  for (OpOp op : program.operators()) {
    if (!isLaunchable(op))
      continue;
    for (const std::string &target : options.targets)
      for (const SmallVector<Type> &binding : bindingsOf(op)) {
        FailureOr<Instance> typed = program.instantiate(op, binding);
        FailureOr<Flow> flow =
            runRooms(program, op, binding, target, Stage::Tiles);
        if (failed(typed) || failed(flow))
          return failure();
        visit(*typed->op, *flow->instance.op, flow->tiled.kernels, target);
      }
  }
  return success();
}

LogicalResult gemel::emitStage(Program &program, const CompileOptions &options,
                               Stage stage, llvm::raw_ostream &os) {
  program.context->loadDialect<arith::ArithDialect>();
  if (failed(checkTargets(program, options)))
    return failure();
  if (stage == Stage::Llvm || stage == Stage::Assembly ||
      stage == Stage::Device) {
    llvm::LLVMContext context;
    llvm::Module module("gemel", context);
    std::vector<LibraryOp> ops;
    prepareModule(module);
    if (stage == Stage::Device) {
      CompileOptions printing = options;
      printing.assembly = Assembly::None;
      printing.device = &os;
      return compileOps(program, printing, module, ops);
    }
    if (failed(compileOps(program, options, module, ops)))
      return failure();
    if (stage == Stage::Llvm) {
      module.print(os, nullptr);
      return success();
    }
    for (const LibraryOp &entry : ops)
      for (const DeviceCode &code : entry.code)
        os << code.text;
    std::string text;
    if (!module.empty() &&
        failed(assembleAll(module, text, UnknownLoc::get(program.context))))
      return failure();
    os << text;
    return success();
  }
  for (OpOp op : program.operators()) {
    if (!isLaunchable(op))
      continue;
    for (const SmallVector<Type> &binding : bindingsOf(op)) {
      SmallVector<Specialisation> specials(1);
      if (stage != Stage::Instances) {
        auto wanted = specialise(program, op, binding, options.targets[0]);
        if (failed(wanted))
          return failure();
        specials = *wanted;
      }
      for (const Specialisation &special : specials) {
        FailureOr<Flow> flow =
            runRooms(program, op, binding, options.targets[0], stage, special);
        if (failed(flow))
          return failure();
        if (flow->kernels)
          flow->kernels->print(os);
        else
          flow->instance.op->print(os);
        os << "\n";
      }
    }
  }
  return success();
}
