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
using llvm::SmallVector;
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
  // Kernels stand behind guards of their unit.
  SmallVector<StringRef> arches;
  if (text.contains("__DAV_C220_CUBE__"))
    arches.push_back("--cce-aicore-arch=dav-c220-cube");
  if (text.contains("__DAV_C220_VEC__"))
    arches.push_back("--cce-aicore-arch=dav-c220-vec");
  SmallVector<StringRef> key = {text};
  key.append(arches);
  Kept kept(ccec, key);
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
  std::string input = folder.file("k.cce"), output = folder.file("k.bin"), log;
  constexpr StringRef kWhat = "does not take what was compiled";
  if (!writeFile(input, text, error))
    return false;
  SmallVector<std::string> objects;
  for (auto [i, arch] : llvm::enumerate(arches)) {
    objects.push_back(folder.file("k" + std::to_string(i) + ".o"));
    StringRef compile[] = {ccec,
                           "-c",
                           "-O2",
                           "-std=c++17",
                           "-x",
                           "cce",
                           input,
                           arch,
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
                           objects.back()};
    if (!runTool(compile, kWhat, log, error))
      return false;
  }
  SmallVector<StringRef> link = {linker, "-m", "aicorelinux", "-Ttext=0"};
  link.append(objects.begin(), objects.end());
  link.append({"-static", "-o", output});
  if (!runTool(link, kWhat, log, error))
    return false;
  if (!readFile(output, object)) {
    error = "'" + ccec + "' wrote no object";
    return false;
  }
  kept.write(".ascend", object);
  return true;
}
