// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a kind of device's code is to the test: where synchronisation stands in
// it, sizes that reach it, and a run without one.
#ifndef GEMEL_TEST_MUTATION_MUTANT_H
#define GEMEL_TEST_MUTATION_MUTANT_H

#include "Launch.h"

#include <memory>

namespace mutation {

/// One synchronisation that may be removed.
struct Mutant {
  size_t line;               ///< of the text, from 1
  std::string kernel;        ///< that it stands in
  std::string instruction;   ///< as it stands there
  std::string source;        ///< "line:column" of the operator's text
  size_t partner = 0;        ///< the line that goes with it, or 0
  size_t number = 0;         ///< among its kernel's
  bool byConvention = false; ///< stands though nothing needs it
  /// Stands before what is done of an empty sum alone: of the ways that the
  /// text has, those on which something meets there need a sum that is empty
  /// and is not.
  bool ofEmptySum = false;
  /// Some run came by, and went on without it.
  bool passed = false;
};

/// Whether this is one of those that a sample of every `each`th has.
inline bool isSampled(const std::string &kernel, size_t number, long each) {
  for (char c : kernel)
    number += static_cast<unsigned char>(c);
  return number % static_cast<size_t>(each) == 0;
}

/// The code of one variant of an operator.
class Code {
public:
  virtual ~Code() = default;
  /// In order of lines.
  virtual std::vector<Mutant> mutants() const = 0;
  /// Sizes that reach the variant, the smallest first: a mutant that no run at
  /// one of them tells from the code as it is goes on to the next.
  virtual std::vector<Sizes> shapes() const = 0;
  /// Runs at these sizes, without the mutant's instructions if there is one,
  /// and says in it whether the run came by.
  virtual Outcome run(const Sizes &sizes, Mutant *mutant) = 0;
};

/// Null where the operator has no text for the variant's target.
std::unique_ptr<Code> ptxOf(const Target &target, bool barriersTwice);
std::unique_ptr<Code> cceOf(Target &target);

/// Sizes of a variant of an Ascend chip: rows; parts of a row, which are last
/// axes: an instruction's, a step's, a work item's; more than two runs of a
/// reduction's terms.
std::vector<Sizes> cceShapes(const Target &target);

} // namespace mutation

#endif // GEMEL_TEST_MUTATION_MUTANT_H
