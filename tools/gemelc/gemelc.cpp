// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The compiler's command line: flags to options, artefacts to files.

#include "codegen/Backward.h"
#include "codegen/Compiler.h"
#include "codegen/Explain.h"
#include "codegen/check/Check.h"
#include "dialect/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"

namespace cl = llvm::cl;

static cl::OptionCategory category("gemelc");
static cl::list<std::string> inputs(cl::Positional,
                                    cl::desc("[check] <files or folders>"),
                                    cl::cat(category));
static cl::list<std::string>
    libraryPaths("I", cl::desc("Folder of operators that may be called"),
                 cl::Prefix, cl::cat(category));
static cl::list<std::string>
    targets("target",
            cl::desc("Targets: cpu, cpu-v4, sm_80, sm_90, sm_90a, ascend910b, "
                     "ascend910b1 to b4, ascend910c (default cpu)"),
            cl::CommaSeparated, cl::cat(category));
static cl::list<std::string>
    backward("backward",
             cl::desc("Derive the backward too, of the operators named or of "
                      "all that have one"),
             cl::ValueOptional, cl::CommaSeparated, cl::cat(category));
static cl::opt<std::string>
    output("o",
           cl::desc("Library to write: name.so, .o or .c, header beside "
                    "it"),
           cl::cat(category));
static cl::opt<bool> quiet("quiet",
                           cl::desc("check: print only misses and the counts"),
                           cl::cat(category));
static cl::opt<bool> interpreted(
    "interpreted",
    cl::desc("check: only the stages that need no compiling for a target"),
    cl::cat(category));
static cl::opt<std::string>
    emit("emit",
         cl::desc("Print a stage: backward, instances, groups, tiles, cce, "
                  "llvm or asm"),
         cl::cat(category));
static cl::opt<bool>
    explainFlag("explain",
                cl::desc("Print launches, bytes, work, plan and predicted "
                         "times"),
                cl::cat(category));
static cl::opt<bool>
    remarks("remarks", cl::desc("Print what could not be optimised, and why"),
            cl::cat(category));
static cl::opt<bool>
    strict("strict",
           cl::desc("What a device's assembler warns of, spills among it, is "
                    "an error"),
           cl::cat(category));
static cl::opt<unsigned> jobs(
    "jobs",
    cl::desc(
        "Cases of a check, or operators and their kernels, that are worked on "
        "at a time (default: the cores of this machine)"),
    cl::cat(category));
static cl::list<std::string>
    sizes("size",
          cl::desc("Size of an axis, A=n (default 1024), for what "
                   "--explain counts and --backward keeps"),
          cl::CommaSeparated, cl::cat(category));

