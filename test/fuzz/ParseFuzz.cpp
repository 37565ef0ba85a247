// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Feeds mutated texts to the parser and what follows it, and holds them to
// what every text may expect:
//   - nothing crashes, hangs or eats the memory;
//   - a text that is refused gets an error with a place;
//   - a text that is accepted verifies, and its print, in both forms, reads
//     back as the same print;
//   - an operator that is refused for a binding, or cannot be tiled, gets an
//     error; one that is not verifies at every stage.
//
// Texts run in children, a batch each, so that a crash names its text: it is
// written to a file, and --first=INDEX --texts=1 runs it alone. A run is the
// same for the same seeds, on every machine.

#include "Mutation.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/Generalize.h"
#include "dialect/Instantiate.h"
#include "dialect/Source.h"
#include "dialect/Words.h"
#include "passes/Differentiate.h"
#include "passes/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <chrono>
#include <csignal>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir;
using namespace gemel;
namespace cl = llvm::cl;

static cl::list<std::string> folders(cl::Positional, cl::OneOrMore,
                                     cl::desc("<files or folders of seeds>"));
static cl::opt<unsigned> texts("texts", cl::init(10000),
                               cl::desc("How many texts"));
static cl::opt<unsigned> first("first", cl::init(0),
                               cl::desc("The first text's index"));
static cl::opt<unsigned> seed("seed", cl::init(1), cl::desc("Of the run"));
static cl::opt<unsigned> seconds("seconds", cl::init(0),
                                 cl::desc("End after so long, or 0"));
static cl::opt<std::string> into("into", cl::init("."),
                                 cl::desc("Folder for texts that fail"));
static cl::opt<unsigned> memory("memory", cl::init(3),
                                cl::desc("GiB a text may take, or 0"));
static cl::opt<bool> show("print", cl::init(false),
                          cl::desc("Print the texts instead"));
static cl::opt<bool> rooms("rooms", cl::init(true),
                           cl::desc("Expand, fuse and tile, too"));

namespace {

/// Longer on one text is a hang.
constexpr unsigned kSecondsEach = 20;
constexpr unsigned kBatch = 250;
/// How a child ends that asks for a fresh one: after its text, or on a
/// complaint.
constexpr int kAgain = 4, kComplaint = 3;
/// Bindings tried of one operator.
constexpr size_t kBindings = 8;

/// What the children say, in memory that all share.
struct Shared {
  unsigned index; ///< of the text that runs
  unsigned accepted, rejected, instances, backwards, kernels;
  char complaint[512]; ///< what the text broke, if not by a crash
};
Shared *shared;

/// Ends the child: the text has broken a promise.
[[noreturn]] void complain(const Twine &what) {
  std::string text = what.str();
  std::strncpy(shared->complaint, text.c_str(), sizeof shared->complaint - 1);
  _exit(kComplaint);
}

/// The errors of one step; how it ended is held to them.
class Errors {
public:
  explicit Errors(MLIRContext &context)
      : handler(&context, [this](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
            return success();
          ++count;
          located +=
              bool(diagnostic.getLocation()->findInstanceOf<FileLineColLoc>());
          if (last.empty())
            last = diagnostic.str();
          return success();
        }) {}

  void expect(bool accepted, const Twine &step) {
    if (accepted && count)
      complain(step + ": accepted with an error: " + last);
    if (!accepted && !located)
      complain(step + (count ? ": no error has a place: " + last
                             : std::string(": refused without an error")));
  }
  std::string last;

private:
  unsigned count = 0, located = 0;
  ScopedDiagnosticHandler handler;
};

enum class Form { Written, Generic, Located };

std::string print(Operation *op, Form form) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  if (form != Form::Written)
    flags.printGenericOpForm();
  if (form == Form::Located)
    flags.enableDebugInfo();
  op->print(os, flags);
  return text;
}

OwningOpRef<ModuleOp> parse(StringRef text, llvm::SourceMgr &sources,
                            MLIRContext &context) {
  return parseText(llvm::MemoryBuffer::getMemBufferCopy(text, "text.mlir"),
                   sources, &context);
}

