// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vendors' compilers and assemblers: runs them, and keeps what they made.

#include "codegen/VendorTool.h"

#include "codegen/ObjectFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/SHA256.h"

using namespace gemel;
using llvm::SmallString;
using llvm::StringRef;

TemporaryFolder::TemporaryFolder(StringRef prefix) {
  if (llvm::sys::fs::createUniqueDirectory(prefix, path))
    path.clear();
}

TemporaryFolder::~TemporaryFolder() {
  if (!path.empty())
    llvm::sys::fs::remove_directories(path);
}

std::string TemporaryFolder::file(StringRef name) const {
  return (path + "/" + name).str();
}

/// Where results of earlier runs are; empty if there is no such place.
static SmallString<128> cacheFolder() {
  SmallString<128> folder;
  if (auto xdg = llvm::sys::Process::GetEnv("XDG_CACHE_HOME"))
    folder = *xdg;
  else if (llvm::sys::path::home_directory(folder))
    llvm::sys::path::append(folder, ".cache");
  if (folder.empty())
    return folder;
  llvm::sys::path::append(folder, "gemel");
  if (llvm::sys::fs::create_directories(folder))
    folder.clear();
  return folder;
}

Kept::Kept(StringRef program, llvm::ArrayRef<StringRef> inputs)
    : path(cacheFolder()) {
  if (path.empty())
    return;
  llvm::SHA256 hash;
  for (StringRef input : inputs)
    hash.update(input);
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(program, status))
    hash.update(
        std::to_string(status.getSize()) + " " +
        std::to_string(
            status.getLastModificationTime().time_since_epoch().count()));
  llvm::sys::path::append(path, llvm::toHex(hash.final(), /*LowerCase=*/true));
}

bool gemel::readFile(StringRef path, std::string &bytes) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (buffer)
    bytes = (*buffer)->getBuffer().str();
  return static_cast<bool>(buffer);
}

bool Kept::read(StringRef suffix, std::string &bytes) const {
  return !path.empty() && readFile((path + suffix).str(), bytes);
}

void Kept::write(StringRef suffix, StringRef bytes) const {
  std::string ignored;
  if (!path.empty())
    writeFile((path + suffix).str(), bytes, ignored);
}

bool gemel::runTool(llvm::ArrayRef<StringRef> command, StringRef what,
                    std::string &log, std::string &error) {
  TemporaryFolder folder("gemel-log");
  std::string path = folder.file("log"), problem;
  std::optional<StringRef> redirects[] = {StringRef(), StringRef(path),
                                          StringRef(path)};
  int status = llvm::sys::ExecuteAndWait(command[0], command, std::nullopt,
                                         redirects, 0, 0, &problem);
  readFile(path, log);
  if (status == 0)
    return true;
  error = ("'" + command[0] + "' " + what).str() +
          (problem.empty() ? "" : " (" + problem + ")") + ": " +
          StringRef(log).substr(0, 600).str();
  return false;
}
