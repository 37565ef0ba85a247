// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Machine code of an LLVM module, linked in process.

#ifndef GEMEL_CODEGEN_OBJECTFILE_H
#define GEMEL_CODEGEN_OBJECTFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"

#include <string>

namespace gemel {

/// Gives a module the host's triple and data layout.
void prepareModule(llvm::Module &module);

/// Optimises and writes an object file, or a shared library with the trailer
/// of the runtime's library.h. False with a sentence in `error`.
bool writeObject(llvm::Module &module, llvm::StringRef path, bool shared,
                 std::string &error);

/// Optimises a module and gives its assembly. False with a sentence in `error`.
bool printAssembly(llvm::Module &module, std::string &text, std::string &error);

/// Writes a file under another name and renames it, so that a reader sees the
/// old one or the whole new one.
bool writeFile(llvm::StringRef path, llvm::StringRef bytes, std::string &error);

} // namespace gemel

#endif // GEMEL_CODEGEN_OBJECTFILE_H
