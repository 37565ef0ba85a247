// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes a kernel's loops ready to run: what each combines, and in what shape.

#include "codegen/reference/TilePreparation.h"

#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::reference;

LogicalResult Preparation::prepareCarry(ForOp op, unsigned init,
                                        Combination &c) {
  Value first = op.getInits()[init];
  Value argument = op.getBody().front().getArgument(init + 1);
  if (!isa<TileType>(first.getType()) || !isa<TileType>(argument.getType()))
    return refuse(op) << "carries " << first.getType() << ", which is no tile";
  c.init = slot(first);
  c.carried = slot(argument);
  return spread(op, shapeOf(first), shapeOf(argument), c.initSpread);
}

LogicalResult Preparation::prepareTerms(ForOp op, ValueRange terms,
                                        TileType result, Combination &c) {
  Shape shape = shapeOf(result);
  bool carry = c.kind == Combination::Kind::Carry;
  if (!carry) {
    // A term for each of the loop's positions that the tiles have.
    StringAttr axis = op.getAxisAttr();
    if (shape.find(axis) >= 0)
      return refuse(op) << "has axis '" << axis.getValue()
                        << "', over which it combines";
    for (Value term : terms)
      if (int64_t k = shapeOf(term).find(axis); k >= 0) {
        c.along = shapeOf(term).extents[k];
        c.swept = true;
      }
  }
  for (auto [i, term] : llvm::enumerate(terms)) {
    c.yielded[i] = slot(term);
    if (failed(spread(op, shapeOf(term), shape, c.spreads[i],
                      carry ? StringAttr() : op.getAxisAttr(), &c.strides[i])))
      return failure();
  }
  return success();
}

/// What kind of combination a word names; none if it names none.
static bool parseCombination(Attribute word, Combination &c) {
  StringRef name = cast<StringAttr>(word).getValue();
  c.kind = Combination::Kind::Reduce;
  if (name == "carry" || name == "dot" || name == "sum_if") {
    c.kind = name == "carry" ? Combination::Kind::Carry
             : name == "dot" ? Combination::Kind::Dot
                             : Combination::Kind::SumIf;
    return true;
  }
  std::optional<ReduceKind> reduce = symbolizeReduceKind(name);
  if (!reduce || *reduce == ReduceKind::Mean)
    return false;
  c.reduce = *reduce;
  return true;
}

/// Whether terms of these elements give that result.
static bool agree(const Combination &c, ValueRange terms, Type result) {
  Type element = elementOf(terms.back());
  bool real = isa<FloatType>(element), truth = element.isInteger(1);
  switch (c.kind) {
  case Combination::Kind::Carry:
    return element == result;
  case Combination::Kind::Dot:
    return isa<FloatType>(elementOf(terms[0])) && real && result.isF32();
  case Combination::Kind::SumIf:
    return elementOf(terms[0]).isInteger(1) && !truth && element == result;
  case Combination::Kind::Reduce:
    break;
  }
  if (c.reduce == ReduceKind::Argmax)
    return !truth && (result.isInteger(32) || result.isInteger(64));
  bool logic = c.reduce == ReduceKind::Any || c.reduce == ReduceKind::All;
  return element == result && logic == truth;
}

LogicalResult Preparation::prepareFor(ForOp op, Steps &steps) {
  if (op.getStep() < 1)
    return refuse(op) << "needs a step of 1 or more";
  Block &body = op.getBody().front();
  auto yield = body.empty() ? YieldOp() : dyn_cast<YieldOp>(body.back());
  unsigned carried = llvm::count_if(op.getCombine(), [](Attribute kind) {
    return cast<StringAttr>(kind).getValue() == "carry";
  });
  if (op.getCombine().size() != op.getNumResults() ||
      carried != op.getInits().size() ||
      body.getNumArguments() != carried + 1 || !yield ||
      !body.getArgument(0).getType().isIndex())
    return refuse(op) << "needs a combination for each result, an init and an "
                      << "argument of the body for each that is carried";
  Step step = makeStep(Step::Kind::For, op, -1);
  step.loop = std::make_unique<Loop>();
  Loop &loop = *step.loop;
  loop.lower = slot(op.getLower());
  loop.upper = slot(op.getUpper());
  loop.step = op.getStep();
  for (BlockArgument argument : body.getArguments())
    if (define(op, argument) < 0)
      return failure();
  loop.first = slot(body.getArgument(0));
  if (failed(prepareBlock(body, loop.body)))
    return failure();
  ValueRange left = yield.getValues();
  unsigned init = 0;
  for (auto [i, value] : llvm::enumerate(op.getResults())) {
    Combination &c = loop.combinations.emplace_back();
    if (!parseCombination(op.getCombine()[i], c))
      return refuse(op) << "has no combination " << op.getCombine()[i];
    c.order = cast<OrderAttr>(op.getOrders()[i]);
    unsigned count =
        c.kind == Combination::Kind::Dot || c.kind == Combination::Kind::SumIf;
    ValueRange terms = left.take_front(++count);
    left = left.drop_front(std::min<size_t>(count, left.size()));
    if (terms.size() < count || !llvm::all_of(terms.getTypes(), [](Type type) {
          return isa<TileType>(type);
        }))
      return refuse(op) << "needs " << count << " yielded tiles for "
                        << op.getCombine()[i];
    auto type = dyn_cast<TileType>(value.getType());
    if (!type || !agree(c, terms, type.getElementType()))
      return refuse(op) << "cannot give " << value.getType() << " by "
                        << op.getCombine()[i] << " of "
                        << terms.back().getType();
    c.element = elementOf(terms.back());
    c.result = define(op, value);
    if (c.result < 0 || failed(prepareTerms(op, terms, type, c)))
      return failure();
    if (c.kind != Combination::Kind::Carry)
      continue;
    BlockArgument argument = body.getArgument(init + 1);
    if (argument.getType() != type)
      return refuse(op) << "carries " << argument.getType() << ", but gives "
                        << type;
    if (failed(prepareCarry(op, init++, c)))
      return failure();
  }
  if (!left.empty())
    return refuse(op) << "yields more than it combines";
  steps.push_back(std::move(step));
  return success();
}
