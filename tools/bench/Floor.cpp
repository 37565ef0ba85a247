// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counts an operator's bytes and operations with the compiler's cost model.

#include "Floor.h"

#include "codegen/Backward.h"
#include "codegen/Compiler.h"
#include "codegen/Target.h"
#include "passes/Cost.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <cstdio>
#include <cstdlib>

using namespace gemel;

static void expect(bool held, const char *sentence) {
  if (held)
    return;
  std::fprintf(stderr, "gemel-bench: %s\n", sentence);
  std::exit(1);
}

Floor floorOf(const char *folder, const std::string &name,
              const std::map<std::string, int64_t> &sizes) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<GemelDialect, mlir::arith::ArithDialect>();
  // Remarks are for the compile.
  context.getDiagEngine().registerHandler([](mlir::Diagnostic &diagnostic) {
    return mlir::success(diagnostic.getSeverity() ==
                         mlir::DiagnosticSeverity::Remark);
  });
  Program program(&context);
  expect(mlir::succeeded(program.add(folder, /*library=*/false)),
         "the operators' texts cannot be read");
  llvm::StringRef forward = name;
  if (forward.consume_back("_backward"))
    expect(mlir::succeeded(deriveBackwards(program, {forward.str()})),
           "a backward to time cannot be derived");
  OpOp op = program.lookup(name);
  expect(op != nullptr, "an operator to time is not in the texts");
  llvm::StringMap<int64_t> given;
  for (const auto &[axis, size] : sizes)
    given[axis] = size;
  mlir::Type f32 = mlir::Float32Type::get(&context);
  for (const auto &binding : bindingsOf(op)) {
    if (!llvm::all_of(binding, [&](mlir::Type type) { return type == f32; }))
      continue;
    auto flow = runRooms(program, op, binding, "cpu", Stage::Groups);
    expect(mlir::succeeded(flow), "an operator to time does not compile");
    MachineAttr machine = machineOf("cpu", &context);
    OpOp typed = *flow->instance.op;
    llvm::StringMap<int64_t> all = assumeSizes(typed, given);
    Floor floor;
    for (GroupOp group : typed.getBody().getOps<GroupOp>()) {
      Cost cost = costOf(group, all, machine);
      floor.bytes += cost.bytes();
      floor.instructions += cost.instructions;
    }
    return floor;
  }
  expect(false, "an operator to time has no f32 variant");
  return {};
}
