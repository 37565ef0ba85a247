// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Processes that share pieces of work out among them.

#ifndef GEMEL_CODEGEN_CHECK_PROCESSES_H
#define GEMEL_CODEGEN_CHECK_PROCESSES_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace gemel::check {

/// Does `count` pieces of work in `jobs` processes (0: one for each core of
/// this machine), each piece by whoever is free. `work` says in `result` what
/// came of a piece, which is handed to `take`, here and in the order of the
/// pieces. False, with the reason in `error`, if a process ended too early.
///
/// What is open before (libraries, files) all of them have. One process is this
/// one.
bool inProcesses(
    unsigned jobs, size_t count,
    llvm::function_ref<void(size_t piece, std::string &result)> work,
    llvm::function_ref<void(llvm::StringRef result)> take, std::string &error);

} // namespace gemel::check

#endif // GEMEL_CODEGEN_CHECK_PROCESSES_H
