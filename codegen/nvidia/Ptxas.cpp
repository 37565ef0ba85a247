// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The vendor's assembler, where it is installed.

#include "codegen/nvidia/Ptxas.h"

#include "codegen/ObjectFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/SHA256.h"

using namespace gemel;
using namespace gemel::nvidia;
using llvm::SmallString;
using llvm::StringRef;

std::string nvidia::findPtxas() {
  if (auto named = llvm::sys::Process::GetEnv("GEMEL_PTXAS"))
    return *named == "none" ? "" : *named;
  if (auto onPath = llvm::sys::findProgramByName("ptxas"))
    return *onPath;
  if (auto usual =
          llvm::sys::findProgramByName("ptxas", {"/usr/local/cuda/bin"}))
    return *usual;
  return "";
}

void nvidia::readReport(StringRef text, Assembled &result) {
  for (StringRef rest = text; !rest.empty();) {
    StringRef line = rest.split('\n').first;
    rest = rest.split('\n').second;
    // The number that stands before `unit`, or 0.
    auto before = [&](StringRef unit) {
      int64_t number = 0;
      StringRef head = line.take_front(line.find(unit)).rtrim();
      if (head.size() < line.size())
        head.substr(head.find_last_not_of("0123456789") + 1)
            .getAsInteger(10, number);
      return number;
    };
    if (line.contains("Compiling entry function")) {
      result.kernels.emplace_back().symbol =
          line.split('\'').second.split('\'').first.str();
    } else if (line.contains("warning") || line.contains("Performance Loss")) {
      result.warnings.push_back(line.trim().str());
    } else if (!result.kernels.empty()) {
      KernelResources &kernel = result.kernels.back();
      if (line.contains("bytes stack frame")) {
        kernel.stackBytes = before("bytes stack frame");
        kernel.spilledBytes = before("bytes spill stores");
      } else if (line.contains("registers")) {
        kernel.registers = before("registers");
        kernel.sharedBytes = before("bytes smem");
      }
    }
  }
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

/// Names what ptxas would make: its input, its options, itself.
static std::string keyOf(StringRef ptxas, StringRef ptx, const Chip &chip) {
  llvm::SHA256 hash;
  hash.update(ptx);
  hash.update(chip.target);
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(ptxas, status))
    hash.update(
        std::to_string(status.getSize()) + " " +
        std::to_string(
            status.getLastModificationTime().time_since_epoch().count()));
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

static bool read(const llvm::Twine &path, std::string &bytes) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (buffer)
    bytes = (*buffer)->getBuffer().str();
  return static_cast<bool>(buffer);
}

bool nvidia::assemble(const std::string &ptxas, StringRef ptx, const Chip &chip,
                      Assembled &result, std::string &error) {
  SmallString<128> cache = cacheFolder();
  std::string report;
  if (!cache.empty()) {
    llvm::sys::path::append(cache, keyOf(ptxas, ptx, chip));
    if (read(cache + ".cubin", result.cubin) && read(cache + ".log", report)) {
      readReport(report, result);
      return true;
    }
  }
  SmallString<128> folder;
  if (llvm::sys::fs::createUniqueDirectory("gemel-ptxas", folder)) {
    error = "cannot make a temporary folder for ptxas";
    return false;
  }
  std::string input = (folder + "/in.ptx").str(),
              output = (folder + "/out.cubin").str(),
              log = (folder + "/log").str();
  std::string arch = ("-arch=" + chip.target).str();
  bool done = writeFile(input, ptx, error);
  if (done) {
    StringRef arguments[] = {ptxas, "-v",  "--split-compile=0", arch, input,
                             "-o",  output};
    std::optional<StringRef> redirects[] = {StringRef(), StringRef(log),
                                            StringRef(log)};
    std::string problem;
    int status = llvm::sys::ExecuteAndWait(ptxas, arguments, std::nullopt,
                                           redirects, 0, 0, &problem);
    read(log, report);
    done = status == 0 && read(output, result.cubin);
    if (!done)
      error = "'" + ptxas + "' does not assemble what was compiled" +
              (problem.empty() ? "" : " (" + problem + ")") + ": " +
              StringRef(report).substr(0, 600).str();
  }
  llvm::sys::fs::remove_directories(folder);
  if (!done)
    return false;
  readReport(report, result);
  std::string ignored; // a cache that cannot be written costs time only
  if (!cache.empty())
    writeFile((cache + ".log").str(), report, ignored) &&
        writeFile((cache + ".cubin").str(), result.cubin, ignored);
  return true;
}
