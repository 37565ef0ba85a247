// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Operators, plans, checks and their statements: verifiers.

#include "dialect/ModuleOps.h"

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
  llvm::StringSet<> axes, values, dtypes;
  for (Attribute attr : getDtypeVariables()) {
    auto variable = dyn_cast<DtypeVariableAttr>(attr);
    if (!variable || !isName(variable.getName().getValue()) ||
        variable.getChoices().empty())
      return bad(attr);
    for (Type choice : variable.getChoices())
      if (dtypeWord(choice) == "?")
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
      if (!argument || !isName(argument.getName().getValue()) ||
          !(parseDtype(getContext(), argument.getDtype().getValue()) ||
            dtypes.contains(argument.getDtype().getValue())))
        return bad(attr);
      if (!values.insert(argument.getName().getValue()).second) // op_c1
        return mlir::emitError(getLoc())
               << "'" << argument.getName().getValue() << "' is declared twice";
      for (Attribute axis : argument.getAxes()) // op_c2
        if (!isa<StringAttr>(axis) ||
            !axes.contains(cast<StringAttr>(axis).getValue()))
          return mlir::emitError(getLoc())
                 << "'" << argument.getName().getValue() << "' has axis "
                 << axis << ", which the header does not declare";
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

//===- Statements -===//

LogicalResult SaveOp::verify() {
  if (!isName(getName())) // save_c1
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

LogicalResult PlanTileOp::verify() {
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
