// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Machine code of an LLVM module, linked in process.

#include "codegen/ObjectFile.h"

#include "lld/Common/Driver.h"
#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/TargetParser/Host.h"

#include <memory>

LLD_HAS_DRIVER(elf)

static constexpr const char *kTriple = "x86_64-unknown-linux-gnu";

static llvm::TargetMachine *makeMachine(std::string &error) {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
  llvm::Triple triple(kTriple);
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return nullptr;
  llvm::TargetOptions options;
  // One rounding an operation: fma is written where the language has it.
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  return target->createTargetMachine(triple, "x86-64-v3", "", options,
                                     llvm::Reloc::PIC_);
}

void gemel::prepareModule(llvm::Module &module) {
  std::string error;
  std::unique_ptr<llvm::TargetMachine> machine(makeMachine(error));
  module.setTargetTriple(llvm::Triple(kTriple));
  if (machine)
    module.setDataLayout(machine->createDataLayout());
}

static void optimise(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = false; // lanes are chosen already
  tuning.SLPVectorization = false;
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager cgscc;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(cgscc);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, cgscc, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2)
      .run(module, modules);
}

bool gemel::writeFile(llvm::StringRef path, llvm::StringRef bytes,
                      std::string &error) {
  auto fail = [&](std::error_code code) {
    error = ("cannot write '" + path + "': " + code.message()).str();
    return false;
  };
  // Beside the file, for a rename stays within one file system.
  llvm::SmallString<128> model(path), temporary;
  llvm::sys::fs::make_absolute(model);
  model += ".%%%%%%";
  int descriptor;
  if (auto code = llvm::sys::fs::createUniqueFile(model, descriptor, temporary))
    return fail(code);
  {
    llvm::raw_fd_ostream os(descriptor, /*shouldClose=*/true);
    os << bytes;
    os.flush();
    if (os.has_error()) {
      std::error_code code = os.error();
      os.clear_error();
      llvm::sys::fs::remove(temporary);
      return fail(code);
    }
  }
  llvm::sys::fs::setPermissions(temporary,
                                llvm::sys::fs::perms::all_read |
                                    llvm::sys::fs::perms::owner_write |
                                    llvm::sys::fs::perms::all_exe);
  if (auto code = llvm::sys::fs::rename(temporary, path)) {
    llvm::sys::fs::remove(temporary);
    return fail(code);
  }
  return true;
}

/// FNV-1a, 64 bits, as the runtime's library.h asks.
static uint64_t checksum(llvm::StringRef bytes) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (unsigned char c : bytes)
    hash = (hash ^ c) * 0x100000001b3u;
  return hash;
}

static bool link(llvm::StringRef object, llvm::StringRef path,
                 std::string &error) {
  llvm::SmallString<128> input, output;
  int descriptor;
  if (llvm::sys::fs::createTemporaryFile("gemel", "o", descriptor, input) ||
      llvm::sys::fs::createTemporaryFile("gemel", "so", output)) {
    error = "cannot make a temporary file";
    return false;
  }
  {
    llvm::raw_fd_ostream os(descriptor, true);
    os << object;
  }
  std::string messages;
  llvm::raw_string_ostream os(messages);
  const char *arguments[] = {"ld.lld",      "-shared", "--build-id=none",
                             "-z",          "now",     "-s",
                             input.c_str(), "-o",      output.c_str()};
  lld::Result result =
      lld::lldMain(arguments, os, os, {{lld::Gnu, &lld::elf::link}});
  llvm::sys::fs::remove(input);
  if (result.retCode != 0) {
    error = "linking '" + path.str() + "' failed: " + messages;
    llvm::sys::fs::remove(output);
    return false;
  }
  auto buffer = llvm::MemoryBuffer::getFile(output);
  llvm::sys::fs::remove(output);
  if (!buffer) {
    error = "cannot read what was linked: " + buffer.getError().message();
    return false;
  }
  std::string bytes = (*buffer)->getBuffer().str();
  uint64_t size = bytes.size(), sum = checksum(bytes);
  bytes.append("GEMELLIB");
  bytes.append(reinterpret_cast<const char *>(&size), 8);
  bytes.append(reinterpret_cast<const char *>(&sum), 8);
  return gemel::writeFile(path, bytes, error);
}

/// Optimises and prints the module as `type`.
static bool generate(llvm::Module &module, llvm::CodeGenFileType type,
                     llvm::SmallVectorImpl<char> &bytes, std::string &error) {
  std::unique_ptr<llvm::TargetMachine> machine(makeMachine(error));
  if (!machine)
    return false;
  llvm::raw_string_ostream problems(error);
  if (llvm::verifyModule(module, &problems)) {
    error = "internal: the lowering made IR that does not verify: " + error;
    return false;
  }
  optimise(module, *machine);
  llvm::raw_svector_ostream os(bytes);
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, os, nullptr, type)) {
    error = "LLVM cannot write objects for this target";
    return false;
  }
  passes.run(module);
  return true;
}

bool gemel::printAssembly(llvm::Module &module, std::string &text,
                          std::string &error) {
  llvm::SmallVector<char, 0> bytes;
  if (!generate(module, llvm::CodeGenFileType::AssemblyFile, bytes, error))
    return false;
  text.assign(bytes.begin(), bytes.end());
  return true;
}

bool gemel::writeObject(llvm::Module &module, llvm::StringRef path, bool shared,
                        std::string &error) {
  llvm::SmallVector<char, 0> object;
  if (!generate(module, llvm::CodeGenFileType::ObjectFile, object, error))
    return false;
  llvm::StringRef bytes(object.data(), object.size());
  return shared ? link(bytes, path, error) : writeFile(path, bytes, error);
}