/// Diagnostics as compilers print them: file:line:column, the line, a caret.
static void installHandler(mlir::MLIRContext &context) {
  context.printOpOnDiagnostic(false);
  context.getDiagEngine().registerHandler([](mlir::Diagnostic &diagnostic) {
    // One operator is compiled for many dtypes and targets.
    static llvm::StringSet<> seen;
    std::string text;
    llvm::raw_string_ostream os(text);
    os << static_cast<int>(diagnostic.getSeverity()) << diagnostic.getLocation()
       << diagnostic;
    for (mlir::Diagnostic &note : diagnostic.getNotes())
      os << note.getLocation() << note;
    bool isRemark =
        diagnostic.getSeverity() == mlir::DiagnosticSeverity::Remark;
    if ((isRemark && !remarks) || !seen.insert(text).second)
      return mlir::success();
    auto print = [](mlir::Diagnostic &d) {
      mlir::Location loc = d.getLocation();
      while (auto name = mlir::dyn_cast<mlir::NameLoc>(loc))
        loc = name.getChildLoc();
      llvm::raw_ostream &os = llvm::errs();
      unsigned line = 0, column = 0;
      llvm::StringRef file;
      if (auto place = mlir::dyn_cast<mlir::FileLineColLoc>(loc)) {
        file = place.getFilename().getValue();
        line = place.getLine();
        column = place.getColumn();
        os << file << ":";
        if (line)
          os << line << ":" << column << ":";
        os << " ";
      } else {
        os << "gemelc: ";
      }
      os << (d.getSeverity() == mlir::DiagnosticSeverity::Error ? "error: "
             : d.getSeverity() == mlir::DiagnosticSeverity::Warning
                 ? "warning: "
             : d.getSeverity() == mlir::DiagnosticSeverity::Note ? "note: "
                                                                 : "remark: ")
         << d.str() << "\n";
      auto buffer = line ? llvm::MemoryBuffer::getFile(file)
                         : llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>>(
                               std::error_code());
      if (!buffer || !*buffer)
        return;
      llvm::StringRef rest = (*buffer)->getBuffer();
      for (unsigned i = 1; i < line; ++i)
        rest = rest.split('\n').second;
      os << "  " << rest.split('\n').first << "\n";
      os.indent(column + 1) << "^\n";
    };
    print(diagnostic);
    for (mlir::Diagnostic &note : diagnostic.getNotes())
      print(note);
    return mlir::success();
  });
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "Gemel's compiler\n");
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<gemel::GemelDialect, mlir::arith::ArithDialect>();
  installHandler(context);

  std::vector<std::string> files(inputs.begin(), inputs.end());
  bool check = !files.empty() && files[0] == "check";
  if (check)
    files.erase(files.begin());
  if (files.empty()) {
    llvm::errs() << "gemelc: error: no input; see gemelc --help\n";
    return 1;
  }
  gemel::Program program(&context);
  for (const std::string &file : files)
    if (mlir::failed(program.add(file, /*library=*/false)))
      return 1;
  for (const std::string &folder : libraryPaths)
    if (mlir::failed(program.add(folder, /*library=*/true)))
      return 1;
  llvm::SmallVector<std::string> names(targets.begin(), targets.end());
  if (names.empty())
    names.push_back("cpu");

  for (const std::string &size : sizes) {
    auto [axis, text] = llvm::StringRef(size).split('=');
    int64_t value;
    if (text.getAsInteger(10, value) || value < 0) {
      llvm::errs() << "gemelc: error: '" << size
                   << "' is no size; write --size=A=n\n";
      return 1;
    }
    program.sizes[axis] = value;
  }

  if (backward.getNumOccurrences() || emit == "backward") {
    std::vector<std::string> ops;
    llvm::copy_if(backward, std::back_inserter(ops),
                  [](const std::string &name) { return !name.empty(); });
    if (mlir::failed(gemel::deriveBackwards(program, ops)))
      return 1;
  }
  if (check) {
    gemel::check::Options options;
    options.targets = names;
    options.quiet = quiet;
    options.interpreted = interpreted;
    options.jobs = jobs;
    gemel::check::Summary summary;
    if (mlir::failed(
            gemel::check::runChecks(program, options, llvm::outs(), summary)))
      return 1;
    return summary.misses ? 1 : 0;
  }
  gemel::CompileOptions options;
  options.targets = names;
  options.jobs = jobs;
  if (strict)
    options.assembly = gemel::Assembly::Strict;
  if (!emit.empty()) {
    llvm::StringRef name = emit;
    if (name == "backward") {
      gemel::emitBackwards(program, llvm::outs());
      return 0;
    }
    std::optional<gemel::Stage> stage;
    if (name == "instances")
      stage = gemel::Stage::Instances;
    else if (name == "groups")
      stage = gemel::Stage::Groups;
    else if (name == "tiles")
      stage = gemel::Stage::Tiles;
    else if (name == "cce")
      stage = gemel::Stage::Device;
    else if (name == "llvm")
      stage = gemel::Stage::Llvm;
    else if (name == "asm")
      stage = gemel::Stage::Assembly;
    if (!stage) {
      llvm::errs()
          << "gemelc: error: there is no stage '" << name
          << "'; stages are backward, instances, groups, tiles, cce, llvm "
             "and asm\n";
      return 1;
    }
    return mlir::failed(
        gemel::emitStage(program, options, *stage, llvm::outs()));
  }
  if (explainFlag) {
    return mlir::failed(gemel::explain(program, options, llvm::outs()));
  }
  if (output.empty()) {
    llvm::errs() << "gemelc: error: no output; give -o name.so, or --emit\n";
    return 1;
  }
  // The linker resets every flag of the process, this one too.
  std::string path = output;
  return mlir::failed(gemel::compileLibrary(program, options, path));
}
