// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a program to an operator library, room by room.

#include "codegen/Compiler.h"

#include "codegen/Manifest.h"
#include "codegen/ObjectFile.h"
#include "dialect/Words.h"

#include "mlir/IR/Verifier.h"
#include "llvm/Support/Path.h"
#include <gemel/library.h>

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
  hideFunctions(module);
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
  } else if (shared) {
    std::vector<std::string> parts = takeParts(module);
    emitManifest(manifest, module, symbol);
    written = writeLibrary(module, parts, output, error);
  } else {
    emitManifest(manifest, module, symbol);
    written = writeObject(module, output, error);
  }
  if (!written || !writeFile(headerPath, header, error))
    return emitError(loc) << error;
  return success();
}

LogicalResult gemel::forEachFlow(
    Program &program, const CompileOptions &options,
    llvm::function_ref<void(OpOp, OpOp, ArrayRef<KernelOp>, StringRef)> visit) {
  if (failed(loadTargets(program.context, options.targets)))
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
  if (failed(loadTargets(program.context, options.targets)))
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
