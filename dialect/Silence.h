// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Attempts that may fail without a word.

#ifndef GEMEL_DIALECT_SILENCE_H
#define GEMEL_DIALECT_SILENCE_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Threading.h"

namespace gemel {

/// What this thread reports goes nowhere, for as long as this lives; what
/// others report at the same time goes where it went.
class Silence {
public:
  explicit Silence(mlir::MLIRContext *context)
      : handler(context, [thread = llvm::get_threadid()](mlir::Diagnostic &) {
          return mlir::success(llvm::get_threadid() == thread);
        }) {}

private:
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace gemel

#endif // GEMEL_DIALECT_SILENCE_H
