// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The files of one compilation, and their operators by name.

#include "codegen/Program.h"

#include "dialect/Source.h"

#include "mlir/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace gemel;

struct Program::File {
  std::string path;
  llvm::SourceMgr sources;
  OwningOpRef<ModuleOp> module;
};

Program::Program(MLIRContext *context) : context(context) {}
Program::~Program() = default;

LogicalResult Program::addFile(StringRef path, bool library) {
  for (auto &file : files)
    if (llvm::sys::fs::equivalent(file->path, path))
      return success();
  auto file = std::make_unique<File>();
  file->path = path.str();
  file->module = parseFile(path, file->sources, context);
  if (!file->module)
    return failure();
  for (Operation &o : *file->module->getBody()) {
    if (auto op = dyn_cast<OpOp>(o)) {
      auto [it, fresh] = byName.insert({op.getSymName(), op});
      if (!fresh) {
        InFlightDiagnostic diagnostic = emitError(op.getLoc());
        diagnostic << "operator '" << op.getSymName()
                   << "' is defined twice; rename one of them";
        diagnostic.attachNote(it->second.getLoc()) << "first defined here";
        return diagnostic;
      }
      if (!library)
        inputs.push_back(op);
    } else if (auto check = dyn_cast<CheckOp>(o)) {
      if (!library)
        checkOps.push_back(check);
    } else if (auto plan = dyn_cast<PlanOp>(o)) {
      plans.push_back(plan);
    } else {
      return emitError(o.getLoc())
             << "expected gemel.op, gemel.check or gemel.plan, not '"
             << o.getName() << "'";
    }
  }
  files.push_back(std::move(file));
  return success();
}

LogicalResult Program::add(StringRef path, bool library) {
  if (!llvm::sys::fs::is_directory(path))
    return addFile(path, library);
  std::error_code error;
  std::vector<std::string> found;
  for (llvm::sys::fs::recursive_directory_iterator it(path, error), end;
       it != end && !error; it.increment(error))
    if (llvm::sys::path::extension(it->path()) == ".mlir")
      found.push_back(it->path());
  if (error)
    return emitError(UnknownLoc::get(context))
           << "cannot read folder '" << path << "': " << error.message();
  llvm::sort(found);
  for (const std::string &file : found)
    if (failed(addFile(file, library)))
      return failure();
  return success();
}

PlanOp Program::plan(StringRef op, StringRef chip) const {
  for (PlanOp plan : plans)
    if (plan.getOp() == op && plan.getChip() == chip)
      return plan;
  return {};
}

FailureOr<OpOp> Program::adopt(OpOp derived, OpOp source) {
  if (OpOp other = byName.lookup(derived.getSymName())) {
    InFlightDiagnostic diagnostic = emitError(other.getLoc());
    diagnostic << "operator '" << derived.getSymName()
               << "' has the name of one that is derived; rename it";
    diagnostic.attachNote(source.getLoc()) << "derived of this";
    return diagnostic;
  }
  std::string text;
  llvm::raw_string_ostream os(text);
  derived->print(os);
  auto file = std::make_unique<File>();
  file->path = ("derived of @" + source.getSymName()).str();
  file->module =
      parseText(llvm::MemoryBuffer::getMemBufferCopy(text, file->path),
                file->sources, context);
  if (!file->module || !isa<OpOp>(file->module->getBody()->front()))
    return failure();
  auto op = cast<OpOp>(file->module->getBody()->front());
  op->setLoc(source.getLoc());
  byName[op.getSymName()] = op;
  inputs.push_back(op);
  files.push_back(std::move(file));
  return op;
}

FailureOr<Instance> Program::instantiate(OpOp op, ArrayRef<Type> binding) {
  Instance instance;
  instance.source = op;
  instance.binding.assign(binding.begin(), binding.end());
  instance.op = OwningOpRef<OpOp>(op.clone());
  if (failed(gemel::instantiate(*instance.op, binding, [&](StringRef name) {
        return byName.lookup(name);
      })))
    return failure();
  if (failed(verify(*instance.op)))
    return failure();
  return instance;
}
