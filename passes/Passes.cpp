// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes as gemel-opt runs them, on typed operators (gemel-instantiate
// makes them), and their order in a compile.

#include "passes/Passes.h"

#include "dialect/Instantiate.h"
#include "dialect/Words.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace gemel;

MachineAttr gemel::anyMachine(MLIRContext *context) {
  Builder b(context);
  return MachineAttr::get(context, b.getStringAttr("any"),
                          b.getStrArrayAttr({"thread", "vector"}), /*lanes=*/8,
                          /*unroll=*/4, /*rows=*/4, /*chunk=*/4096,
                          /*runs=*/256, /*rowRuns=*/0, /*scratch=*/16384,
                          /*team=*/1,
                          /*access=*/32,
                          /*held=*/32, /*registers=*/0, /*block=*/1,
                          /*cache=*/1 << 20,
                          /*matrixRows=*/0,
                          /*matrixLanes=*/0, /*matrixTerms=*/0,
                          /*matrixTeam=*/0, /*matrixBits=*/0,
                          /*matrixChain=*/0, /*units=*/2,
                          /*megabytesPerSecond=*/10000,
                          /*megainstructionsPerSecond=*/5000);
}

LogicalResult gemel::toGroups(OpOp op, MachineAttr machine, PlanOp written) {
  expand(op);
  unchain(op, machine);
  narrow(op);
  simplify(op);
  split(op, machine);
  relayout(op, machine);
  bucket(op);
  fuse(op, machine);
  return schedule(op, machine, written);
}

namespace {

/// A pass over the typed operators of a module.
template <typename Derived>
class OperatorPass : public PassWrapper<Derived, OperationPass<ModuleOp>> {
  StringRef getArgument() const final { return Derived::word; }
  StringRef getDescription() const final { return Derived::text; }
  void getDependentDialects(DialectRegistry &registry) const final {
    registry.insert<GemelDialect, arith::ArithDialect>();
  }
  void runOnOperation() final {
    auto &self = *static_cast<Derived *>(this);
    for (OpOp op : llvm::make_early_inc_range(
             this->getOperation().template getOps<OpOp>())) {
      if (!op.isTyped()) {
        mlir::emitError(op.getLoc())
            << "'" << op.getSymName()
            << "' is not instantiated; run gemel-instantiate first";
        return this->signalPassFailure();
      }
      if (failed(self.run(op)))
        return this->signalPassFailure();
    }
  }

protected:
  /// The machine that a module names, or any.
  MachineAttr machine() {
    ModuleOp module = this->getOperation();
    auto attr = module->getAttrOfType<MachineAttr>("gemel.machine");
    return attr ? attr : anyMachine(module.getContext());
  }
};

/// One typed operator for each binding of each operator.
struct Instantiate : PassWrapper<Instantiate, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Instantiate)
  StringRef getArgument() const final { return "gemel-instantiate"; }
  StringRef getDescription() const final {
    return "operators for every binding of their dtypes, calls inlined";
  }
  void runOnOperation() final {
    SmallVector<OpOp> ops(getOperation().getOps<OpOp>());
    auto lookup = [&](StringRef name) {
      auto *found =
          llvm::find_if(ops, [&](OpOp op) { return op.getSymName() == name; });
      return found == ops.end() ? OpOp() : *found;
    };
    for (OpOp op : ops)
      for (const SmallVector<Type> &binding : bindingsOf(op)) {
        OpOp copy = op.clone();
        OpBuilder(op).insert(copy);
        std::string name = op.getSymName().str();
        for (Type type : binding)
          name += ("_" + dtypeWord(type)).str();
        copy.setSymName(name);
        if (failed(instantiate(copy, binding, lookup)))
          return signalPassFailure();
      }
    for (OpOp op : ops)
      op.erase();
  }
};

#define GEMEL_PASS(Name, argument, description)                                \
  struct Name : OperatorPass<Name> {                                           \
    MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Name)                         \
    static constexpr StringLiteral word = argument, text = description;        \
    LogicalResult run(OpOp op);                                                \
  };                                                                           \
  LogicalResult Name::run(OpOp op)

GEMEL_PASS(Expand, "gemel-expand", "means as sums over sizes") {
  expand(op);
  return success();
}
GEMEL_PASS(Narrow, "gemel-narrow", "64-bit indices as positions of 32 bits") {
  narrow(op);
  return success();
}
GEMEL_PASS(Simplify, "gemel-simplify", "exact identities, equal values once") {
  simplify(op);
  return success();
}
GEMEL_PASS(Unchain, "gemel-unchain",
           "products as a matrix unit makes them from memory") {
  unchain(op, machine());
  return success();
}
GEMEL_PASS(Split, "gemel-split", "reductions cut where launches may") {
  split(op, machine());
  return success();
}
GEMEL_PASS(Relayout, "gemel-relayout",
           "operands of contractions in lane order") {
  relayout(op, machine());
  return success();
}
GEMEL_PASS(Bucket, "gemel-bucket", "puts as sums over sorted positions") {
  bucket(op);
  return success();
}
GEMEL_PASS(Fuse, "gemel-fuse", "ops into groups, one launch each") {
  fuse(op, machine());
  return success();
}
GEMEL_PASS(Schedule, "gemel-schedule", "a plan for each group") {
  return schedule(op, machine(), PlanOp());
}
GEMEL_PASS(Tile, "gemel-tile", "groups as kernels of loops and tiles") {
  if (failed(tile(op, *op->getBlock())))
    return failure();
  op.erase();
  return success();
}

} // namespace

void gemel::registerPasses() {
  PassRegistration<Instantiate>();
  PassRegistration<Expand>();
  PassRegistration<Narrow>();
  PassRegistration<Simplify>();
  PassRegistration<Unchain>();
  PassRegistration<Split>();
  PassRegistration<Relayout>();
  PassRegistration<Bucket>();
  PassRegistration<Fuse>();
  PassRegistration<Schedule>();
  PassRegistration<Tile>();
}