/// What a value is computed from, whatever the names and the order of the text.
llvm::hash_code meaningOf(Value value,
                          llvm::DenseMap<Value, llvm::hash_code> &known) {
  auto found = known.find(value);
  if (found != known.end())
    return found->second;
  llvm::hash_code code(0);
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    code = llvm::hash_value(argument.getArgNumber());
  } else {
    Operation *op = value.getDefiningOp();
    // The width of a literal is its partner's, whatever the generic form said.
    auto constant = dyn_cast<ConstantOp>(op);
    auto integer =
        constant ? dyn_cast<IntegerAttr>(constant.getValue()) : IntegerAttr();
    code = llvm::hash_value(op->getName().getStringRef());
    if (integer && !integer.getType().isInteger(1))
      code = llvm::hash_combine(code, integer.getValue().getSExtValue());
    else
      code = llvm::hash_combine(code,
                                op->getAttrDictionary().getAsOpaquePointer());
    for (Value operand : op->getOperands())
      code = llvm::hash_combine(code, meaningOf(operand, known));
  }
  known[value] = code;
  return code;
}

/// What the operators of a module compute; 0 where one has its types, for its
/// text does not say the implicit changes of them.
llvm::hash_code meaningOf(ModuleOp module) {
  llvm::hash_code code(0);
  for (OpOp op : module.getOps<OpOp>()) {
    if (op.isTyped())
      return llvm::hash_code(0);
    llvm::DenseMap<Value, llvm::hash_code> known;
    for (Operation &o : op.getBody().front())
      if (isa<ReturnOp, RequireOp>(o))
        for (Value operand : o.getOperands())
          code = llvm::hash_combine(code, meaningOf(operand, known));
  }
  return code;
}

/// `text`, which is a print in `from`, prints as `wanted` in `to`.
void expectPrint(StringRef text, Form from, StringRef wanted, Form to,
                 const char *step, MLIRContext &context,
                 llvm::hash_code meaning = llvm::hash_code(0)) {
  llvm::SourceMgr sources;
  Errors errors(context);
  OwningOpRef<ModuleOp> module = parse(text, sources, context);
  if (!module)
    complain(Twine(step) + ": does not read back: " + errors.last);
  if (meaning != llvm::hash_code(0) && meaning != meaningOf(*module))
    complain(Twine(step) + ": reads back as another program");
  std::string again = print(*module, to);
  if (again == wanted)
    return;
  size_t at =
      std::mismatch(again.begin(), again.end(), wanted.begin(), wanted.end())
          .first -
      again.begin();
  size_t begin = at < 40 ? 0 : at - 40;
  complain(Twine(step) + ": prints otherwise: '" + wanted.substr(begin, 100) +
           "' as '" + StringRef(again).substr(begin, 100) + "'");
}

/// What a library can be made of; others only serve calls.
bool isLaunchable(OpOp op) {
  auto scalar = [](Attribute a) { return cast<ArgumentAttr>(a).getScalar(); };
  return llvm::none_of(op.getResults_(), scalar) &&
         !(op.getResults_().empty() && op.getInouts().empty());
}

/// The passes, on an instance that verifies.
void runRooms(OpOp op, PlanOp plan, MLIRContext &context) {
  Errors errors(context);
  bool good = succeeded(toGroups(op, anyMachine(&context), plan)) &&
              succeeded(verify(op));
  errors.expect(good, "groups");
  if (!good)
    return;
  OwningOpRef<ModuleOp> kernels = ModuleOp::create(op.getLoc());
  FailureOr<Tiled> tiled = tile(op, *kernels->getBody());
  good = succeeded(tiled) && succeeded(verify(*kernels));
  errors.expect(good, "tile");
  shared->kernels += good ? tiled->kernels.size() : 0;
  if (good)
    expectPrint(print(*kernels, Form::Written), Form::Written,
                print(*kernels, Form::Written), Form::Written, "kernels",
                context);
}

