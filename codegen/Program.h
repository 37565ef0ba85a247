// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The files of one compilation, and their operators by name.

#ifndef GEMEL_CODEGEN_PROGRAM_H
#define GEMEL_CODEGEN_PROGRAM_H

#include "dialect/Instantiate.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/SourceMgr.h"

namespace gemel {

/// One operator with its dtype variables bound: typed, calls inlined.
struct Instance {
  OpOp source;
  llvm::SmallVector<mlir::Type> binding;
  mlir::OwningOpRef<OpOp> op;
};

/// A value that the backward reads and the text does not save.
struct Weighed {
  std::string name; ///< under which it is saved, if kept
  std::string text; ///< the name that the author gave, or what it is and where
  bool kept;
  double bytesHeld; ///< of the value itself, from forward to backward
  double bytesKept, bytesAgain; ///< moved in training, kept or computed again
};

/// An operator and what is derived of it.
struct Pair {
  OpOp forward;
  /// The forward with the saved values as further results; the forward itself
  /// where nothing is saved.
  OpOp training;
  OpOp backward;   ///< gives the gradients
  OpOp accumulate; ///< adds them to inout f32 arrays
  /// Of each gradient its parameter; parameters whose gradient the text gives;
  /// saved values; all by name.
  llvm::SmallVector<mlir::StringAttr> parameters, given, saved;
  /// Results, each with the backward's parameter for what comes in for it.
  llvm::SmallVector<std::pair<mlir::StringAttr, mlir::StringAttr>> incoming;
  std::vector<Weighed> weighed;
};

class Program {
public:
  explicit Program(mlir::MLIRContext *context);
  ~Program();

  /// Reads a file, or all .mlir files of a folder. Operators of library paths
  /// (`library`) can be called, but are not compiled for themselves. Fails
  /// after a report.
  llvm::LogicalResult add(llvm::StringRef path, bool library);

  /// All operators read from inputs, in order.
  llvm::ArrayRef<OpOp> operators() const { return inputs; }
  /// All checks of the inputs.
  llvm::ArrayRef<CheckOp> checks() const { return checkOps; }
  OpOp lookup(llvm::StringRef name) const { return byName.lookup(name); }
  /// The plan of an operator for a chip, or null.
  PlanOp plan(llvm::StringRef op, llvm::StringRef chip) const;

  /// Takes in the text of an operator derived of `source`, as one of the
  /// inputs: what is compiled is what is printed. Fails after a report if its
  /// name is taken.
  llvm::FailureOr<OpOp> adopt(OpOp derived, OpOp source);

  llvm::FailureOr<Instance> instantiate(OpOp op,
                                        llvm::ArrayRef<mlir::Type> binding);
  mlir::MLIRContext *context;
  std::vector<Pair> pairs;
  /// Sizes of axes by name, for what is decided or told by bytes; of others
  /// one is assumed.
  llvm::StringMap<int64_t> sizes;

private:
  llvm::LogicalResult addFile(llvm::StringRef path, bool library);

  /// One file's text and operators; diagnostics print from its text.
  struct File;
  std::vector<std::unique_ptr<File>> files;
  llvm::SmallVector<OpOp> inputs;
  llvm::SmallVector<CheckOp> checkOps;
  llvm::SmallVector<PlanOp> plans;
  llvm::StringMap<OpOp> byName;
};

} // namespace gemel

#endif // GEMEL_CODEGEN_PROGRAM_H
