// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches compiled operators through the runtime, as a trainer does.

#ifndef GEMEL_CODEGEN_CHECK_LAUNCHER_H
#define GEMEL_CODEGEN_CHECK_LAUNCHER_H

#include "codegen/reference/Buffer.h"
#include "dialect/ModuleOps.h"

#include <memory>

struct gemel_device;

namespace gemel::check {

class Launcher {
public:
  Launcher();
  ~Launcher();
  bool open(llvm::StringRef path, std::string &error);

  /// Names the simulated drivers, and the compiler of the simulated CANN, in
  /// the environment, where neither these nor others are named.
  static void nameSimulators();
  /// The device that runs code for `target`, opened at the first call: "cpu:1"
  /// or "cpu:2" by `way`, or a vendor's. Null with a sentence.
  gemel_device *device(llvm::StringRef target, int way, std::string &error);
  /// What memory holds before: NaN for floats, large numbers for integers.
  static constexpr int kPoison = 0xFF;

  /// The two ways in which a target is launched: with arrays as aligned as any
  /// variant may want, on cpu on one thread; and with arrays that are aligned
  /// to their elements only, which other variants take, on cpu on two threads.
  static constexpr int kWays = 2;

  /// Launches operator `name`; results, workspaces and what lies around every
  /// array are bytes of `poison` first. `op` is the instance whose header says
  /// the arrays. False with a sentence.
  bool launch(OpOp op, llvm::StringRef name, llvm::StringRef target, int way,
              llvm::ArrayRef<reference::Buffer> inputs,
              const llvm::StringMap<int64_t> &sizes, int poison,
              std::vector<reference::Buffer> &outputs, std::string &error);

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace gemel::check

#endif // GEMEL_CODEGEN_CHECK_LAUNCHER_H
