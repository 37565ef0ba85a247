// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Operators, plans, checks and their statements: verifiers.

#include "dialect/ModuleOps.h"

#include "dialect/Instantiate.h"
#include "dialect/RunningMax.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace gemel;

//===- OpOp -===//

int64_t OpOp::findAxis(StringRef name) {
  for (int64_t i = 0, e = getAxes().size(); i < e; ++i)
    if (getAxis(i).getName().getValue() == name)
      return i;
  return -1;
}

StringAttr OpOp::getCutAxis(StringAttr runs) {
  int64_t i = findAxis(runs);
  ArrayAttr of = i < 0 ? ArrayAttr() : getAxis(i).getOf();
  return of && of.size() == 1 ? cast<StringAttr>(of[0]) : StringAttr();
}

SmallVector<int64_t> OpOp::getInouts() {
  SmallVector<int64_t> inouts;
  for (int64_t i = 0, e = getParameters().size(); i < e; ++i)
    if (getParameter(i).getInout())
      inouts.push_back(i);
  return inouts;
}

bool OpOp::isTyped() {
  Block &block = getBody().front();
  if (!gemel::isTyped(block.getArguments()))
    return false;
  return llvm::all_of(
      block, [](Operation &op) { return gemel::isTyped(op.getResults()); });
}

void OpOp::addRunSizes(llvm::StringMap<int64_t> &sizes) {
  for (Attribute attr : getAxes()) {
    auto axis = cast<AxisAttr>(attr);
    if (!axis.getOf())
      continue;
    int64_t terms = 1;
    for (Attribute base : axis.getOf())
      terms *= sizes.lookup(cast<StringAttr>(base).getValue());
    sizes[axis.getName().getValue()] =
        terms / axis.getRuns() + (terms % axis.getRuns() != 0);
  }
}

/// The generic form can hold anything; only what the printer can spell and
/// what the other rooms rely on passes.
LogicalResult OpOp::verify() {
  if (getMalformed())
    return failure(); // reported where it was parsed
  auto bad = [&](Attribute attr) {
    return emitOpError() << "has an odd header entry " << attr;
  };
  if (!isName(getSymName()))
    return emitOpError() << "needs a name, not '" << getSymName() << "'";
  llvm::StringSet<> axes, values, dtypes;
  for (Attribute attr : getDtypeVariables()) {
    auto variable = dyn_cast<DtypeVariableAttr>(attr);
    if (!variable || !isFreeName(variable.getName().getValue()) ||
        variable.getChoices().empty())
      return bad(attr);
    llvm::SmallPtrSet<Type, 4> seen;
    for (Type choice : variable.getChoices())
      if (dtypeWord(choice) == "?" || !seen.insert(choice).second)
        return bad(attr);
    if (!dtypes.insert(variable.getName().getValue()).second) // op_c1
      return mlir::emitError(getLoc())
             << "dtype variable '" << variable.getName().getValue()
             << "' is declared twice";
  }
  for (Attribute attr : getAxes()) {
    auto axis = dyn_cast<AxisAttr>(attr);
    if (!axis || !isAxisName(axis.getName().getValue()) ||
        axis.getFixed() < -1 || axis.getMultiple() < 1 ||
        axis.getMaximum() < 0 || axis.getRuns() < 1)
      return bad(attr);
    if (axis.getOf())
      for (Attribute base : axis.getOf())
        if (!isa<StringAttr>(base) ||
            !axes.contains(cast<StringAttr>(base).getValue()))
          return bad(attr);
    if (!axes.insert(axis.getName().getValue()).second) // op_c1
      return mlir::emitError(getLoc())
             << "axis '" << axis.getName().getValue() << "' is declared twice";
  }
  for (ArrayAttr list : {getParameters(), getResults_()})
    for (Attribute attr : list) {
      auto argument = dyn_cast<ArgumentAttr>(attr);
      if (!argument || !isFreeName(argument.getName().getValue()) ||
          !(parseDtype(getContext(), argument.getDtype().getValue()) ||
            dtypes.contains(argument.getDtype().getValue())))
        return bad(attr);
      if (!values.insert(argument.getName().getValue()).second) // op_c1
        return mlir::emitError(getLoc())
               << "'" << argument.getName().getValue() << "' is declared twice";
      llvm::SmallPtrSet<Attribute, 4> seen;
      for (Attribute axis : argument.getAxes()) { // op_c2
        if (!isa<StringAttr>(axis) ||
            !axes.contains(cast<StringAttr>(axis).getValue()))
          return mlir::emitError(getLoc())
                 << "'" << argument.getName().getValue() << "' has axis "
                 << axis << ", which the header does not declare";
        if (!seen.insert(axis).second)
          return mlir::emitError(getLoc())
                 << "'" << argument.getName().getValue() << "' has axis "
                 << axis << " twice";
      }
    }
  Block &block = getBody().front();
  if (block.getNumArguments() != getParameters().size())
    return emitOpError() << "has " << getParameters().size()
                         << " parameters but " << block.getNumArguments()
                         << " block arguments";
  auto returns = block.empty() ? ReturnOp() : dyn_cast<ReturnOp>(block.back());
  if (!returns)
    return emitOpError() << "needs a gemel.return at the end of its body";
  if (returns.getValues().size() != getResults_().size() + getInouts().size())
    return emitOpError() << "returns " << returns.getValues().size()
                         << " values for " << getResults_().size()
                         << " results and " << getInouts().size() << " inouts";
  return success();
}

