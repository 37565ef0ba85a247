// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Prints operators, checks and plans in the form that authors write.

#include "dialect/ElementwiseOps.h"
#include "dialect/FunctionOps.h"
#include "dialect/IndexOps.h"
#include "dialect/ModuleOps.h"
#include "dialect/ReduceOps.h"
#include "dialect/Words.h"

#include "llvm/ADT/StringSet.h"

#include <charconv>
#include <cmath>

using namespace mlir;
using namespace gemel;

// Printed text must parse again, whose limit is 200 levels.
static constexpr int kMaxInlineDepth = 48;

/// Ops that are spelled where they are used and never named.
static bool isLeaf(Operation *o) {
  return isa<ConstantOp, SizeOp, PosOp, WidenOp, ConvertOp, CotangentOp>(o);
}

namespace {

/// Shortest digits that read back as the same f32, always with a point.
std::string floatText(float value) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value < 0 ? "-inf" : "inf";
  char buffer[64];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  std::string text(buffer, end);
  size_t mantissa = text.find('e');
  if (mantissa != std::string::npos && text[mantissa + 2] == '0')
    text.erase(mantissa + 2, 1); // 1e-06 as 1e-6
  if (text.find('.') == std::string::npos)
    text.insert(mantissa == std::string::npos ? text.size() : mantissa, ".0");
  return text;
}

class BodyPrinter {
public:
  BodyPrinter(OpOp op, OpAsmPrinter &p) : op(op), p(p) {}
  /// False if the text cannot say what the body holds.
  bool canPrint();
  void print();

private:
  static bool transparent(Operation *o) { return isa<WidenOp, ConvertOp>(o); }
  /// The value that the text shows for `value`.
  static Value shown(Value value) {
    while (Operation *o = value.getDefiningOp()) {
      if (!transparent(o))
        break;
      value = o->getOperand(0);
    }
    return value;
  }
  bool canPrintGradients();
  bool mustName(Operation *o);
  bool isInline(Operation *o);
  int64_t usesOf(Value value);
  StringRef localName(Operation *o);
  void chooseNames();
  Operation *statementOf(Operation *o);
  std::string fresh();
  void printStatement(Operation &o);
  void printValue(Value value, int level, bool fast);
  void printOp(Operation *o, int level, bool fast);
  void printOperands(Operation *o, bool fast);
  void printAxes(ArrayAttr axes, OrderAttr order);
  void line() { p.printNewline(); }

  OpOp op;
  OpAsmPrinter &p;
  llvm::DenseMap<Value, std::string> names;
  llvm::DenseMap<Operation *, int> depths;
  /// What depends on `d(y)`, with its depth: it has no name in the text.
  llvm::DenseMap<Operation *, int> gradients;
  llvm::StringSet<> taken;
  /// Inouts whose assignment waits for the end: parameter, its new value.
  SmallVector<std::pair<StringRef, Value>> pending;
  int counter = 0;
};

} // namespace

bool BodyPrinter::canPrint() {
  for (Attribute axis : op.getAxes())
    if (!isName(cast<AxisAttr>(axis).getName().getValue()))
      return false;
  for (Operation &o : op.getBody().front()) {
    if (o.getDialect() != op->getDialect() || o.getNumRegions() ||
        isa<RelayoutOp, PartialReduceOp>(o)) // no words of the language
      return false;
    if (auto constant = dyn_cast<ConstantOp>(o)) {
      // Typed literals read back through their partner.
      Type type = constant.getValue().getType();
      if (isa<FloatType>(type) && !type.isF32() &&
          !cast<FloatAttr>(constant.getValue()).getValue().isPosZero())
        return false;
    }
  }
  return canPrintGradients();
}

bool BodyPrinter::canPrintGradients() {
  for (Operation &o : op.getBody().front()) {
    int depth = isa<CotangentOp>(o);
    for (Value operand : o.getOperands())
      if (Operation *d = operand.getDefiningOp())
        if (auto it = gradients.find(d); it != gradients.end())
          depth = std::max(depth, it->second + 1);
    if (depth == 0 || o.getNumResults() == 0)
      continue;
    gradients[&o] = depth;
    if (depth >= kMaxInlineDepth ||
        (!isLeaf(&o) && usesOf(o.getResult(0)) != 1))
      return false;
  }
  return true;
}

