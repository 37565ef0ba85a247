// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The inverse of instantiating: walks the instances side by side and gives
// each dtype the variable that explains it.

#include "dialect/Generalize.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace gemel;

namespace {

/// A dtype's word in each instance.
using Words = SmallVector<StringRef>;

/// A cast in all instances.
struct Rounding {
  Words words;
  bool changes = false; ///< not of its operand's own type everywhere
};

class Generalization {
public:
  Generalization(ArrayAttr variables, ArrayRef<BoundOp> instances)
      : variables(variables), instances(instances) {}
  FailureOr<OwningOpRef<OpOp>> run();

private:
  bool alike(Value a, Value b, size_t j);
  bool sameOp(Operation *a, Operation *b);
  /// The variable or the word that stands for `words`; empty if none does.
  StringRef wordFor(const Words &words);
  ArrayAttr openArguments(llvm::function_ref<ArrayAttr(OpOp)> list);
  void openBody(OpOp op, const llvm::DenseMap<Operation *, StringRef> &casts);
  LogicalResult refuse() {
    OpOp op = instances.front().op;
    return emitError(op.getLoc())
           << "'" << op.getSymName() << "' differs between dtypes by more than "
           << "the dtypes; write one operator for each";
  }

  ArrayAttr variables;
  ArrayRef<BoundOp> instances;
  llvm::DenseMap<Operation *, Rounding> roundings; ///< casts of the first
  llvm::DenseSet<std::pair<Value, Value>> seen;
  llvm::StringSet<> used;
};

} // namespace