/// What is derived of a typed operator: reads back as the text it prints as,
/// and goes through the rooms.
void runBackward(OpOp op, MLIRContext &context) {
  Errors errors(context);
  FailureOr<Derivative> derivative = differentiate(op);
  errors.expect(succeeded(derivative), "differentiate");
  if (failed(derivative))
    return;
  ++shared->backwards;
  for (OpOp derived : {*derivative->training, *derivative->backward,
                       *derivative->accumulate}) {
    FailureOr<OwningOpRef<OpOp>> open =
        generalize(ArrayAttr::get(&context, {}), BoundOp{{}, derived});
    bool good = succeeded(open) && succeeded(verify(**open));
    errors.expect(good, "generalize");
    if (!good)
      return;
    OwningOpRef<ModuleOp> alone = ModuleOp::create(op.getLoc());
    alone->push_back(open->release());
    std::string text = print(*alone, Form::Written);
    expectPrint(text, Form::Written, text, Form::Written, "backward", context);
    if (failed(verify(derived)))
      complain("what is derived does not verify");
    runRooms(derived, PlanOp(), context);
  }
}

void runOperator(OpOp op, ModuleOp module, MLIRContext &context) {
  auto bindings = bindingsOf(op);
  for (const auto &binding : ArrayRef(bindings).take_front(kBindings)) {
    OwningOpRef<OpOp> instance(op.clone());
    Errors errors(context);
    bool good = succeeded(instantiate(*instance, binding, [&](StringRef name) {
      for (OpOp other : module.getOps<OpOp>())
        if (other.getSymName() == name)
          return other;
      return OpOp();
    }));
    errors.expect(good, "instantiate");
    if (!good)
      continue;
    good = succeeded(verify(*instance));
    errors.expect(good, "instance");
    if (!good)
      continue;
    ++shared->instances;
    PlanOp plan;
    for (PlanOp other : module.getOps<PlanOp>())
      if (other.getOp() == op.getSymName())
        plan = other;
    if (!rooms || !isLaunchable(*instance))
      continue;
    runBackward(*instance, context);
    runRooms(*instance, plan, context);
  }
}

bool runText(StringRef text, MLIRContext &context) {
  llvm::SourceMgr sources;
  OwningOpRef<ModuleOp> module;
  {
    Errors errors(context);
    module = parse(text, sources, context);
    errors.expect(bool(module), "parse");
  }
  if (!module) {
    ++shared->rejected;
    return false;
  }
  ++shared->accepted;
  if (failed(verify(*module)))
    complain("what is accepted does not verify");
  std::string written = print(*module, Form::Written);
  std::string generic = print(*module, Form::Generic);
  expectPrint(written, Form::Written, written, Form::Written, "text", context,
              meaningOf(*module));
  expectPrint(print(*module, Form::Located), Form::Located, written,
              Form::Written, "located form", context);
  expectPrint(generic, Form::Generic, generic, Form::Generic, "generic form",
              context);
  for (OpOp op : module->getOps<OpOp>())
    runOperator(op, *module, context);
  return true;
}

/// A child: texts [begin, end).
[[noreturn]] void runBatch(ArrayRef<std::string> seeds, unsigned begin,
                           unsigned end) {
  rlimit bytes = {rlim_t(memory) << 30, rlim_t(memory) << 30}, none = {0, 0};
  if (memory)
    setrlimit(RLIMIT_AS, &bytes);
  setrlimit(RLIMIT_CORE, &none);
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<GemelDialect, arith::ArithDialect>();
  for (unsigned i = begin; i < end; ++i) {
    shared->index = i;
    alarm(kSecondsEach);
    std::string text = fuzz::mutate(seeds, seed, i);
    bool accepted = runText(text, context);
    // MLIR's parser drops a nested region of a text that it refuses while ops
    // around it may still use its values: what was freed is written to.
    if (!accepted && StringRef(text).contains("^bb"))
      _exit(kAgain);
  }
  _exit(0);
}

/// An operator of every stage, in the forms that print it.
void addStages(OpOp op, std::vector<std::string> &seeds) {
  OwningOpRef<OpOp> instance(op.clone());
  auto bindings = bindingsOf(op);
  auto none = [](StringRef) { return OpOp(); };
  if (failed(instantiate(*instance, bindings.back(), none)) ||
      failed(verify(*instance)))
    return;
  seeds.push_back(print(*instance, Form::Generic));
  if (!isLaunchable(*instance))
    return;
  if (failed(toGroups(*instance, anyMachine(op.getContext()), PlanOp())))
    return;
  seeds.push_back(print(*instance, Form::Written));
  OwningOpRef<ModuleOp> kernels = ModuleOp::create(op.getLoc());
  if (succeeded(tile(*instance, *kernels->getBody())))
    seeds.push_back(print(*kernels, Form::Written));
}

