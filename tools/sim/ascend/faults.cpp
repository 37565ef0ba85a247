// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What scalar code does wrong on the host: a signal becomes a report.

#include "faults.h"

#include "launch.h"

#include <csignal>
#include <cstring>

namespace ascendsim {

namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
struct sigaction before[std::size(kSignals)];
uint8_t handlerStack[64 << 10];

void onSignal(int signal, siginfo_t *, void *) {
  Core *core = currentCore();
  if (!core) {
    // Not a kernel's: as it would have been.
    for (size_t i = 0; i < std::size(kSignals); ++i)
      if (kSignals[i] == signal)
        sigaction(signal, &before[i], nullptr);
    raise(signal);
    return;
  }
  Instruction in;
  in.core = core;
  in.op = cce_op_query;
  in.spec = &specOf(in.op);
  in.file = core->lastFile;
  in.line = core->lastLine;
  fail(in, kTrapped, "after the last instruction at this line scalar code %s",
       signal == SIGFPE
           ? "divides by zero, or the most negative number by -1"
           : "uses a pointer to nothing of its own, or too much stack");
}

} // namespace

FaultGuard::FaultGuard() {
  stack_t stack{};
  stack.ss_sp = handlerStack;
  stack.ss_size = sizeof handlerStack;
  sigaltstack(&stack, &stackBefore);
  struct sigaction action{};
  action.sa_sigaction = onSignal;
  // The handler is left by a jump.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (size_t i = 0; i < std::size(kSignals); ++i)
    sigaction(kSignals[i], &action, &before[i]);
}

FaultGuard::~FaultGuard() {
  for (size_t i = 0; i < std::size(kSignals); ++i)
    sigaction(kSignals[i], &before[i], nullptr);
  sigaltstack(&stackBefore, nullptr);
}

} // namespace ascendsim
