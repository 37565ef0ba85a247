// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vendors' tools at work on the code of several operators at a time.

#include "codegen/AssemblyQueue.h"

#include "mlir/IR/Diagnostics.h"

using namespace gemel;

void AssemblyQueue::add(std::unique_ptr<KernelWriter> writer, DeviceCode code,
                        mlir::Location loc, std::vector<DeviceCode> &into) {
  jobs.push_back({std::move(writer), std::move(code), loc, &into, {}});
  pool.async([&job = jobs.back()] {
    job.done = job.writer->assemble(job.code, job.reports);
    job.writer.reset();
  });
}

llvm::LogicalResult AssemblyQueue::finish() {
  pool.wait();
  bool done = true;
  for (Job &job : jobs) {
    for (const auto &[isError, text] : job.reports)
      (isError ? mlir::emitError(job.loc) : mlir::emitRemark(job.loc)) << text;
    done &= job.done;
    job.into->push_back(std::move(job.code));
  }
  jobs.clear();
  return llvm::success(done);
}
