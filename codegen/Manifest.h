// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes an operator library's manifest and its C header.

#ifndef GEMEL_CODEGEN_MANIFEST_H
#define GEMEL_CODEGEN_MANIFEST_H

#include "codegen/Compiler.h"

#include "llvm/IR/Module.h"

namespace gemel {

/// Adds the tables of the runtime's library.h to `module`, under `symbol`.
void emitManifest(llvm::ArrayRef<LibraryOp> ops, llvm::Module &module,
                  llvm::StringRef symbol);

/// The header of a library: one typed function an operator. `stem` names the
/// include guard; `manifest` the symbol to link statically, empty if none.
void writeHeader(llvm::ArrayRef<LibraryOp> ops, llvm::StringRef stem,
                 llvm::StringRef manifest, llvm::raw_ostream &os);

/// gemel_dtype of an element.
int32_t dtypeCode(mlir::Type element);

} // namespace gemel

#endif // GEMEL_CODEGEN_MANIFEST_H