/// What the text does not show is left out.
static Value shown(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<WidenOp, ConvertOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

static double number(ConstantOp op) {
  if (auto real = dyn_cast<FloatAttr>(op.getValue()))
    return real.getValueAsDouble();
  return static_cast<double>(
      cast<IntegerAttr>(op.getValue()).getValue().getSExtValue());
}

bool Generalization::sameOp(Operation *a, Operation *b) {
  if (a->getName() != b->getName() ||
      a->getNumOperands() != b->getNumOperands())
    return false;
  if (auto constant = dyn_cast<ConstantOp>(a)) {
    double x = number(constant), y = number(cast<ConstantOp>(b));
    return x == y || (x != x && y != y);
  }
  return isa<CastOp>(a) || a->getAttrDictionary() == b->getAttrDictionary();
}

bool Generalization::alike(Value a, Value b, size_t j) {
  a = shown(a);
  b = shown(b);
  if (!seen.insert({a, b}).second)
    return true;
  auto argument = dyn_cast<BlockArgument>(a);
  if (argument || isa<BlockArgument>(b))
    return argument && isa<BlockArgument>(b) &&
           argument.getArgNumber() == cast<BlockArgument>(b).getArgNumber();
  Operation *left = a.getDefiningOp(), *right = b.getDefiningOp();
  if (!sameOp(left, right))
    return false;
  if (auto rounding = dyn_cast<CastOp>(right)) {
    Rounding &known = roundings[left];
    known.words.resize(instances.size());
    StringRef word = rounding.getDtype();
    if (!known.words[j].empty() && known.words[j] != word)
      return false;
    known.words[j] = word;
    known.changes |= dtypeWord(elementOf(shown(rounding.getOperand()))) != word;
  }
  for (auto [x, y] : llvm::zip(left->getOperands(), right->getOperands()))
    if (!alike(x, y, j))
      return false;
  return true;
}

StringRef Generalization::wordFor(const Words &words) {
  if (llvm::all_equal(words))
    return words.front();
  for (auto [v, attr] : llvm::enumerate(variables)) {
    bool explains = true;
    for (auto [j, instance] : llvm::enumerate(instances))
      explains &= words[j] == dtypeWord(instance.binding[v]);
    if (!explains)
      continue;
    StringRef name = cast<DtypeVariableAttr>(attr).getName().getValue();
    used.insert(name);
    return name;
  }
  return {};
}

ArrayAttr
Generalization::openArguments(llvm::function_ref<ArrayAttr(OpOp)> list) {
  OpOp model = instances.front().op;
  Builder b(model.getContext());
  SmallVector<Attribute> open;
  for (auto [i, attr] : llvm::enumerate(list(model))) {
    auto a = cast<ArgumentAttr>(attr);
    Words words;
    for (const BoundOp &instance : instances)
      words.push_back(
          cast<ArgumentAttr>(list(instance.op)[i]).getDtype().getValue());
    StringRef word = wordFor(words);
    if (word.empty())
      return {};
    open.push_back(ArgumentAttr::get(
        b.getContext(), a.getName(), b.getStringAttr(word), a.getAxes(),
        a.getScalar(), a.getInout(), a.getGradF32(), a.getDefaultValue()));
  }
  return b.getArrayAttr(open);
}

/// Takes the types back, and what only they need.
void Generalization::openBody(
    OpOp op, const llvm::DenseMap<Operation *, StringRef> &casts) {
  Builder b(op.getContext());
  Type untyped = UntypedType::get(b.getContext());
  Block &block = op.getBody().front();
  for (BlockArgument argument : block.getArguments())
    argument.setType(untyped);
  for (Operation &o : llvm::make_early_inc_range(block)) {
    auto cast = casts.find(&o);
    if (isa<WidenOp, ConvertOp>(o) ||
        (cast != casts.end() && cast->second.empty())) {
      o.getResult(0).replaceAllUsesWith(o.getOperand(0));
      o.erase();
      continue;
    }
    if (cast != casts.end())
      llvm::cast<CastOp>(o).setDtype(cast->second);
    if (auto constant = dyn_cast<ConstantOp>(o)) {
      if (auto real = dyn_cast<FloatAttr>(constant.getValue()))
        constant.setValueAttr(llvm::cast<TypedAttr>(
            b.getF32FloatAttr(real.getValue().convertToFloat())));
      else if (!constant.getValue().getType().isInteger(1))
        constant.setValueAttr(llvm::cast<TypedAttr>(
            b.getI64IntegerAttr(static_cast<int64_t>(number(constant)))));
    }
    for (OpResult result : o.getResults())
      result.setType(untyped);
  }
}

FailureOr<OwningOpRef<OpOp>> Generalization::run() {
  OpOp model = instances.front().op;
  Block &block = model.getBody().front();
  for (size_t j = 0; j < instances.size(); ++j) {
    OpOp other = instances[j].op;
    Block &otherBlock = other.getBody().front();
    if (other.getAxes() != model.getAxes() ||
        otherBlock.getNumArguments() != block.getNumArguments())
      return refuse();
    auto rootsOf = [](Block &b) {
      SmallVector<Value> roots(b.getTerminator()->getOperands());
      for (RequireOp require : b.getOps<RequireOp>())
        roots.push_back(require.getCondition());
      return roots;
    };
    SmallVector<Value> roots = rootsOf(block), others = rootsOf(otherBlock);
    if (roots.size() != others.size())
      return refuse();
    for (auto [a, b] : llvm::zip(roots, others))
      if (!alike(a, b, j))
        return refuse();
  }

  OwningOpRef<OpOp> open(model.clone());
  llvm::DenseMap<Operation *, StringRef> casts;
  for (auto [original, copy] : llvm::zip(block, (*open).getBody().front()))
    if (isa<CastOp>(original)) {
      const Rounding &rounding = roundings[&original];
      StringRef &word = casts[&copy]; // empty: it changes nothing anywhere
      if (!rounding.changes)
        continue;
      word = wordFor(rounding.words);
      if (word.empty())
        return refuse();
    }
  ArrayAttr parameters =
      openArguments([](OpOp op) { return op.getParameters(); });
  ArrayAttr results = openArguments([](OpOp op) { return op.getResults_(); });
  if (!parameters || !results)
    return refuse();
  openBody(*open, casts);
  (*open).setParametersAttr(parameters);
  (*open).setResults_Attr(results);
  SmallVector<Attribute> needed;
  for (Attribute attr : variables)
    if (used.contains(cast<DtypeVariableAttr>(attr).getName().getValue()))
      needed.push_back(attr);
  (*open).setDtypeVariablesAttr(ArrayAttr::get(model.getContext(), needed));
  return open;
}

FailureOr<OwningOpRef<OpOp>> gemel::generalize(ArrayAttr variables,
                                               ArrayRef<BoundOp> instances) {
  return Generalization(variables, instances).run();
}
