// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vendors' compilers and assemblers: runs them, and keeps what they made.

#ifndef GEMEL_CODEGEN_VENDORTOOL_H
#define GEMEL_CODEGEN_VENDORTOOL_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace gemel {

/// A folder that is removed with what is in it.
class TemporaryFolder {
public:
  explicit TemporaryFolder(llvm::StringRef prefix);
  ~TemporaryFolder();
  /// False if it could not be made.
  explicit operator bool() const { return !path.empty(); }
  std::string file(llvm::StringRef name) const;

private:
  llvm::SmallString<128> path;
};

/// What a program makes of some input, read from a cache
/// (XDG_CACHE_HOME/gemel, else ~/.cache/gemel) if it was made before by the
/// same program. A cache that cannot be written costs time only.
class Kept {
public:
  /// `inputs`: all that the output depends on.
  Kept(llvm::StringRef program, llvm::ArrayRef<llvm::StringRef> inputs);
  bool read(llvm::StringRef suffix, std::string &bytes) const;
  void write(llvm::StringRef suffix, llvm::StringRef bytes) const;

private:
  llvm::SmallString<128> path; ///< empty: there is no such place
};

/// Runs a program; `log` gets what it prints. False if it fails, with the
/// beginning of that in `error`, behind `what` it did not do.
bool runTool(llvm::ArrayRef<llvm::StringRef> command, llvm::StringRef what,
             std::string &log, std::string &error);

/// The bytes of a file; false if there is none.
bool readFile(llvm::StringRef path, std::string &bytes);

} // namespace gemel

#endif // GEMEL_CODEGEN_VENDORTOOL_H
