// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the compiler asks of a target, and the table of targets.

#ifndef GEMEL_CODEGEN_TARGET_H
#define GEMEL_CODEGEN_TARGET_H

#include "dialect/ModuleOps.h"
#include "dialect/TileOps.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>

namespace gemel {

/// One launch of one variant, as it stands in the manifest.
struct Launch {
  std::string name;
  llvm::SmallVector<std::pair<int32_t, int32_t>> work; ///< axis, step
  int64_t grain;
  std::string symbol;
  bool onHost = false;     ///< the symbol is a function of the library itself
  int64_t threads = 1;     ///< of a block of `grain` work items, on a device
  int64_t sharedBytes = 0; ///< of a block
  int64_t blocks = 0;      ///< side by side, where they have no threads
  int64_t unit = 0;        ///< the runtime's gemel_unit
  bool waits = false;      ///< itself for the launch before it
};

/// What a variant's code relies on beside the operator's own facts. A launch
/// takes the first variant whose facts hold.
struct Specialisation {
  int64_t alignment = 1; ///< bytes, of every array
  struct Fact {
    mlir::StringAttr axis;
    int64_t multiple, maximum;
  };
  llvm::SmallVector<Fact> facts;
  /// Rows are summed in a launch of their own, not while they stay.
  bool apart = false;
};

/// Code of an operator for a device: as text that its driver compiles, or as
/// what the vendor's assembler made of that.
struct DeviceCode {
  std::string target, text, binary;
  /// The runtime's gemel_code_kind of both.
  struct Kind {
    const char *name;
    int32_t number;
  };
  Kind textKind, binaryKind;
  /// Of each kernel what the assembler says that it takes.
  llvm::StringMap<std::string> resources;
};

/// Writes the kernels of one operator for one chip; beside other writers, but
/// for those whose kernels are the host's.
class KernelWriter {
public:
  virtual ~KernelWriter() = default;
  /// Before the kernels of a variant. The bytes that a launch hands over
  /// between units of the device: memory beside the variant's workspaces, in
  /// the slot behind them; 0: no such slot.
  virtual int64_t begin(llvm::ArrayRef<KernelOp>) { return 0; }
  /// Adds a kernel under `launch.symbol`; fills in what `launch` says of its
  /// code. False if its tiles do not fit the chip, and `mustFit` is not set.
  /// Fails after a report.
  virtual llvm::FailureOr<bool> add(KernelOp kernel, OpOp op, Launch &launch,
                                    bool mustFit) = 0;
  /// Takes out what was added for `launch`: its variant is planned again. Only
  /// where rows are summed while they stay may kernels of a plan be others than
  /// those of one with fewer positions.
  virtual void drop(const Launch &) {
    llvm_unreachable("a plan with fewer positions has the same kernels");
  }
  /// Prints the kernels in the target's own dialect, if it has one; false, and
  /// nothing, if not.
  virtual bool print(llvm::raw_ostream &) const { return false; }
  /// After the last kernel: the code that the library carries for the device,
  /// as text, and binary where that is wanted and the vendor's tool is
  /// installed; false, and nothing, if the kernels are functions of the library
  /// itself. Fails after a report at `loc`.
  virtual llvm::FailureOr<bool> finish(mlir::Location loc,
                                       DeviceCode &code) = 0;
};

/// Whether code for a device is also made binary, where the vendor's assembler
/// is installed, and what becomes of its warnings, spills among them: remarks,
/// or errors.
enum class Assembly { None, Remarking, Strict };

struct Target {
  llvm::StringRef name;
  /// The device, as the runtime opens it, that runs its code.
  llvm::StringRef device;
  /// Whether its kernels are functions of the library itself.
  bool onHost;
  /// Whether a `dot` is the language's chain of fused multiply-adds for all
  /// operands, so that matrix results are the reference's bits, too.
  bool chainsDots;
  /// Whether its driver takes code as text.
  bool runsText;
  /// Loads the dialects that it lowers through.
  void (*load)(mlir::MLIRContext *context);
  /// As --target spells them.
  llvm::ArrayRef<llvm::StringRef> (*chips)();
  /// The chip as passes see it.
  MachineAttr (*machineOf)(llvm::StringRef chip, mlir::MLIRContext *context);
  /// The variants of an operator, most special first; the last has no facts.
  /// `fused`: the operator's groups, planned without facts.
  llvm::SmallVector<Specialisation> (*specialise)(OpOp fused,
                                                  MachineAttr machine);
  /// `host`: the library's own module.
  std::unique_ptr<KernelWriter> (*writer)(llvm::StringRef chip,
                                          llvm::Module &host,
                                          Assembly assembly);
  /// Rates that were assumed, and of what, for people.
  std::string (*describeRates)(llvm::StringRef chip);
};

/// Every target. Adding one is a folder here and its row there.
llvm::ArrayRef<const Target *> targets();

/// The target of a chip, or null.
const Target *findTarget(llvm::StringRef chip);

/// Loads what code for `chips` is lowered through. Fails, after a report, if
/// one of them is of no target.
llvm::LogicalResult loadTargets(mlir::MLIRContext *context,
                                llvm::ArrayRef<std::string> chips);

/// The chip as passes see it; it must be one.
MachineAttr machineOf(llvm::StringRef chip, mlir::MLIRContext *context);

} // namespace gemel

#endif // GEMEL_CODEGEN_TARGET_H