/// The cases of a file: a page's examples, or a text cut at its splits; each
/// as it is, and in the generic form where it is accepted.
void addSeeds(StringRef path, std::vector<std::string> &seeds) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return;
  SmallVector<StringRef> parts, cases;
  StringRef text = (*buffer)->getBuffer();
  if (path.ends_with(".td")) {
    text.split(parts, "```");
    for (size_t i = 1; i < parts.size(); i += 2)
      if (parts[i].consume_front("mlir\n"))
        cases.push_back(parts[i]);
  } else {
    text.split(cases, "// -----");
  }
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<GemelDialect, arith::ArithDialect>();
  for (StringRef one : cases) {
    seeds.push_back(one.str());
    Errors errors(context);
    llvm::SourceMgr sources;
    auto module = parse(one, sources, context);
    if (!module)
      continue;
    seeds.push_back(
        print(*module, seeds.size() % 4 ? Form::Generic : Form::Located));
    for (OpOp op : module->getOps<OpOp>())
      addStages(op, seeds);
  }
}

std::vector<std::string> readSeeds() {
  std::vector<std::string> files, seeds;
  for (const std::string &path : folders) {
    std::error_code error;
    if (!llvm::sys::fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    for (llvm::sys::fs::recursive_directory_iterator it(path, error), end;
         it != end && !error; it.increment(error))
      if (StringRef(it->path()).ends_with(".mlir") ||
          StringRef(it->path()).ends_with(".td"))
        files.push_back(it->path());
  }
  llvm::sort(files);
  for (const std::string &file : files)
    addSeeds(file, seeds);
  return seeds;
}

/// Says how the child ended, and keeps the text.
void report(ArrayRef<std::string> seeds, int status) {
  std::string path =
      (into + "/fuzz-" + Twine(seed) + "-" + Twine(shared->index) + ".mlir")
          .str();
  std::error_code error;
  llvm::raw_fd_ostream(path, error) << fuzz::mutate(seeds, seed, shared->index);
  llvm::outs() << path << ": ";
  if (WIFEXITED(status))
    llvm::outs() << shared->complaint << "\n";
  else if (WTERMSIG(status) == SIGALRM)
    llvm::outs() << "hangs\n";
  else
    llvm::outs() << "crashes: " << strsignal(WTERMSIG(status)) << "\n";
  llvm::outs().flush();
}

} // namespace

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "Gemel's parser, fuzzed\n");
  shared = static_cast<Shared *>(mmap(nullptr, sizeof(Shared),
                                      PROT_READ | PROT_WRITE,
                                      MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  std::vector<std::string> seeds = readSeeds();
  if (seeds.empty()) {
    llvm::errs() << "gemel_parse_fuzz: no seeds\n";
    return 1;
  }
  if (show) {
    for (unsigned i = first; i < first + texts; ++i)
      llvm::outs() << fuzz::mutate(seeds, seed, i);
    return 0;
  }
  auto start = std::chrono::steady_clock::now();
  unsigned failures = 0, next = first, end = first + texts;
  while (next < end) {
    if (seconds && std::chrono::steady_clock::now() - start >
                       std::chrono::seconds(seconds))
      break;
    unsigned last = std::min<unsigned>(next + kBatch, end);
    pid_t child = fork();
    if (child == 0)
      runBatch(seeds, next, last);
    int status = 0;
    waitpid(child, &status, 0);
    next = last;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
      continue;
    next = shared->index + 1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == kAgain)
      continue;
    report(seeds, status);
    ++failures;
  }
  llvm::outs() << next - first << " texts of " << seeds.size()
               << " seeds: " << shared->accepted << " accepted, "
               << shared->rejected << " refused, " << shared->instances
               << " instances, " << shared->backwards << " backwards, "
               << shared->kernels << " kernels, " << failures << " failures\n";
  return failures != 0 || next == first;
}
