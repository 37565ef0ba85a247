// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches one variant of an operator, over code of the caller's.
#ifndef GEMEL_TEST_MUTATION_LAUNCH_H
#define GEMEL_TEST_MUTATION_LAUNCH_H

#include <gemel/runtime.h>

#include <string>
#include <vector>

namespace mutation {

/// What a simulated driver offers beside a driver's functions.
class Simulator {
public:
  /// `vendor`: "Cuda", as its functions have it: gemelCudaSimReport.
  Simulator(const char *path, const std::string &vendor);
  /// After so many instructions a launch is over, and has failed. Clears what
  /// is reported.
  void limit(unsigned long long instructions) const;

  const char *(*report)();
  unsigned long long (*instructions)();
  void (*reset)();
  /// Leaves a line of a kernel out until the reset; null if it cannot.
  void (*skip)(const char *kernel, unsigned line);
  /// How many instructions were left out since the reset.
  unsigned long long (*skipped)();

private:
  std::string variable;
};

/// What a run left: bytes of all results and inouts, or why there are none.
struct Outcome {
  std::string failure;
  bool refused = false; ///< by the runtime: sizes that the operator has not
  std::vector<std::vector<uint8_t>> arrays;
  bool operator==(const Outcome &) const = default;
};

using Sizes = std::vector<int64_t>; ///< of the op's axes

/// One variant of an operator.
class Target {
public:
  Target(const Simulator &simulator, gemel_device *device,
         const gemel_op_desc &op, int32_t variant);

  /// The variant's kernels.
  std::vector<std::string> kernels() const;
  /// The op's code of this kind for the variant's target; null where it has
  /// none.
  const gemel_code_desc *code(int32_t kind) const;
  /// Bytes of all arrays, at most.
  double bytes(const Sizes &sizes) const;
  /// "T=3 N=1032".
  std::string shape(const Sizes &sizes) const;
  /// Loads `code` and launches it on inputs that are always the same.
  Outcome run(const gemel_code_desc &code, const Sizes &sizes) const;

  const Simulator &simulator;
  gemel_device *device;
  const gemel_op_desc &op;
  /// What the runtime is told of the variant.
  gemel_variant_desc variant;
  std::vector<gemel_launch_desc> launches;
};

} // namespace mutation

#endif // GEMEL_TEST_MUTATION_LAUNCH_H
