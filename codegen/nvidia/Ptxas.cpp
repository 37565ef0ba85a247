// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The vendor's assembler, where it is installed.

#include "codegen/nvidia/Ptxas.h"

#include "codegen/ObjectFile.h"
#include "codegen/VendorTool.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

using namespace gemel;
using namespace gemel::nvidia;
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

bool nvidia::assemble(const std::string &ptxas, StringRef ptx, const Chip &chip,
                      Assembled &result, std::string &error) {
  Kept kept(ptxas, {ptx, chip.target});
  std::string report;
  if (kept.read(".cubin", result.cubin) && kept.read(".log", report)) {
    readReport(report, result);
    return true;
  }
  TemporaryFolder folder("gemel-ptxas");
  if (!folder) {
    error = "cannot make a temporary folder for ptxas";
    return false;
  }
  std::string input = folder.file("in.ptx"), output = folder.file("out.cubin");
  std::string arch = ("-arch=" + chip.target).str();
  if (!writeFile(input, ptx, error) ||
      !runTool({ptxas, "-v", "--split-compile=0", arch, input, "-o", output},
               "does not assemble what was compiled", report, error))
    return false;
  if (!readFile(output, result.cubin)) {
    error = "'" + ptxas + "' wrote no cubin";
    return false;
  }
  readReport(report, result);
  kept.write(".log", report);
  kept.write(".cubin", result.cubin);
  return true;
}
