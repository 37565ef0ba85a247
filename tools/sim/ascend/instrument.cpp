// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Clang plugin of `ccec`: C's own accesses to the chip's memories become
// calls, loops count their turns, kernels get an entry and a record. A branch
// says which loads of the scalar unit it was decided by, an instruction by
// which its arguments were: they are over then.

#include "include/cce_codes.h"

#include <llvm/ADT/SetVector.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/Dominators.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Module.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Plugins/PassPlugin.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Transforms/Utils/ModuleUtils.h>

using namespace llvm;

namespace {

struct Instrument : PassInfoMixin<Instrument> {
  Module *module = nullptr;
  FunctionCallee issue, turn;
  Constant *source = nullptr;
  Type *i64 = nullptr, *i32 = nullptr, *ptr = nullptr;

  PreservedAnalyses run(Module &m, ModuleAnalysisManager &) {
    module = &m;
    LLVMContext &context = m.getContext();
    i64 = Type::getInt64Ty(context);
    i32 = Type::getInt32Ty(context);
    ptr = PointerType::get(context, 0);
    issue = m.getOrInsertFunction(
        "cce_sim_issue",
        FunctionType::get(i64, {i32, i32, ptr, i32, i32}, /*isVarArg=*/true));
    turn = m.getOrInsertFunction("cce_sim_turn", Type::getVoidTy(context), ptr,
                                 i32);
    for (GlobalVariable &g : m.globals())
      if (g.getAddressSpace())
        m.getContext().emitError(
            "variable '" + g.getName() +
            "' has no address on the simulated core: use a pointer with the "
            "address written out, such as (__ubuf__ half *)0x400");
    SmallVector<Function *> functions;
    for (Function &f : m)
      if (!f.isDeclaration())
        functions.push_back(&f);
    for (Function *f : functions) {
      accesses(*f);
      loops(*f);
    }
    kernels();
    return PreservedAnalyses::none();
  }

  /// File and line as the text states them, `#line` included.
  std::pair<Constant *, Constant *> where(IRBuilder<> &b, Instruction &at) {
    StringRef file = module->getSourceFileName();
    unsigned line = 0;
    if (const DebugLoc &loc = at.getDebugLoc()) {
      line = loc.getLine();
      if (auto *scope = dyn_cast<DIScope>(loc.getScope()))
        file = scope->getFilename();
    }
    return {b.CreateGlobalString(file, "", 0, module),
            ConstantInt::get(i32, line)};
  }

  Value *call(IRBuilder<> &b, Instruction &at, int op,
              ArrayRef<Value *> arguments) {
    auto [file, line] = where(b, at);
    SmallVector<Value *> all = {ConstantInt::get(i32, op),
                                ConstantInt::get(i32, 0), file, line,
                                ConstantInt::get(i32, arguments.size())};
    all.append(arguments.begin(), arguments.end());
    return b.CreateCall(issue, all);
  }

  void refuse(Instruction &i, const Twine &what) {
    module->getContext().diagnose(DiagnosticInfoUnsupported(
        *i.getFunction(), what, DiagnosticLocation(i.getDebugLoc())));
  }

  void accesses(Function &f) {
    const DataLayout &layout = module->getDataLayout();
    SmallVector<Instruction *> found;
    for (BasicBlock &block : f)
      for (Instruction &i : block) {
        Value *pointer = nullptr;
        if (auto *load = dyn_cast<LoadInst>(&i))
          pointer = load->getPointerOperand();
        else if (auto *store = dyn_cast<StoreInst>(&i))
          pointer = store->getPointerOperand();
        else if (auto *call = dyn_cast<MemIntrinsic>(&i)) {
          if (call->getDestAddressSpace() ||
              (isa<MemTransferInst>(call) &&
               cast<MemTransferInst>(call)->getSourceAddressSpace()))
            refuse(i, "a structure is copied to or from a memory of the chip: "
                      "scalar code "
                      "copies its members one by one");
        } else if (auto *cast = dyn_cast<AddrSpaceCastInst>(&i))
          refuse(
              *cast,
              "a pointer is cast from one memory to another: they have nothing "
              "in common; copy instructions move data");
        else if (isa<AtomicRMWInst>(i) || isa<AtomicCmpXchgInst>(i))
          refuse(
              i,
              "an atomic operation: set_atomic_add makes stores of DMA atomic");
        if (pointer && pointer->getType()->getPointerAddressSpace())
          found.push_back(&i);
      }
    for (Instruction *i : found) {
      auto *load = dyn_cast<LoadInst>(i);
      auto *store = dyn_cast<StoreInst>(i);
      Value *pointer =
          load ? load->getPointerOperand() : store->getPointerOperand();
      Type *type = load ? load->getType() : store->getValueOperand()->getType();
      uint64_t bytes = layout.getTypeStoreSize(type);
      if (bytes > 8 || !(type->isIntegerTy() || type->isFloatingPointTy() ||
                         type->isPointerTy())) {
        refuse(
            *i,
            "scalar code accesses something else than a scalar of the chip's "
            "memory");
        continue;
      }
      IRBuilder<> b(i);
      Type *bits = b.getIntNTy(bytes * 8);
      SmallVector<Value *> arguments = {
          b.CreatePtrToInt(pointer, i64),
          b.getInt64(pointer->getType()->getPointerAddressSpace()),
          b.getInt64(bytes)};
      if (load) {
        Value *raw = call(b, *i, cce_op_scalar_load, arguments);
        Value *narrow = b.CreateTrunc(raw, bits);
        Value *value = type->isPointerTy() ? b.CreateIntToPtr(narrow, type)
                       : type->isIntegerTy() && type != bits
                           ? b.CreateTrunc(narrow, type)
                           : b.CreateBitCast(narrow, type);
        i->replaceAllUsesWith(value);
      } else {
        Value *value = store->getValueOperand();
        value = type->isPointerTy()   ? b.CreatePtrToInt(value, i64)
                : type->isIntegerTy() ? value
                                      : b.CreateBitCast(value, bits);
        arguments.push_back(b.CreateZExt(value, i64));
        call(b, *i, cce_op_scalar_store, arguments);
      }
      i->eraseFromParent();
    }
  }

