// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Folds what the ops themselves know to be equal to the bit, computes equal
// values once, and drops what nothing reads.

#include "passes/Passes.h"

#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace gemel;

void gemel::simplify(OpOp op) {
  // Without patterns the driver folds and erases; it cannot fail to converge.
  (void)applyPatternsGreedily(op.getOperation(),
                              RewritePatternSet(op.getContext()));
  IRRewriter rewriter(op.getContext());
  DominanceInfo dominance(op);
  eliminateCommonSubExpressions(rewriter, dominance, op.getOperation());
}
