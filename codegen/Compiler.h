// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The compiler's door: a program and options in, an operator library out.

#ifndef GEMEL_CODEGEN_COMPILER_H
#define GEMEL_CODEGEN_COMPILER_H

#include "codegen/Program.h"
#include "codegen/Target.h"
#include "passes/Passes.h"

#include "llvm/Support/raw_ostream.h"

namespace llvm {
class Function;
} // namespace llvm

namespace gemel {

/// The stages whose IR can be printed.
enum class Stage { Instances, Groups, Tiles, Device, Llvm, Assembly };

struct CompileOptions {
  llvm::SmallVector<std::string> targets = {"cpu"};
  Assembly assembly = Assembly::Remarking;
  /// Where kernels are printed in the dialects of their targets, or null.
  llvm::raw_ostream *device = nullptr;
  /// Operators that are compiled for a device at a time, and kernels of such
  /// operators, and parts of the host's code; 0: one for each core of this
  /// machine.
  unsigned jobs = 0;
};

struct Variant {
  std::string target;
  llvm::SmallVector<mlir::Type> binding;
  int64_t alignment; ///< bytes, of every array
  /// Facts beside the operator's: axis, multiple, maximum.
  std::vector<std::tuple<int32_t, int64_t, int64_t>> facts;
  /// Axes of runs: length, the axes they are of. They count after the op's.
  std::vector<std::pair<int64_t, llvm::SmallVector<int32_t>>> runs;
  /// Bytes of an element, axes.
  std::vector<std::pair<int64_t, llvm::SmallVector<int32_t>>> workspaces;
  std::vector<Launch> launches;
};

/// An operator of a library: its header and its closed set of variants.
struct LibraryOp {
  OpOp source;
  mlir::OwningOpRef<OpOp> instance; ///< of the first variant; for `require`
  llvm::SmallVector<bool> exact;    ///< by result, then by inout
  std::vector<Variant> variants;
  std::vector<DeviceCode> code;
  llvm::Function *require = nullptr; ///< decides `require`s; null if none
};

/// Compiles every variant of every launchable operator of the program for every
/// target; kernels of the host go to `host`. Operators are compiled side by
/// side, and give, and report, what they would one after the other. Fails after
/// a report.
llvm::LogicalResult compileOps(Program &program, const CompileOptions &options,
                               llvm::Module &host, std::vector<LibraryOp> &ops);

/// True for an operator that a launch can be made of: one without parameters
/// or results whose dtype variable is a by-value scalar's.
bool isLaunchable(OpOp op);

/// Compiles every launchable operator of the program into one shared library,
/// object file or C file, by the suffix of `output`, with its header beside
/// it. Both are written atomically. Fails after a report.
llvm::LogicalResult compileLibrary(Program &program,
                                   const CompileOptions &options,
                                   llvm::StringRef output);

/// Takes every instance of every target through the rooms and hands over its
/// typed text, its groups, and their kernels.
llvm::LogicalResult
forEachFlow(Program &program, const CompileOptions &options,
            llvm::function_ref<void(OpOp typed, OpOp fused,
                                    llvm::ArrayRef<KernelOp> kernels,
                                    llvm::StringRef target)>
                visit);

/// One instance as its kernels for one target.
struct Flow {
  Instance instance; ///< its body fused
  Tiled tiled;
  mlir::OwningOpRef<mlir::ModuleOp> kernels;
};

/// How often tiles shrink until they are halves: by eighths.
constexpr int64_t kShrinks = 4;

/// Takes one instance through the rooms, up to `last`, under further facts,
/// with tiles of the part of the machine's that `shrink` says: number 0 all, 1
/// seven eighths, 2 six, 3 five, 4 a half, 5 seven eighths of that, and so on.
/// Fails after a report.
llvm::FailureOr<Flow> runRooms(Program &program, OpOp op,
                               llvm::ArrayRef<mlir::Type> binding,
                               llvm::StringRef target, Stage last,
                               const Specialisation &special = {},
                               int64_t shrink = 0);

/// The variants that `target` wants of an instance, most special first.
llvm::FailureOr<llvm::SmallVector<Specialisation>>
specialise(Program &program, OpOp op, llvm::ArrayRef<mlir::Type> binding,
           llvm::StringRef target);

/// Whether a launch at these sizes may take a variant with these facts.
bool holds(const Specialisation &special,
           const llvm::StringMap<int64_t> &sizes);

/// Prints the IR of every instance at a stage.
llvm::LogicalResult emitStage(Program &program, const CompileOptions &options,
                              Stage stage, llvm::raw_ostream &os);

} // namespace gemel

#endif // GEMEL_CODEGEN_COMPILER_H