/// The axes that an op names, as attributes.
static SmallVector<Attribute> axesNamedBy(Operation *op) {
  SmallVector<Attribute> axes;
  if (Attribute axis = op->getAttr("axis"))
    axes.push_back(axis);
  if (auto list = op->getAttrOfType<ArrayAttr>("axes"))
    llvm::append_range(axes, list);
  if (auto call = dyn_cast<CallOp>(op))
    for (unsigned i = 1; i < call.getRenames().size(); i += 2)
      axes.push_back(call.getRenames()[i]);
  return axes;
}

/// op_c4, op_c5, where the text comes typed: `argument` takes a value of
/// `type`, as it is or by one rounding.
static bool fits(ArgumentAttr argument, Type type, bool rounds) {
  Type declared = parseDtype(type.getContext(), argument.getDtype().getValue());
  Type element = elementOf(type);
  if (declared && element != declared &&
      !(rounds && isa<FloatType>(declared) && element.isF32()))
    return false;
  return llvm::all_of(axesOf(type), [&](StringAttr axis) {
    return llvm::is_contained(argument.getAxes(), axis);
  });
}

static LogicalResult verifyBorder(OpOp op) {
  Block &block = op.getBody().front();
  auto refuse = [&](ArgumentAttr argument, Value value) {
    return op.emitOpError() << "'" << argument.getName().getValue()
                            << "' cannot be " << describe(value.getType());
  };
  SmallVector<ArgumentAttr> given;
  for (Attribute attr : op.getResults_())
    given.push_back(cast<ArgumentAttr>(attr));
  for (int64_t i : op.getInouts())
    given.push_back(op.getParameter(i));
  for (auto [i, value] : llvm::enumerate(block.getArguments()))
    if (!fits(op.getParameter(i), value.getType(), /*rounds=*/false) ||
        axesOf(value).size() != op.getParameter(i).getAxes().size())
      return refuse(op.getParameter(i), value);
  for (auto [argument, value] :
       llvm::zip(given, block.getTerminator()->getOperands()))
    if (!fits(argument, value.getType(), /*rounds=*/true))
      return refuse(argument, value);
  return success();
}

/// An array of floats, or of what may be floats, is what has a gradient.
static bool mayHaveGradient(OpOp op, ArgumentAttr parameter) {
  if (parameter.getScalar())
    return false;
  for (Attribute attr : op.getDtypeVariables())
    if (auto variable = cast<DtypeVariableAttr>(attr);
        variable.getName() == parameter.getDtype())
      return llvm::any_of(variable.getChoices(), llvm::IsaPred<FloatType>);
  return isa_and_nonnull<FloatType>(
      parseDtype(op.getContext(), parameter.getDtype().getValue()));
}