  /// Every turn of a loop counts, so that an endless one is noticed and one
  /// that waits lets the other cores go on.
  void loops(Function &f) {
    DominatorTree tree(f);
    for (BasicBlock &block : f) {
      Instruction *end = block.getTerminator();
      for (unsigned s = 0; s < end->getNumSuccessors(); ++s)
        if (tree.dominates(end->getSuccessor(s), &block)) {
          IRBuilder<> b(end);
          auto [file, line] = where(b, *end);
          b.CreateCall(turn, {file, line});
          break;
        }
    }
  }

  void kernels() {
    GlobalVariable *all = module->getNamedGlobal("llvm.global.annotations");
    if (!all)
      return;
    SmallVector<GlobalValue *> used;
    for (Value *v : cast<ConstantArray>(all->getInitializer())->operands()) {
      auto *entry = cast<ConstantStruct>(v);
      auto *f = dyn_cast<Function>(entry->getOperand(0)->stripPointerCasts());
      auto *text =
          cast<GlobalVariable>(entry->getOperand(1)->stripPointerCasts());
      if (f &&
          cast<ConstantDataArray>(text->getInitializer())->getAsCString() ==
              "cce_kernel")
        used.push_back(kernel(*f));
    }
    appendToUsed(*module, used);
  }

  /// The program itself, for reports that quote it.
  Constant *text(IRBuilder<> &b) {
    if (!source) {
      auto buffer = MemoryBuffer::getFile(module->getSourceFileName());
      source = b.CreateGlobalString(buffer ? (*buffer)->getBuffer() : "", "", 0,
                                    module);
    }
    return source;
  }

