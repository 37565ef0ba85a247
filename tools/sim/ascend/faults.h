// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What scalar code does wrong on the host: a signal becomes a report.

#ifndef GEMEL_SIM_ASCEND_FAULTS_H
#define GEMEL_SIM_ASCEND_FAULTS_H

#include <csignal>

namespace ascendsim {

/// While it lives, faults of kernels end their launch and not the process.
struct FaultGuard {
  FaultGuard();
  ~FaultGuard();

private:
  stack_t stackBefore;
};

} // namespace ascendsim

#endif