static LogicalResult verifyGrads(OpOp op) {
  llvm::StringMap<GradOp> values, orders;
  for (GradOp grad : op.getBody().getOps<GradOp>()) {
    StringRef name = grad.getName();
    auto parameters = op.getParameters().getAsRange<ArgumentAttr>();
    auto found = llvm::find_if(parameters, [&](ArgumentAttr parameter) {
      return parameter.getName().getValue() == name;
    });
    if (found == parameters.end()) // grad_c2
      return grad.emitOpError()
             << "names '" << name << "', which is not a parameter";
    if (!mayHaveGradient(op, *found)) // grad_c3
      return mlir::emitError(grad.getLoc())
             << "'" << name << "' has no gradient to override: it is "
             << ((*found).getScalar() ? "a by-value scalar"
                                      : "no array of floats")
             << "; drop the 'grad'";
    auto [first, inserted] =
        (grad.getValue() ? values : orders).try_emplace(name, grad);
    if (inserted)
      continue;
    InFlightDiagnostic diagnostic = mlir::emitError(grad.getLoc()); // grad_c4
    diagnostic << "the gradient of '" << name << "' is given twice";
    diagnostic.attachNote(first->second.getLoc()) << "first here";
    return diagnostic;
  }
  return success();
}

/// The statements that a gradient `d(y)` reaches are `grad` alone.
static LogicalResult verifyCotangent(OpOp op, CotangentOp d) {
  if (llvm::none_of(op.getResults_(), [&](Attribute attr) { // cotangent_c2
        return cast<ArgumentAttr>(attr).getName().getValue() == d.getName();
      }))
    return d.emitOpError() << "names '" << d.getName()
                           << "', which is not a result";
  SmallVector<Operation *> work = {d};
  while (!work.empty())
    for (Operation *user : work.pop_back_val()->getUsers()) {
      if (isa<ReturnOp, SaveOp, RequireOp>(user)) // cotangent_c1
        return d.emitOpError() << "stands outside a 'grad' statement";
      work.push_back(user);
    }
  return success();
}

