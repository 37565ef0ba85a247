// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Positions that are known: axes of a few are written out, one after another,
// conditions on them are decided, and what stands at one is loaded once.

#include "passes/Tiling.h"

using namespace mlir;
using namespace gemel;

/// Each scope once for each position of `axis`.
void Tiling::writeOut(StringAttr axis, Scopes &scopes) {
  auto op = group->getParentOfType<OpOp>();
  Scopes all;
  for (auto &scope : scopes)
    for (int64_t i = 0, n = op.getAxis(op.findAxis(axis)).getFixed(); i < n;
         ++i) {
      all.push_back(
          std::make_unique<Scope>(*scope->parent, *scope->builder.getBlock()));
      all.back()->builder = scope->builder;
      all.back()->positions = scope->positions;
      all.back()->positions[axis] = Position{numberAt(i), 1, {}};
    }
  scopes = std::move(all);
}

/// The terms meet in pairs, pairs in pairs: the default order.
Value Tiling::sumFew(ReduceOp sum, Scope &scope) {
  auto axis = cast<StringAttr>(sum.getAxes()[0]);
  auto op = group->getParentOfType<OpOp>();
  OpBuilder &b = scope.builder;
  SmallVector<Value> terms;
  for (int64_t i = 0, n = op.getAxis(op.findAxis(axis)).getFixed(); i < n; ++i)
    terms.push_back(
        emitAt(sum.getOperand(), axis, {numberAt(i), 1, {}}, scope));
  loc = sum.getLoc();
  while (terms.size() > 1) {
    SmallVector<Value> sums;
    for (size_t i = 0; i + 1 < terms.size(); i += 2)
      sums.push_back(AddOp::create(
          b, loc, joinAxes({terms[i], terms[i + 1]}, b.getF32Type()), terms[i],
          terms[i + 1]));
    if (terms.size() % 2)
      sums.push_back(terms.back());
    terms = std::move(sums);
  }
  return terms[0];
}

Value Tiling::numberAt(int64_t position) {
  Value &known = numbers[position];
  if (!known) {
    auto b = OpBuilder::atBlockBegin(&kernel.getBody().front());
    known = arith::ConstantIndexOp::create(b, kernel.getLoc(), position);
  }
  return known;
}

std::optional<int64_t> Tiling::numberOf(Value index) {
  for (auto [position, known] : numbers)
    if (known == index)
      return position;
  return std::nullopt;
}

std::optional<bool> Tiling::isKnown(Value condition, Scope &scope) {
  auto compare = condition.getDefiningOp<CompareOp>();
  if (!compare)
    return std::nullopt;
  auto number = [&](Value value) -> std::optional<int64_t> {
    if (auto pos = value.getDefiningOp<PosOp>())
      return numberOf(scope.positions.lookup(pos.getAxisAttr()).index);
    if (auto constant = value.getDefiningOp<ConstantOp>())
      if (auto integer = dyn_cast<IntegerAttr>(constant.getValue()))
        return integer.getInt();
    return std::nullopt;
  };
  std::optional<int64_t> a = number(compare.getLhs()),
                         b = number(compare.getRhs());
  if (!a || !b)
    return std::nullopt;
  switch (compare.getKind()) {
  case CompareKind::Lt:
    return *a < *b;
  case CompareKind::Le:
    return *a <= *b;
  case CompareKind::Gt:
    return *a > *b;
  case CompareKind::Ge:
    return *a >= *b;
  case CompareKind::Eq:
    return *a == *b;
  case CompareKind::Ne:
    return *a != *b;
  }
  llvm_unreachable("a comparison of no kind");
}

/// A load of the same, at a known position, that is there already.
LoadOp Tiling::knownLoad(Value array, ValueRange positions, Scope &scope) {
  if (llvm::none_of(positions, [&](Value p) { return numberOf(p); }))
    return {};
  Block *here = scope.builder.getInsertionBlock();
  for (LoadOp load : loads)
    if (load.getArray() == array &&
        llvm::equal(load.getPositions(), positions) &&
        (load->getBlock() == here ||
         load->getBlock()->findAncestorOpInBlock(*here->getParentOp())))
      return load;
  return {};
}
