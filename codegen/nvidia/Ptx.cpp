// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PTX of an LLVM module, in process.

#include "codegen/nvidia/Ptx.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/ADCE.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"

#include <mutex>

using namespace gemel;
using namespace gemel::nvidia;

static constexpr const char *kTriple = "nvptx64-nvidia-cuda";

static std::unique_ptr<llvm::TargetMachine> makeMachine(const Chip &chip,
                                                        std::string &error) {
  static std::once_flag isRegistered; // the registry does not lock
  std::call_once(isRegistered, [] {
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetMC();
    LLVMInitializeNVPTXAsmPrinter();
  });
  llvm::Triple triple(kTriple);
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return nullptr;
  llvm::TargetOptions options;
  // One rounding an operation: fma is written where the language has it.
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, chip.target, chip.ptxFeature, options, std::nullopt, std::nullopt,
      llvm::CodeGenOptLevel::Aggressive));
}

void nvidia::prepareDevice(llvm::Module &module, const Chip &chip) {
  std::string error;
  auto machine = makeMachine(chip, error);
  module.setTargetTriple(llvm::Triple(kTriple));
  if (machine)
    module.setDataLayout(machine->createDataLayout());
}

/// A short pipeline: the lowering writes what it means once, and ptxas does
/// registers, schedules and unrolling. It takes a third of the time of LLVM's
/// default, for the same instructions.
static void optimise(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager cgscc;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(cgscc);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, cgscc, modules);
  llvm::FunctionPassManager passes;
  passes.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  passes.addPass(llvm::EarlyCSEPass(/*UseMemorySSA=*/true));
  passes.addPass(llvm::SimplifyCFGPass());
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(
      llvm::LICMPass(llvm::LICMOptions()), /*UseMemorySSA=*/true));
  passes.addPass(llvm::EarlyCSEPass(/*UseMemorySSA=*/true));
  passes.addPass(llvm::SimplifyCFGPass());
  passes.addPass(llvm::ADCEPass());
  llvm::ModulePassManager all;
  all.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(passes)));
  all.run(module, modules);
}

bool nvidia::printPtx(llvm::Module &module, const Chip &chip, std::string &text,
                      std::string &error) {
  auto machine = makeMachine(chip, error);
  if (!machine)
    return false;
  llvm::raw_string_ostream problems(error);
  if (llvm::verifyModule(module, &problems)) {
    error = "internal: the lowering made IR that does not verify: " + error;
    return false;
  }
  optimise(module, *machine);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream os(bytes);
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, os, nullptr,
                                   llvm::CodeGenFileType::AssemblyFile)) {
    error = "LLVM cannot write PTX for this chip";
    return false;
  }
  passes.run(module);
  text.assign(bytes.begin(), bytes.end());
  return true;
}

/// A directive's number, and what is behind it.
static std::pair<size_t, llvm::StringRef> numberOf(llvm::StringRef rest) {
  size_t number = 0;
  rest.consumeInteger(10, number);
  return {number, rest};
}

std::string nvidia::joinPtx(llvm::ArrayRef<std::string> texts) {
  constexpr llvm::StringLiteral kFile = "\t.file\t", kLine = "\t.loc\t",
                                kHead = "\n.address_size 64\n";
  std::string joined;
  llvm::raw_string_ostream os(joined);
  llvm::MapVector<llvm::StringRef, size_t> files; // names, by their numbers
  for (llvm::StringRef rest : texts) {
    size_t head = rest.find(kHead) + kHead.size();
    if (joined.empty())
      os << rest.take_front(head);
    rest = rest.drop_front(head);
    llvm::DenseMap<size_t, size_t> numbers; // they stand behind what names them
    for (llvm::StringRef line : llvm::split(rest, '\n'))
      if (line.consume_front(kFile)) {
        auto [number, name] = numberOf(line);
        numbers[number] = files.insert({name, files.size() + 1}).first->second;
      }
    while (!rest.empty()) {
      llvm::StringRef line;
      std::tie(line, rest) = rest.split('\n');
      if (line.consume_front(kLine)) {
        auto [number, place] = numberOf(line);
        os << kLine << numbers.lookup(number) << place << "\n";
      } else if (!line.starts_with(kFile)) {
        os << line << "\n";
      }
    }
  }
  for (const auto &[name, number] : files)
    os << kFile << number << name << "\n";
  return joined;
}