/// The parser says the same of the written form, at the very places.
LogicalResult OpOp::verifyRegions() {
  auto result = getBody().walk([&](Operation *op) {
    for (Attribute axis : axesNamedBy(op))
      if (auto name = dyn_cast<StringAttr>(axis);
          name && findAxis(name.getValue()) < 0) { // op_c6
        op->emitOpError() << "names axis " << axis
                          << ", which the header does not declare";
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  llvm::StringSet<> saved;
  for (SaveOp save : getBody().getOps<SaveOp>())
    if (!saved.insert(save.getName()).second) // save_c2
      return mlir::emitError(save.getLoc())
             << "'" << save.getName() << "' is saved twice";
  for (CotangentOp d : getBody().getOps<CotangentOp>())
    if (failed(verifyCotangent(*this, d)))
      return failure();
  if (failed(verifyGrads(*this)))
    return failure();
  if (!isTyped())
    return checkTypes(*this);
  for (Operation &op : getBody().front())
    if (failed(findRunningMax(&op)))
      return failure();
  return verifyBorder(*this);
}

//===- Statements -===//

LogicalResult SaveOp::verify() {
  if (!isFreeName(getName())) // save_c1
    return emitOpError() << "needs a name, not '" << getName() << "'";
  return success();
}

LogicalResult GradOp::verify() {
  if (!isName(getName()))
    return emitOpError() << "needs a name, not '" << getName() << "'";
  if (bool(getValue()) == bool(getOrderAttr())) // grad_c1
    return emitOpError() << "needs either a value or an order";
  return success();
}

LogicalResult RequireOp::verify() {
  if (!isTyped(getCondition()))
    return success();
  if (!elementOf(getCondition()).isInteger(1) ||
      !axesOf(getCondition()).empty()) // require_c1
    return mlir::emitError(getLoc())
           << "'require' takes one condition, but it is given "
           << describe(getCondition().getType())
           << "; compare sizes and by-value scalars";
  return success();
}

LogicalResult CallOp::verify() {
  if (!isName(getCallee()) || getRenames().size() % 2)
    return emitOpError() << "has an odd callee or odd renames";
  for (Attribute attr : getRenames())
    if (!isa<StringAttr>(attr) || !isName(cast<StringAttr>(attr).getValue()))
      return emitOpError() << "has an odd rename " << attr;
  return success();
}

//===- CheckOp, PlanOp -===//

LogicalResult CheckOp::verify() {
  if (!isName(getOp())) // check_c1
    return emitOpError() << "needs an operator's name, not '" << getOp() << "'";
  for (Operation &o : getBody().front())
    if (!isa<CaseOp, TolOp, MustOp>(o)) // check_c2
      return o.emitOpError() << "does not stand in a check";
  return success();
}

static bool isInteger(Attribute attr) {
  auto integer = dyn_cast<IntegerAttr>(attr);
  return integer && integer.getType().isInteger(64) && integer.getInt() >= 0;
}

LogicalResult CaseOp::verify() {
  auto isNamed = [](Attribute attr) {
    auto name = dyn_cast<StringAttr>(attr);
    return name && isFreeName(name.getValue());
  };
  auto isArray = [](Attribute attr) {
    auto list = dyn_cast<ArrayAttr>(attr);
    return list && llvm::all_of(list, [](Attribute one) {
             auto word = dyn_cast<StringAttr>(one);
             return word && isElement(word.getValue());
           });
  };
  auto hold = [&](ArrayAttr pairs, llvm::function_ref<bool(Attribute)> second) {
    for (auto [i, attr] : llvm::enumerate(pairs))
      if (!(i % 2 ? second(attr) : isNamed(attr)))
        return false;
    return pairs.size() % 2 == 0;
  };
  if (!hold(getSizes(), isInteger)) // case_c1
    return emitOpError() << "has odd sizes " << getSizes();
  for (ArrayAttr known : {getGiven(), getExpect()}) // case_c2
    if (!hold(known, isArray))
      return emitOpError() << "has odd arrays " << known;
  if (getSizes().empty() && getGiven().empty() && getExpect().empty())
    return emitOpError() << "lists neither sizes nor arrays"; // case_c3
  return success();
}

LogicalResult TolOp::verify() {
  if (!parseDtype(getContext(), getDtype()) || !isInteger(getUlpAttr()))
    return emitOpError() << "needs a dtype and a number of ulp"; // tol_c1
  return success();
}

LogicalResult MustOp::verify() {
  ArrayRef<StringLiteral> left = kObligations;
  for (Attribute attr : getObligations()) {
    auto word = dyn_cast<StringAttr>(attr);
    auto *found = word ? llvm::find(left, word.getValue()) : left.end();
    if (found == left.end()) // must_c1
      return emitOpError() << "has " << attr << ", or has it out of order";
    left = {found + 1, left.end()};
  }
  if (getObligations().empty()) // must_c1
    return emitOpError() << "asks for nothing";
  return success();
}

LogicalResult PlanOp::verify() {
  SmallVector<StringRef> words; // of the chip: "cpu-v4"
  getChip().split(words, '-');
  if (!isName(getOp()) || !llvm::all_of(words, isFreeName)) // plan_c1
    return emitOpError() << "needs names of an operator and a chip";
  for (Operation &o : getBody().front())
    if (!isa<PlanTileOp>(o)) // plan_c2
      return o.emitOpError() << "does not stand in a plan";
  return success();
}

LogicalResult PlanTileOp::verify() {
  if (!isFreeName(getAxis())) // plan_tile_c2
    return emitOpError() << "needs an axis, not '" << getAxis() << "'";
  if (getExtent() < 1 || getExtent() > 65536 ||
      !llvm::isPowerOf2_64(getExtent())) // plan_tile_c1
    return mlir::emitError(getLoc())
           << "'tile " << getAxis() << " = " << getExtent()
           << "' would cut the axis between aligned runs; take a power of two "
              "from 1 to 65536";
  return success();
}

void GemelDialect::registerModuleOps() {
  addOperations<
#define GET_OP_LIST
#include "dialect/ModuleOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "dialect/ModuleOps.cpp.inc"
