// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Synchronisation in PTX text: where it stands, and the text without it.
#ifndef GEMEL_TEST_MUTATION_CUDA_PTX_H
#define GEMEL_TEST_MUTATION_CUDA_PTX_H

#include <string>
#include <vector>

namespace mutation {

/// One synchronisation that may be removed.
struct Mutant {
  size_t line;             ///< of the PTX text, from 1
  std::string kernel;      ///< that it stands in
  std::string instruction; ///< as it stands there
  std::string source;      ///< "line:column" of the operator's text
};

/// The text with all kernels but `kernels` blanked: lines keep their numbers.
std::string onlyKernels(const std::string &text,
                        const std::vector<std::string> &kernels);

/// All mutants of a text, in order of lines.
std::vector<Mutant> mutantsOf(const std::string &text);

/// The text without the mutant's instruction.
std::string mutated(const std::string &text, const Mutant &mutant);

/// Each barrier stands twice on its line: one of the two is needless.
std::string withBarriersTwice(const std::string &text);

} // namespace mutation

#endif // GEMEL_TEST_MUTATION_CUDA_PTX_H