  /// The record of one kernel, and a function that takes its arguments from
  /// slots of eight bytes.
  GlobalVariable *kernel(Function &f) {
    LLVMContext &context = module->getContext();
    const DataLayout &layout = module->getDataLayout();
    if (!f.getReturnType()->isVoidTy())
      context.emitError("kernel '" + f.getName() + "' has to return void");
    auto *run = Function::Create(
        FunctionType::get(Type::getVoidTy(context), {ptr}, false),
        GlobalValue::InternalLinkage, "run." + f.getName(), *module);
    IRBuilder<> b(BasicBlock::Create(context, "", run));
    SmallVector<Value *> arguments;
    SmallVector<uint8_t> kinds;
    for (Argument &a : f.args()) {
      Type *type = a.getType();
      if (type->isPointerTy() && type->getPointerAddressSpace() != cce_gm)
        context.emitError("kernel '" + f.getName() +
                          "' takes a pointer that is not __gm__");
      if (!type->isPointerTy() && !type->isIntegerTy() &&
          !type->isFloatingPointTy())
        context.emitError("kernel '" + f.getName() +
                          "' takes something else than __gm__ pointers and "
                          "scalars");
      Value *slot = b.CreateConstGEP1_32(i64, run->getArg(0), arguments.size());
      arguments.push_back(b.CreateLoad(type, slot));
      kinds.push_back(layout.getTypeStoreSize(type) |
                      (type->isFloatingPointTy() ? 0x10 : 0) |
                      (type->isPointerTy() ? 0x20 : 0));
    }
    b.CreateCall(&f, arguments);
    b.CreateRetVoid();
    auto *bytes = ConstantDataArray::get(context, kinds);
    auto *kindList = new GlobalVariable(*module, bytes->getType(), true,
                                        GlobalValue::PrivateLinkage, bytes);
    std::string arch;
    if (const char *name = getenv("GEMEL_CCEC_ARCH"))
      arch = name;
    auto *type = StructType::get(ptr, ptr, ptr, ptr, ptr, i32, i32, ptr);
    auto *record = ConstantStruct::get(
        type, b.CreateGlobalString(f.getName(), "", 0, module),
        b.CreateGlobalString(module->getSourceFileName(), "", 0, module),
        text(b), b.CreateGlobalString(arch, "", 0, module), run,
        ConstantInt::get(i32, arguments.size()), ConstantInt::get(i32, 0),
        kindList);
    auto *global =
        new GlobalVariable(*module, type, false, GlobalValue::InternalLinkage,
                           record, "kernel." + f.getName());
    global->setSection("cce_kernels");
    global->setAlignment(Align(8));
    return global;
  }
};

/// Behind all optimisations, where values are no variables any more.
struct Decide : PassInfoMixin<Decide> {
  PreservedAnalyses run(Module &m, ModuleAnalysisManager &) {
    Function *issue = m.getFunction("cce_sim_issue");
    if (!issue)
      return PreservedAnalyses::all();
    Type *i64 = Type::getInt64Ty(m.getContext());
    loaded = m.getOrInsertFunction("cce_sim_loaded", i64);
    decided = m.getOrInsertFunction("cce_sim_decided",
                                    Type::getVoidTy(m.getContext()), i64);
    for (Function &f : m)
      if (!f.isDeclaration())
        decisions(f, issue);
    return PreservedAnalyses::none();
  }

private:
  static bool isLoad(Instruction *i, Function *issue) {
    auto *call = dyn_cast<CallInst>(i);
    auto *op = call && call->getCalledFunction() == issue
                   ? dyn_cast<ConstantInt>(call->getArgOperand(0))
                   : nullptr;
    return op && op->getZExtValue() == cce_op_scalar_load;
  }

  /// What comes of its operands, and of nothing else.
  static bool isPure(Instruction *i) {
    auto *call = dyn_cast<CallBase>(i);
    return !call || call->doesNotAccessMemory();
  }

  void decisions(Function &f, Function *issue) {
    // What comes of loads.
    SmallSetVector<Instruction *, 16> loads, loadeds;
    for (Instruction &i : instructions(f))
      if (isLoad(&i, issue))
        loads.insert(&i);
    loadeds = loads;
    for (size_t i = 0; i < loadeds.size(); ++i)
      if (loads.contains(loadeds[i]) || isPure(loadeds[i]))
        for (User *user : loadeds[i]->users())
          loadeds.insert(cast<Instruction>(user));
    DominatorTree tree(f);
    DenseMap<Instruction *, Value *> numbers;
    for (Instruction *end : loadeds.takeVector()) {
      auto *call = dyn_cast<CallInst>(end);
      bool isBranch = end->isTerminator() && end->getNumSuccessors() > 1;
      bool hands = call && call->getCalledFunction() == issue;
      if (isBranch || hands)
        decide(end, loads.getArrayRef(), tree, numbers);
    }
  }

  /// Says which loads an instruction needs.
  void decide(Instruction *end, ArrayRef<Instruction *> loads,
              DominatorTree &tree, DenseMap<Instruction *, Value *> &numbers) {
    SmallSetVector<Instruction *, 16> slice;
    auto add = [&](Value *value) {
      if (auto *i = dyn_cast<Instruction>(value))
        slice.insert(i);
    };
    if (end->isTerminator())
      add(end->getOperand(0));
    else
      for_each(end->operands(), add);
    for (size_t i = 0; i < slice.size(); ++i) {
      Instruction *now = slice[i];
      if (!is_contained(loads, now)) {
        if (isPure(now))
          for_each(now->operands(), add);
      } else if (tree.dominates(now, end)) {
        Value *&number = numbers[now];
        if (!number)
          number = IRBuilder<>(now->getNextNode()).CreateCall(loaded, {});
        IRBuilder<>(end).CreateCall(decided, {number});
      }
    }
  }

  FunctionCallee loaded, decided;
};

} // namespace

extern "C" __attribute__((visibility("default"))) PassPluginLibraryInfo
llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "cce", "1", [](PassBuilder &builder) {
            builder.registerPipelineStartEPCallback(
                [](ModulePassManager &manager, OptimizationLevel) {
                  manager.addPass(Instrument());
                });
            builder.registerOptimizerLastEPCallback(
                [](ModulePassManager &manager, OptimizationLevel,
                   ThinOrFullLTOPhase) { manager.addPass(Decide()); });
          }};
}