/// True where the text around the one use would make the op a fast one.
bool BodyPrinter::mustName(Operation *o) {
  if (o->hasAttr("fast"))
    return false;
  return llvm::any_of(o->getResult(0).getUsers(), [&](Operation *user) {
    return transparent(user) ? mustName(user) : user->hasAttr("fast");
  });
}

int64_t BodyPrinter::usesOf(Value value) {
  int64_t count = 0;
  for (Operation *user : value.getUsers())
    count += transparent(user) ? usesOf(user->getResult(0)) : 1;
  return count;
}

StringRef BodyPrinter::localName(Operation *o) {
  auto name = dyn_cast<NameLoc>(o->getLoc());
  return name ? name.getName().getValue() : StringRef();
}

bool BodyPrinter::isInline(Operation *o) {
  return isLeaf(o) || !names.count(o->getResult(0));
}

std::string BodyPrinter::fresh() {
  std::string name;
  do
    name = "t" + std::to_string(counter++);
  while (!taken.insert(name).second);
  return name;
}

void BodyPrinter::chooseNames() {
  Block &block = op.getBody().front();
  auto returns = cast<ReturnOp>(block.back());
  for (ArrayAttr list : {op.getParameters(), op.getResults_()})
    for (Attribute a : list)
      taken.insert(cast<ArgumentAttr>(a).getName().getValue());
  for (auto [i, argument] : llvm::enumerate(block.getArguments()))
    names[argument] = op.getParameter(i).getName().str();
  for (SaveOp save : block.getOps<SaveOp>()) {
    taken.insert(save.getName());
    if (Operation *o = save.getValue().getDefiningOp(); o && !isLeaf(o))
      names.insert({save.getValue(), save.getName().str()});
  }
  for (auto [i, attr] : llvm::enumerate(op.getResults_())) {
    Value value = shown(returns.getValues()[i]);
    if (Operation *o = value.getDefiningOp(); o && !isLeaf(o))
      names.insert({value, cast<ArgumentAttr>(attr).getName().str()});
  }
  // The rest: the author's name, else one of ours, where a name is needed.
  for (Operation &o : block) {
    if (o.getNumResults() != 1 || isLeaf(&o) || names.count(o.getResult(0)) ||
        gradients.count(&o))
      continue;
    int depth = 0;
    for (Value operand : o.getOperands())
      if (Operation *d = operand.getDefiningOp())
        depth = std::max(depth, names.count(operand) ? 0 : depths[d]);
    depths[&o] = depth + 1;
    StringRef wanted = localName(&o);
    if (wanted.empty() && usesOf(o.getResult(0)) == 1 &&
        depth + 1 < kMaxInlineDepth && !mustName(&o))
      continue;
    std::string name = wanted.str();
    if (name.empty() || !isName(name) || isReserved(name)) {
      name = fresh();
    } else {
      for (int i = 1; !taken.insert(name).second; ++i)
        name = (wanted + "_" + Twine(i)).str();
    }
    names[o.getResult(0)] = name;
    depths[&o] = 0;
  }
}

/// The statement that an op is printed in.
Operation *BodyPrinter::statementOf(Operation *o) {
  while (o->getNumResults() == 1 && isInline(o) && !o->getResult(0).use_empty())
    o = *o->getResult(0).getUsers().begin();
  return o;
}

