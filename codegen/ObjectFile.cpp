// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Machine code of an LLVM module, linked in process.

#include "codegen/ObjectFile.h"

#include "codegen/VendorTool.h"

#include "lld/Common/Driver.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Parallel.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/Transforms/Utils/Cloning.h"

#include <memory>
#include <mutex>

LLD_HAS_DRIVER(elf)

static constexpr const char *kTriple = "x86_64-unknown-linux-gnu";

static llvm::TargetMachine *makeMachine(std::string &error) {
  static std::once_flag isRegistered; // the registry does not lock
  std::call_once(isRegistered, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
  });
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

using Bytes = llvm::SmallVector<char, 0>;

static bool link(llvm::ArrayRef<Bytes> objects, llvm::StringRef path,
                 std::string &error) {
  gemel::TemporaryFolder folder("gemel-link");
  if (!folder) {
    error = "cannot make a temporary folder for the linker";
    return false;
  }
  std::string output = folder.file("library.so");
  std::vector<std::string> inputs;
  for (const Bytes &object : objects) {
    inputs.push_back(
        folder.file("part" + std::to_string(inputs.size()) + ".o"));
    if (!gemel::writeFile(inputs.back(),
                          llvm::StringRef(object.data(), object.size()), error))
      return false;
  }
  std::string messages;
  llvm::raw_string_ostream os(messages);
  std::vector<const char *> arguments = {
      "ld.lld", "-shared", "--build-id=none", "-z", "now",
      "-s",     "-o",      output.c_str()};
  for (const std::string &input : inputs)
    arguments.push_back(input.c_str());
  lld::Result result =
      lld::lldMain(arguments, os, os, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0) {
    error = "linking '" + path.str() + "' failed: " + messages;
    return false;
  }
  auto buffer = llvm::MemoryBuffer::getFile(output);
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
                     Bytes &bytes, std::string &error) {
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
  Bytes bytes;
  if (!generate(module, llvm::CodeGenFileType::AssemblyFile, bytes, error))
    return false;
  text.assign(bytes.begin(), bytes.end());
  return true;
}

bool gemel::writeObject(llvm::Module &module, llvm::StringRef path,
                        std::string &error) {
  Bytes object;
  return generate(module, llvm::CodeGenFileType::ObjectFile, object, error) &&
         writeFile(path, llvm::StringRef(object.data(), object.size()), error);
}

void gemel::hideFunctions(llvm::Module &module) {
  // Nothing in the module refers to them: hidden, not internal.
  for (llvm::Function &function : module)
    if (function.hasInternalLinkage()) {
      function.setLinkage(llvm::GlobalValue::ExternalLinkage);
      function.setVisibility(llvm::GlobalValue::HiddenVisibility);
    }
}

std::vector<std::string> gemel::takeParts(llvm::Module &module) {
  // Enough of them for many cores, and of enough functions each to be worth a
  // module.
  constexpr size_t kMost = 32, kFunctions = 8;
  std::vector<llvm::Function *> functions;
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      functions.push_back(&function);
  std::vector<std::string> parts(
      std::min(kMost, functions.size() / kFunctions));
  if (parts.size() < 2)
    return {};
  hideFunctions(module);
  // Neighbours are alike; each part has some of all.
  llvm::DenseMap<const llvm::GlobalValue *, size_t> partOf;
  for (auto [i, function] : llvm::enumerate(functions))
    partOf[function] = i % parts.size();
  for (size_t i = 0; i < parts.size(); ++i) {
    llvm::ValueToValueMapTy map;
    std::unique_ptr<llvm::Module> copy =
        llvm::CloneModule(module, map, [&](const llvm::GlobalValue *value) {
          auto it = partOf.find(value);
          return it == partOf.end() || it->second == i;
        });
    llvm::raw_string_ostream os(parts[i]);
    llvm::WriteBitcodeToFile(*copy, os);
  }
  for (llvm::Function *function : functions)
    function->deleteBody();
  return parts;
}

bool gemel::writeLibrary(llvm::Module &module,
                         const std::vector<std::string> &parts,
                         llvm::StringRef path, std::string &error) {
  std::vector<Bytes> objects(parts.size() + 1);
  std::vector<std::string> errors(objects.size());
  auto compile = [&](llvm::Module &part, size_t i) {
    generate(part, llvm::CodeGenFileType::ObjectFile, objects[i], errors[i]);
  };
  llvm::parallelFor(0, objects.size(), [&](size_t i) {
    if (i == parts.size())
      return compile(module, i);
    llvm::LLVMContext context;
    auto part = llvm::parseBitcodeFile(llvm::MemoryBufferRef(parts[i], "part"),
                                       context);
    if (part)
      compile(**part, i);
    else
      errors[i] = llvm::toString(part.takeError());
  });
  for (const std::string &problem : errors)
    if (!problem.empty()) {
      error = problem;
      return false;
    }
  return link(objects, path, error);
}
