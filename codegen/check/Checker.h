// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The state of one run of checks.

#ifndef GEMEL_CODEGEN_CHECK_CHECKER_H
#define GEMEL_CODEGEN_CHECK_CHECKER_H

#include "codegen/check/Case.h"
#include "codegen/check/Check.h"
#include "codegen/check/Launcher.h"

namespace gemel::check {

/// One case of one binding: what is run, and what it has to give.
struct Trial {
  OpOp source; ///< as written
  OpOp op;     ///< instantiated
  llvm::SmallVector<mlir::Type> binding;
  Case made;
  std::vector<reference::Buffer> expected; ///< the reference's outputs
  /// The reference's for a target whose passes put values of the matrix class
  /// in another order: what the stages of a compile for it give.
  llvm::StringMap<std::vector<reference::Buffer>> reordered = {};
  /// What a target gave first, where its matrix results have bits of its own:
  /// the same ones whatever the variant, the repetition or the batch.
  llvm::StringMap<std::vector<reference::Buffer>> measured = {};
};

class Checker {
public:
  Checker(Program &program, const Options &options, llvm::raw_ostream &out,
          Summary &summary)
      : program(program), options(options), out(out), summary(summary) {}
  llvm::LogicalResult run();

private:
  // Check.cpp: the stages of a compile.
  /// All cases, shared out among processes.
  llvm::LogicalResult runCases();
  llvm::LogicalResult runCase(CheckOp check, CaseOp text, OpOp source,
                              llvm::ArrayRef<mlir::Type> binding);
  void runText(const Trial &trial);
  llvm::LogicalResult runTolerance(const Trial &trial, TolOp tolerance);
  llvm::LogicalResult reorder(Trial &trial, CheckOp check,
                              llvm::StringRef target);
  llvm::LogicalResult runGroups(const Trial &trial);
  void runTiles(const Trial &trial, llvm::StringRef target);
  void runTarget(Trial &trial, CheckOp check, llvm::StringRef target, int way);

  llvm::LogicalResult runStages(Trial &trial, CheckOp check);
  /// Compares what a target gave first: matrix results by tolerance, where
  /// their bits are its own, and notes them.
  void compareFirst(Trial &trial, CheckOp check, llvm::StringRef target,
                    llvm::StringRef stage,
                    std::vector<reference::Buffer> outputs);
  /// Matrix results within their tolerance of f64's, others to the bit. False:
  /// f64 cannot tell.
  bool compareToF64(Trial &trial, CheckOp check, llvm::StringRef stage,
                    llvm::ArrayRef<reference::Buffer> outputs);
  /// The bits of stages of a compile for `target`.
  static llvm::ArrayRef<reference::Buffer> expectedIn(const Trial &trial,
                                                      llvm::StringRef target);
  /// The bits that `target` has to give again.
  static llvm::ArrayRef<reference::Buffer> expectedOn(const Trial &trial,
                                                      llvm::StringRef target);

  // Gradients.cpp: what was derived of an operator.
  /// `expected`: what the forward gives.
  llvm::LogicalResult runPair(CheckOp check, CaseOp text, const Pair &pair,
                              llvm::ArrayRef<mlir::Type> binding,
                              llvm::ArrayRef<reference::Buffer> expected);
  llvm::LogicalResult runDerived(CheckOp check, CaseOp text, OpOp derived,
                                 Trial &trial);
  llvm::LogicalResult runGradient(CaseOp text, const Pair &pair,
                                  llvm::ArrayRef<mlir::Type> binding);

  // Obligations.cpp: what `must` asks for beside.
  void runObligations(const Trial &trial, CheckOp check);
  void runRepeat(const Trial &trial, llvm::StringRef target);
  void runBatch(const Trial &trial, llvm::StringRef target);
  void runPlan(const Trial &trial, llvm::StringRef target,
               llvm::StringRef stage, MachineAttr machine);

  void compare(OpOp op, llvm::StringRef stage,
               llvm::ArrayRef<reference::Buffer> actual,
               llvm::ArrayRef<reference::Buffer> expected);
  /// Counts and prints a stage.
  void report(llvm::StringRef stage, bool good);
  /// Prints the line of a case and what missed.
  void printLine(OpOp source, llvm::ArrayRef<mlir::Type> binding, CaseOp text);

  Program &program;
  const Options &options;
  llvm::raw_ostream &out;
  Summary &summary;
  Launcher launcher;
  std::string line, misses;
  std::string printed; ///< of a case
  /// Cases whose backward has met its finite differences.
  llvm::DenseSet<std::pair<mlir::Operation *, mlir::Operation *>> proved;
};

} // namespace gemel::check

#endif // GEMEL_CODEGEN_CHECK_CHECKER_H