void BodyPrinter::print() {
  Block &block = op.getBody().front();
  auto returns = cast<ReturnOp>(block.back());
  chooseNames();
  // An inout's new value takes its name where nothing reads the old one later.
  unsigned first = op.getResults_().size();
  auto isStatement = [](Value value) {
    Operation *definition = value.getDefiningOp();
    return definition && !isLeaf(definition);
  };
  llvm::DenseSet<Value> given; // to an inout before
  for (Value returned : returns.getValues().drop_front(first))
    if (Value value = shown(returned); isStatement(value))
      names.insert({value, ""}); // a statement, named below
  for (auto [k, i] : llvm::enumerate(op.getInouts())) {
    Value value = shown(returns.getValues()[first + k]);
    Value old = block.getArgument(i);
    if (value == old)
      continue;
    Operation *definition = value.getDefiningOp();
    StringRef name = op.getParameter(i).getName().getValue();
    bool direct = isStatement(value) && given.insert(value).second &&
                  llvm::none_of(returns.getValues().take_front(first),
                                [&](Value v) { return shown(v) == value; }) &&
                  llvm::none_of(value.getUsers(), [](Operation *user) {
                    return isa<SaveOp>(user);
                  });
    for (Operation *user : old.getUsers())
      if (direct) {
        Operation *reader = statementOf(user);
        direct = reader == definition || reader->isBeforeInBlock(definition);
      }
    if (direct) {
      names[value] = name.str();
      continue;
    }
    if (isStatement(value) && names[value].empty())
      names[value] = fresh();
    pending.push_back({name, value});
  }
  for (Operation &o : block)
    printStatement(o);
  for (auto [i, attr] : llvm::enumerate(op.getResults_())) {
    StringRef name = cast<ArgumentAttr>(attr).getName().getValue();
    Value value = shown(returns.getValues()[i]);
    if (names.lookup(value) == name && value.getDefiningOp())
      continue;
    line();
    p << name << " = ";
    printValue(value, 0, false);
  }
  // All are evaluated before the first is assigned.
  for (auto &[name, value] : pending)
    if (isa<BlockArgument>(value)) {
      std::string temporary = fresh();
      line();
      p << temporary << " = " << names[value];
      names[value] = temporary;
    }
  for (auto &[name, value] : pending) {
    line();
    p << name << " = ";
    printValue(value, 0, false);
  }
}

void BodyPrinter::printStatement(Operation &o) {
  if (isa<ReturnOp>(o))
    return;
  if (auto save = dyn_cast<SaveOp>(o)) {
    if (names.lookup(save.getValue()) == save.getName())
      return;
    line();
    p << "save " << save.getName() << " = ";
    return printValue(save.getValue(), 0, false);
  }
  if (auto grad = dyn_cast<GradOp>(o)) {
    line();
    p << "grad " << grad.getName();
    if (grad.getOrderAttr()) {
      p << " by blocks " << grad.getOrderAttr().getBlocks();
      return;
    }
    p << " = ";
    return printValue(grad.getValue(), 0, false);
  }
  if (auto require = dyn_cast<RequireOp>(o)) {
    line();
    p << "require ";
    return printValue(require.getCondition(), 0, false);
  }
  if (isInline(&o))
    return;
  line();
  Value value = o.getResult(0);
  const std::string &name = names[value];
  for (Operation *user : value.getUsers())
    if (auto save = dyn_cast<SaveOp>(user); save && save.getName() == name)
      p << "save ";
  p << name << " = ";
  printOp(&o, 0, false);
}

void BodyPrinter::printValue(Value value, int level, bool fast) {
  Operation *o = value.getDefiningOp();
  if (o && transparent(o))
    return printValue(o->getOperand(0), level, fast);
  auto it = names.find(value);
  if (it != names.end() && !(o && isa<ConstantOp, SizeOp, PosOp>(o))) {
    p << it->second;
    return;
  }
  printOp(o, level, fast);
}

void BodyPrinter::printOperands(Operation *o, bool fast) {
  p << "(";
  llvm::interleaveComma(o->getOperands(), p,
                        [&](Value v) { printValue(v, 0, fast); });
  p << ")";
}

void BodyPrinter::printAxes(ArrayAttr axes, OrderAttr order) {
  p << "[";
  llvm::interleaveComma(
      axes, p, [&](Attribute a) { p << cast<StringAttr>(a).getValue(); });
  if (order && order.getKind() != OrderKind::Default) {
    p << ": " << stringifyOrderKind(order.getKind());
    if (order.getKind() == OrderKind::Blocks)
      p << " " << order.getBlocks();
  }
  p << "]";
}

