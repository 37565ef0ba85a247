// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Machine code of an LLVM module, linked in process.

#ifndef GEMEL_CODEGEN_OBJECTFILE_H
#define GEMEL_CODEGEN_OBJECTFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"

#include <string>
#include <vector>

namespace gemel {

/// Gives a module the host's triple and data layout.
void prepareModule(llvm::Module &module);

/// Makes functions of a module ones that other files of its library may refer
/// to, and nobody else.
void hideFunctions(llvm::Module &module);

/// Takes the functions of a large module out of it, as bitcode of several
/// modules, which are compiled side by side; their declarations stay. How many
/// depends on the module alone.
std::vector<std::string> takeParts(llvm::Module &module);

/// Optimises and writes an object file. False with a sentence in `error`.
bool writeObject(llvm::Module &module, llvm::StringRef path,
                 std::string &error);

/// Optimises and writes a shared library, with the trailer of the runtime's
/// library.h, of a module and of `parts` taken out of it, side by side as
/// `llvm::parallel::strategy` says. False with a sentence in `error`.
bool writeLibrary(llvm::Module &module, const std::vector<std::string> &parts,
                  llvm::StringRef path, std::string &error);

/// Optimises a module and gives its assembly. False with a sentence in `error`.
bool printAssembly(llvm::Module &module, std::string &text, std::string &error);

/// Writes a file under another name and renames it, so that a reader sees the
/// old one or the whole new one.
bool writeFile(llvm::StringRef path, llvm::StringRef bytes, std::string &error);

} // namespace gemel

#endif // GEMEL_CODEGEN_OBJECTFILE_H
