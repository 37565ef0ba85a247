// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches one variant of an operator, over code of the caller's.
#ifndef GEMEL_TEST_MUTATION_CUDA_LAUNCH_H
#define GEMEL_TEST_MUTATION_CUDA_LAUNCH_H

#include <gemel/runtime.h>

#include <optional>
#include <string>
#include <vector>

namespace mutation {

/// What the simulated driver offers beside a driver's functions.
struct Simulator {
  explicit Simulator(const char *path);
  const char *(*report)();
  unsigned long long (*instructions)();
  void (*reset)();
};

/// What a run left: bytes of all results and inouts, or why there are none.
struct Outcome {
  std::string failure;
  std::vector<std::vector<uint8_t>> arrays;
  bool operator==(const Outcome &) const = default;
};

/// Rows that follow each other.
inline constexpr int64_t kRows = 2;

/// Terms of a product: five steps of a matrix kernel, more than its stages, and
/// a rest.
inline constexpr int64_t kTerms = 5 * 32 + 8;

/// One variant of an operator at the sizes that reach it.
class Target {
public:
  /// `unasked`: the size of axes that no variant asks anything of, or
  /// a multiple only.
  Target(const Simulator &simulator, gemel_device *device,
         const gemel_op_desc &op, int32_t variant, int64_t unasked);

  /// The variant's kernels.
  std::vector<std::string> kernels() const;
  /// The op's PTX for the variant's target; null where it has none.
  const char *text() const;
  /// Bytes of all arrays, at most.
  double bytes() const;
  /// "T=3 N=1032".
  std::string shape() const;
  /// Loads `text` and launches it on inputs that are always the same.
  Outcome run(const std::string &text) const;

private:
  const Simulator &simulator;
  gemel_device *device;
  const gemel_op_desc &op;
  const gemel_variant_desc &variant;
  std::vector<int64_t> sizes; ///< of the op's axes
};

} // namespace mutation

#endif // GEMEL_TEST_MUTATION_CUDA_LAUNCH_H
