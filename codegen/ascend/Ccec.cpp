// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The vendor's compiler of CCE C, where it is installed.

#include "codegen/ascend/Ccec.h"

#include "codegen/ObjectFile.h"
#include "codegen/VendorTool.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

using namespace gemel;
using llvm::SmallString;
using llvm::StringRef;

std::string ascend::findCcec() {
  if (auto named = llvm::sys::Process::GetEnv("GEMEL_CCEC"))
    return *named == "none" ? "" : *named;
  if (auto onPath = llvm::sys::findProgramByName("ccec"))
    return *onPath;
  for (const char *variable : {"ASCEND_HOME_PATH", "ASCEND_TOOLKIT_HOME"})
    if (auto toolkit = llvm::sys::Process::GetEnv(variable)) {
      SmallString<128> folder(*toolkit);
      llvm::sys::path::append(folder, "compiler", "ccec_compiler", "bin");
      if (auto found = llvm::sys::findProgramByName("ccec", {folder}))
        return *found;
    }
  return "";
}

bool ascend::compileCce(const std::string &ccec, StringRef text,
                        std::string &object, std::string &error) {
  // asc-devkit, ascendc_compile_v220.py: the flags of operator builds.
  static constexpr StringRef kArch = "--cce-aicore-arch=dav-c220-vec";
  Kept kept(ccec, {text, kArch});
  if (kept.read(".ascend", object))
    return true;
  TemporaryFolder folder("gemel-ccec");
  if (!folder) {
    error = "cannot make a temporary folder for ccec";
    return false;
  }
  SmallString<128> linker(ccec);
  llvm::sys::path::remove_filename(linker);
  llvm::sys::path::append(linker, "ld.lld");
  std::string input = folder.file("k.cce"), middle = folder.file("k.o"),
              output = folder.file("k.bin"), log;
  StringRef compile[] = {ccec,
                         "-c",
                         "-O2",
                         "-std=c++17",
                         "-x",
                         "cce",
                         input,
                         kArch,
                         "--cce-aicore-only",
                         "-mllvm",
                         "-cce-aicore-stack-size=0x8000",
                         "-mllvm",
                         "-cce-aicore-function-stack-size=0x8000",
                         "-mllvm",
                         "-cce-aicore-record-overflow=false",
                         "-mllvm",
                         "-cce-aicore-dcci-insert-for-scalar=false",
                         "-o",
                         middle};
  StringRef link[] = {linker, "-m",      "aicorelinux", "-Ttext=0",
                      middle, "-static", "-o",          output};
  constexpr StringRef kWhat = "does not take what was compiled";
  if (!writeFile(input, text, error) || !runTool(compile, kWhat, log, error) ||
      !runTool(link, kWhat, log, error))
    return false;
  if (!readFile(output, object)) {
    error = "'" + ccec + "' wrote no object";
    return false;
  }
  kept.write(".ascend", object);
  return true;
}
