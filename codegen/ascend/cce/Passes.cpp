// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes of this folder by name.
#include "codegen/ascend/cce/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/Pass.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

namespace {

/// A pass over modules, in each of whose kernels `Derived::run` does its work.
template <typename Derived>
class ModulePass : public PassWrapper<Derived, OperationPass<ModuleOp>> {
  StringRef getArgument() const final { return Derived::word; }
  StringRef getDescription() const final { return Derived::text; }
  void getDependentDialects(DialectRegistry &registry) const final {
    registry.insert<CceDialect, arith::ArithDialect, emitc::EmitCDialect,
                    scf::SCFDialect>();
  }
  void runOnOperation() final {
    if (failed(Derived::run(this->getOperation())))
      this->signalPassFailure();
  }
};

LogicalResult ofKernels(ModuleOp module, LogicalResult (*run)(KernelOp)) {
  for (KernelOp kernel : module.getOps<KernelOp>())
    if (failed(run(kernel)))
      return failure();
  return success();
}

LogicalResult multiplyAddAll(ModuleOp module) {
  for (KernelOp kernel : module.getOps<KernelOp>())
    multiplyAdd(kernel);
  return success();
}

LogicalResult interleaveAll(ModuleOp module) {
  for (KernelOp kernel : module.getOps<KernelOp>())
    interleave(kernel, kOrders[0]);
  return success();
}

#define CCE_PASS(Name, argument, description, body)                            \
  struct Name : ModulePass<Name> {                                             \
    MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Name)                         \
    static constexpr StringLiteral word = argument, text = description;        \
    static LogicalResult run(ModuleOp module) { return body; }                 \
  };

CCE_PASS(RoundExactly, "cce-round-exactly",
         "quotients and roots of f32 rounded once, to nearest even",
         ofKernels(module, roundExactly))
CCE_PASS(MultiplyAdd, "cce-multiply-add",
         "a product and the sum that takes it as one instruction",
         multiplyAddAll(module))
CCE_PASS(MultiBuffer, "cce-multi-buffer",
         "several sets of buffers for loops that are marked",
         ofKernels(module, multiBuffer))
CCE_PASS(Interleave, "cce-interleave",
         "vector instructions in an order in which fewer wait",
         interleaveAll(module))
CCE_PASS(PlanMemory, "cce-plan-memory", "addresses of buffers",
         ofKernels(module, planMemory))
CCE_PASS(InsertSync, "cce-insert-sync",
         "flags and barriers between instructions that share bytes",
         ofKernels(module, insertSync))
CCE_PASS(CheckSync, "cce-check-sync",
         "proof that instructions that share bytes are ordered",
         ofKernels(module, checkSync))
CCE_PASS(RemoveSync, "cce-remove-sync",
         "flags and barriers that the order is proved without go",
         removeSync(module))
CCE_PASS(CheckCrossCore, "cce-check-cross-core",
         "proof that cores of a group that share memory are ordered",
         checkCrossCore(module))
CCE_PASS(ToEmitC, "cce-to-emitc",
         "kernels of instructions as emitc, which prints as CCE C",
         toEmitC(module))
#undef CCE_PASS

} // namespace

void cce::registerPasses() {
  PassRegistration<RoundExactly>();
  PassRegistration<MultiplyAdd>();
  PassRegistration<MultiBuffer>();
  PassRegistration<Interleave>();
  PassRegistration<PlanMemory>();
  PassRegistration<InsertSync>();
  PassRegistration<CheckSync>();
  PassRegistration<RemoveSync>();
  PassRegistration<CheckCrossCore>();
  PassRegistration<ToEmitC>();
}
