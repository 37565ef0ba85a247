// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Folds what the ops themselves know to be equal to the bit, computes equal
// values once, and drops what nothing reads.

#include "passes/Passes.h"

#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace gemel;

/// Applies `change` until nothing more goes.
static void untilStable(OpOp op, llvm::function_ref<void()> change) {
  Block &block = op.getBody().front();
  for (size_t before = 0; before != block.getOperations().size();) {
    before = block.getOperations().size();
    change();
  }
}

static void eliminateEqual(OpOp op) {
  IRRewriter rewriter(op.getContext());
  DominanceInfo dominance(op);
  eliminateCommonSubExpressions(rewriter, dominance, op.getOperation());
}

void gemel::deduplicate(OpOp op) {
  untilStable(op, [&] { eliminateEqual(op); });
}

void gemel::simplify(OpOp op) {
  // What is computed once folds where it was twice, and the other way round.
  untilStable(op, [&] {
    // Without patterns the driver folds and erases; it cannot fail to converge.
    (void)applyPatternsGreedily(op.getOperation(),
                                RewritePatternSet(op.getContext()));
    eliminateEqual(op);
  });
}
