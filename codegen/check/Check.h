// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs every case of a program's checks at every stage against the reference.

#ifndef GEMEL_CODEGEN_CHECK_CHECK_H
#define GEMEL_CODEGEN_CHECK_CHECK_H

#include "codegen/Compiler.h"

namespace gemel::check {

struct Options {
  llvm::SmallVector<std::string> targets = {"cpu"};
  bool quiet = false; ///< only misses and the last line
  /// Only the stages that are interpreted: nothing is compiled or launched.
  bool interpreted = false;
  /// Cases, and vendors' tools before, that run at a time; 0: one for each core
  /// of this machine.
  unsigned jobs = 0;
};

/// What was compared.
struct Summary {
  int64_t operators = 0, cases = 0, stages = 0;
  int64_t exact = 0;     ///< arrays compared to the bit
  int64_t tolerance = 0; ///< arrays compared in ulp with f64
  int64_t gradients = 0; ///< arrays compared with finite differences
  int64_t misses = 0;

  Summary &operator+=(const Summary &o) {
    operators += o.operators, cases += o.cases, stages += o.stages;
    exact += o.exact, tolerance += o.tolerance, gradients += o.gradients;
    misses += o.misses;
    return *this;
  }
};

/// Prints one line an operator, binding and case, and a last line of counts.
/// Stages: `text` (the reference against the elements a case expects), `f64`
/// (the reference against f64, within the check's tolerance), `groups` (fused,
/// interpreted), `tiles:TARGET` (tiled for a target, interpreted), and each
/// target, compiled and launched by the runtime on one thread and on two. What
/// was derived of an operator takes the same stages, on what the operator's
/// case gives it, and `gradient`: its text in f64 against finite differences of
/// the operator in f64. Fails after a report if something cannot be run.
llvm::LogicalResult runChecks(Program &program, const Options &options,
                              llvm::raw_ostream &os, Summary &summary);

} // namespace gemel::check

#endif // GEMEL_CODEGEN_CHECK_CHECK_H
