// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An operator library's manifest: as data, as object code, as C; its header.

#ifndef GEMEL_CODEGEN_MANIFEST_H
#define GEMEL_CODEGEN_MANIFEST_H

#include "codegen/Compiler.h"

#include "llvm/IR/Module.h"

namespace gemel {

/// A constant of the runtime's library.h. `text`: of a string, a function's
/// name, the C type of a table's rows, or an integer's name in C. `parts`:
/// fields or rows.
struct Entry {
  enum Kind { Integer, Real, Text, Null, Symbol, Record, Table } kind;
  unsigned bits;
  int64_t integer;
  double real;
  std::string text;
  std::vector<Entry> parts;
};

/// The manifest of `ops` and their training pairs, whose kernels are in
/// `module`; adds to it the functions that decide their requirements, and notes
/// them in the ops.
Entry describeLibrary(llvm::MutableArrayRef<LibraryOp> ops,
                      llvm::ArrayRef<Pair> pairs, llvm::Module &module);

/// Adds the tables to `module`, under `symbol`.
void emitManifest(const Entry &manifest, llvm::Module &module,
                  llvm::StringRef symbol);

/// The whole library as one C file: `assembly` of the kernels, the manifest
/// under `symbol` as tables for people.
void writeC(llvm::ArrayRef<LibraryOp> ops, const Entry &manifest,
            llvm::StringRef assembly, llvm::StringRef symbol,
            llvm::raw_ostream &os);

/// The header of a library: one typed function an operator. `stem` names the
/// include guard; `manifest` the symbol to link statically, empty if none.
void writeHeader(llvm::ArrayRef<LibraryOp> ops, llvm::ArrayRef<Pair> pairs,
                 llvm::StringRef stem, llvm::StringRef manifest,
                 llvm::raw_ostream &os);

/// gemel_dtype of an element.
int32_t dtypeCode(mlir::Type element);

/// "file:line" of an operator's text.
std::string sourceOf(mlir::Location loc);

} // namespace gemel

#endif // GEMEL_CODEGEN_MANIFEST_H
