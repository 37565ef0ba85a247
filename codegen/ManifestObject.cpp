// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A manifest as constant tables of an LLVM module.

#include "codegen/Manifest.h"

#include "llvm/IR/Constants.h"

using namespace gemel;
using llvm::Constant;
using llvm::SmallVector;

namespace {
/// Builds constants; equal strings are one.
class Tables {
public:
  explicit Tables(llvm::Module &module)
      : module(module), context(module.getContext()) {}
  Constant *make(const Entry &entry);
  llvm::GlobalVariable *global(Constant *value) {
    return new llvm::GlobalVariable(module, value->getType(), true,
                                    llvm::GlobalValue::InternalLinkage, value,
                                    "gemel_table");
  }

private:
  llvm::Module &module;
  llvm::LLVMContext &context;
  llvm::StringMap<Constant *> texts;
};
} // namespace

Constant *Tables::make(const Entry &entry) {
  SmallVector<Constant *> parts;
  for (const Entry &part : entry.parts)
    parts.push_back(make(part));
  switch (entry.kind) {
  case Entry::Integer:
    return llvm::ConstantInt::getSigned(
        llvm::Type::getIntNTy(context, entry.bits), entry.integer);
  case Entry::Real:
    return llvm::ConstantFP::get(llvm::Type::getDoubleTy(context), entry.real);
  case Entry::Null:
    return llvm::ConstantPointerNull::get(llvm::PointerType::get(context, 0));
  case Entry::Symbol:
    return module.getFunction(entry.text);
  case Entry::Record:
    return llvm::ConstantStruct::getAnon(parts);
  case Entry::Table:
    return global(llvm::ConstantArray::get(
        llvm::ArrayType::get(parts[0]->getType(), parts.size()), parts));
  case Entry::Text: {
    Constant *&slot = texts[entry.text];
    if (!slot)
      slot = global(llvm::ConstantDataArray::getString(context, entry.text));
    return slot;
  }
  }
  llvm_unreachable("an entry of no kind");
}

void gemel::emitManifest(const Entry &manifest, llvm::Module &module,
                         llvm::StringRef symbol) {
  Tables tables(module);
  llvm::GlobalVariable *global = tables.global(tables.make(manifest));
  global->setName(symbol);
  global->setLinkage(llvm::GlobalValue::ExternalLinkage);
}
