// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rows that are summed, position by position, while they stay for what each of
// them becomes (LowerRows.cpp).
//
// A work item is a run of rows then, and a piece of rows that go together half
// of one: which sums of rows meet, is known. What a core has behind its last
// whole run are the last rows of all; of these each is added by itself, if it
// is there.
#include "codegen/ascend/Lowering.h"

#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

/// The loop over a work item's rows that sums them, position by position, if
/// there is no other beside it, and nothing but its sum is stored behind it.
ForOp Lowering::hostOf(KernelOp kernel) {
  if (!kernel->hasAttr("resident") || kernel.getWorkAxes().size() != 1)
    return nullptr;
  ForOp found;
  for (Operation &o : kernel.getBody().front()) {
    auto loop = dyn_cast<ForOp>(o);
    if (loop && found)
      return nullptr;
    if (loop)
      found = loop;
    if (o.getNumResults() == 0) {
      auto store = dyn_cast<gemel::StoreOp>(o);
      if (!store || !found || store.getTile() != found.getResult(0) ||
          !elementOf(store.getArray()).isF32())
        return nullptr;
    }
  }
  if (!found || found.getNumResults() != 1 || !found->hasOneUse() ||
      found.getStep() != 1 ||
      cast<StringAttr>(found.getCombine()[0]) != "sum" ||
      cast<OrderAttr>(found.getOrders()[0]).getKind() != OrderKind::Default)
    return nullptr;
  Type sum = found.getResult(0).getType();
  Value term = cast<YieldOp>(found.getBody().front().back()).getValues()[0];
  auto lane = kernel->getAttrOfType<StringAttr>("lane");
  bool isRow = axesOf(sum) == ArrayRef<StringAttr>(lane) &&
               hasAxis(term.getType(), lane) && elementOf(sum).isF32();
  return isRow ? found : nullptr;
}

/// Rows are those of a run, then, and taken as such.
void Lowering::findHost() {
  ForOp found = hostOf(kernel);
  if (!found)
    return;
  auto runs = cast<StringAttr>(kernel.getWorkAxes()[0]);
  hosted = op.getAxis(op.findAxis(runs)).getRuns();
  if (op.getCutAxis(runs) == found.getAxisAttr() && hosted % (2 * batch) == 0)
    host = found;
}

/// Where what is handed on as a term of a row's loop is combined: by the loop;
/// a term of the rows' sum where it is handed on.
Operation *Lowering::readerOf(Operation *user) {
  return isa<YieldOp>(user) && !isHosts(user) ? user->getParentOp() : user;
}

bool Lowering::isHosts(Operation *o) {
  return host && isa<YieldOp>(o) && o->getParentOp() == host;
}

/// Adds the sum of 2^base rows that are behind `before` others of a run: like
/// the bits of a binary counter such sums meet.
void Lowering::pushSum(Piece sum, int64_t before, int64_t base) {
  Type f32 = b.getF32Type();
  int64_t level = base;
  for (; before >> level & 1; ++level) {
    bool isLast = !(before >> (level + 1) & 1);
    Piece into = sums[isLast ? level + 1 : base];
    combineInto("sum", f32, sums[level], sum, into);
    sum = into;
  }
  if (sum.pointer != sums[level].pointer)
    e.copy(sum, sums[level], f32);
}

/// Adds the terms of a team's rows to their run's.
void Lowering::sumTerms(ArrayRef<Piece> terms) {
  auto count = static_cast<int64_t>(terms.size());
  int64_t before = runBefore + teamFirst;
  if (isRest) {
    for (int64_t j = 0; j < count; ++j)
      e.choose(e.less(e.number(teamFirst + j), someItems),
               [&] { pushSum(terms[j], before + j, 0); });
    return;
  }
  Type f32 = b.getF32Type();
  int64_t base = llvm::Log2_64(count);
  SmallVector<Piece> left(terms);
  for (; left.size() > 1; left.resize(left.size() / 2))
    for (size_t i = 0; i < left.size() / 2; ++i) {
      bool waits = left.size() == 2 && !(before >> base & 1);
      Piece sum = waits ? sums[base] : e.piece(f32, /*lanes=*/true);
      combineInto("sum", f32, left[2 * i], left[2 * i + 1], sum);
      left[i] = sum;
    }
  pushSum(left[0], before, base);
}

/// The sum of rows that are no whole run, from the shortest of theirs on.
void Lowering::sumRest(Value rows) {
  Type f32 = b.getF32Type();
  e.fill(sums.back(), identityOf("sum", f32), f32);
  for (size_t level = 0; level + 1 < sums.size(); ++level) {
    Value shorter = e.div(rows, e.number(int64_t(1) << level));
    e.choose(e.less(e.number(0), e.rem(shorter, e.number(2))), [&] {
      combineInto("sum", f32, sums[level], sums.back(), sums.back());
    });
  }
}

/// Stores the sum of the run that ends before row `end`.
void Lowering::sendSum(Value end) {
  auto store = cast<gemel::StoreOp>(*host->user_begin());
  e.loc = store.getLoc();
  Value run = e.div(e.sub(end, e.number(1)), e.number(hosted));
  whereAny(/*lanes=*/true, [&] {
    send(store.getArray(), e.mul(run, e.n), sums.back().pointer, e.n);
  });
}
