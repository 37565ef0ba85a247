// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vendors' tools at work on the code of several operators at a time.

#ifndef GEMEL_CODEGEN_ASSEMBLYQUEUE_H
#define GEMEL_CODEGEN_ASSEMBLYQUEUE_H

#include "codegen/Target.h"

#include "llvm/Support/ThreadPool.h"

#include <deque>

namespace gemel {

class AssemblyQueue {
public:
  /// So many tools at a time; 0: one for each core of this machine.
  explicit AssemblyQueue(unsigned jobs)
      : pool(llvm::hardware_concurrency(jobs)) {}

  /// Has `writer` make binary what it has finished. The code goes to `into`,
  /// which is there until `finish`.
  void add(std::unique_ptr<KernelWriter> writer, DeviceCode code,
           mlir::Location loc, std::vector<DeviceCode> &into);
  /// Waits for all; then reports, in the order they were added in, what tools
  /// had to say.
  llvm::LogicalResult finish();

private:
  struct Job {
    std::unique_ptr<KernelWriter> writer;
    DeviceCode code;
    mlir::Location loc;
    std::vector<DeviceCode> *into;
    Reports reports;
    bool done = false;
  };
  std::deque<Job> jobs; // they stay where they are
  llvm::DefaultThreadPool pool;
};

} // namespace gemel

#endif // GEMEL_CODEGEN_ASSEMBLYQUEUE_H