void BodyPrinter::printOp(Operation *o, int level, bool fast) {
  if (o->hasAttr("fast") && !fast) {
    p << "fast(";
    printOp(o, 0, true);
    p << ")";
    return;
  }
  // Levels as in the grammar: 0 or, 1 and, 2 not, 3 compare, 4 sum, 5 product,
  // 6 unary.
  auto infix = [&](StringRef word, int own, int left, int right) {
    if (level > own)
      p << "(";
    printValue(o->getOperand(0), left, fast);
    p << " " << word << " ";
    printValue(o->getOperand(1), right, fast);
    if (level > own)
      p << ")";
  };
  if (isa<OrOp>(o))
    return infix("or", 0, 0, 1);
  if (isa<AndOp>(o))
    return infix("and", 1, 1, 2);
  if (isa<CompareOp>(o))
    return infix(spelling(o), 3, 4, 4);
  if (isa<AddOp, SubOp>(o))
    return infix(spelling(o), 4, 4, 5);
  if (isa<MulOp, DivOp>(o))
    return infix(spelling(o), 5, 5, 6);
  if (isa<NotOp>(o)) {
    if (level > 2)
      p << "(";
    p << "not ";
    printValue(o->getOperand(0), 2, fast);
    if (level > 2)
      p << ")";
    return;
  }
  if (isa<NegOp>(o)) {
    Operation *operand = o->getOperand(0).getDefiningOp();
    while (operand && transparent(operand))
      operand = operand->getOperand(0).getDefiningOp();
    bool literal = operand && isa<ConstantOp>(operand);
    p << (literal ? "-(" : "-");
    printValue(o->getOperand(0), literal ? 0 : 6, fast);
    if (literal)
      p << ")";
    return;
  }
  if (auto constant = dyn_cast<ConstantOp>(o)) {
    if (auto real = dyn_cast<FloatAttr>(constant.getValue()))
      p << floatText(real.getValue().convertToFloat());
    else if (constant.getValue().getType().isInteger(1))
      p << (cast<IntegerAttr>(constant.getValue()).getValue().isZero()
                ? "false"
                : "true");
    else if (constant.getValue().getType().isUnsignedInteger())
      p << cast<IntegerAttr>(constant.getValue()).getUInt();
    else
      p << cast<IntegerAttr>(constant.getValue()).getValue().getSExtValue();
    return;
  }
  if (auto pos = dyn_cast<PosOp>(o)) {
    p << "pos[" << pos.getAxis() << "]";
    return;
  }
  if (auto size = dyn_cast<SizeOp>(o)) {
    p << "size[" << size.getAxis() << "]";
    return;
  }
  if (auto d = dyn_cast<CotangentOp>(o)) {
    p << "d(" << d.getName() << ")";
    return;
  }
  if (auto at = dyn_cast<AtOp>(o)) {
    p << "at(";
    printValue(at.getSource(), 0, fast);
    p << ", " << at.getAxis() << " = ";
    printValue(at.getIndex(), 0, fast);
    p << ")";
    return;
  }
  if (auto put = dyn_cast<PutOp>(o)) {
    p << "put";
    printAxes(put.getAxes(), {});
    p << "(";
    printValue(put.getSource(), 0, fast);
    p << ", " << put.getAxis() << " = ";
    printValue(put.getIndex(), 0, fast);
    p << ")";
    return;
  }
  if (auto call = dyn_cast<CallOp>(o)) {
    p << call.getCallee();
    if (!call.getRenames().empty()) {
      p << "[";
      for (size_t i = 0; i + 1 < call.getRenames().size(); i += 2)
        p << (i ? ", " : "")
          << cast<StringAttr>(call.getRenames()[i]).getValue() << " = "
          << cast<StringAttr>(call.getRenames()[i + 1]).getValue();
      p << "]";
    }
    return printOperands(o, fast);
  }
  if (auto castOp = dyn_cast<CastOp>(o))
    p << castOp.getDtype();
  else if (o->hasAttr("quick"))
    p << "quick(" << spelling(o) << ")";
  else
    p << spelling(o);
  if (auto reduce = dyn_cast<ReduceOp>(o))
    printAxes(reduce.getAxes(), reduce.getOrder());
  if (auto dot = dyn_cast<DotOp>(o))
    printAxes(dot.getAxes(), dot.getOrder());
  printOperands(o, fast);
}

//===- OpOp -===//

static void printArgument(OpAsmPrinter &p, ArgumentAttr argument) {
  if (argument.getInout())
    p << "inout ";
  p << argument.getName().getValue() << ": " << argument.getDtype().getValue();
  if (!argument.getScalar()) {
    p << "[";
    llvm::interleaveComma(argument.getAxes(), p, [&](Attribute a) {
      p << cast<StringAttr>(a).getValue();
    });
    p << "]";
  }
  if (argument.getGradF32())
    p << " grad f32";
  if (auto real = dyn_cast_or_null<FloatAttr>(argument.getDefaultValue()))
    p << " = " << floatText(real.getValue().convertToFloat());
  if (auto i = dyn_cast_or_null<IntegerAttr>(argument.getDefaultValue()))
    p << " = " << i.getInt();
}

void OpOp::print(OpAsmPrinter &p) {
  BodyPrinter body(*this, p);
  if (!body.canPrint()) {
    p << " ";
    p.printGenericOp(*this, /*printOpName=*/false);
    return;
  }
  p << " @" << getSymName();
  if (!getDtypeVariables().empty()) {
    p << "<";
    llvm::interleaveComma(getDtypeVariables(), p, [&](Attribute attr) {
      auto variable = cast<DtypeVariableAttr>(attr);
      p << variable.getName().getValue() << ": ";
      llvm::interleave(
          variable.getChoices(), p, [&](Type t) { p << dtypeWord(t); }, "|");
    });
    p << ">";
  }
  if (!getAxes().empty()) {
    p << "[";
    llvm::interleaveComma(getAxes(), p, [&](Attribute attr) {
      auto axis = cast<AxisAttr>(attr);
      p << axis.getName().getValue();
      if (axis.getFixed() >= 0)
        p << " = " << axis.getFixed();
      if (axis.getMultiple() != 1)
        p << " mult " << axis.getMultiple();
      if (axis.getMaximum() != std::numeric_limits<int64_t>::max())
        p << " max " << axis.getMaximum();
    });
    p << "]";
  }
  p << "(";
  llvm::interleaveComma(getParameters(), p, [&](Attribute a) {
    printArgument(p, cast<ArgumentAttr>(a));
  });
  p << ") -> (";
  llvm::interleaveComma(getResults_(), p, [&](Attribute a) {
    printArgument(p, cast<ArgumentAttr>(a));
  });
  p << ")";
  p.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(),
      {"sym_name", "dtype_variables", "axes", "parameters", "results_"});
  p << " {";
  p.increaseIndent();
  body.print();
  p.decreaseIndent();
  p.printNewline();
  p << "}";
}

//===- CheckOp, PlanOp -===//

void CheckOp::print(OpAsmPrinter &p) {
  p << " @" << getOp() << " {";
  p.increaseIndent();
  auto text = [](Attribute a) { return cast<StringAttr>(a).getValue(); };
  auto known = [&](StringRef word, ArrayAttr pairs) {
    if (pairs.empty())
      return;
    p.increaseIndent();
    for (size_t i = 0; i + 1 < pairs.size(); i += 2) {
      p.printNewline();
      p << word << " " << text(pairs[i]) << " = [";
      llvm::interleaveComma(cast<ArrayAttr>(pairs[i + 1]), p,
                            [&](Attribute a) { p << text(a); });
      p << "]";
    }
    p.decreaseIndent();
  };
  for (Operation &o : getBody().front()) {
    p.printNewline();
    if (auto c = dyn_cast<CaseOp>(o)) {
      p << "case";
      for (size_t i = 0; i + 1 < c.getSizes().size(); i += 2)
        p << (i ? ", " : " ") << text(c.getSizes()[i]) << " = "
          << cast<IntegerAttr>(c.getSizes()[i + 1]).getInt();
      known("given", c.getGiven());
      known("expect", c.getExpect());
    } else if (auto tol = dyn_cast<TolOp>(o)) {
      p << "tol " << tol.getDtype() << " ulp " << tol.getUlp();
    } else if (auto must = dyn_cast<MustOp>(o)) {
      p << "must";
      for (Attribute a : must.getObligations())
        p << " " << text(a);
    }
  }
  p.decreaseIndent();
  p.printNewline();
  p << "}";
}

void PlanOp::print(OpAsmPrinter &p) {
  p << " @" << getOp() << " for " << getChip() << " {";
  p.increaseIndent();
  for (PlanTileOp tile : getBody().getOps<PlanTileOp>()) {
    p.printNewline();
    p << "tile " << tile.getAxis() << " = " << tile.getExtent();
  }
  p.decreaseIndent();
  p.printNewline();
  p << "}";
}
