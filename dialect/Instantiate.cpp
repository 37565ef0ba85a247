// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types an operator for one binding of its dtype variables, inlining calls.

#include "dialect/Instantiate.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/FunctionOps.h"
#include "dialect/IndexOps.h"
#include "dialect/RunningMax.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/OwningOpRef.h"

using namespace mlir;
using namespace gemel;

SmallVector<SmallVector<Type>> gemel::bindingsOf(OpOp op) {
  SmallVector<SmallVector<Type>> bindings(1);
  for (Attribute attr : op.getDtypeVariables()) {
    SmallVector<SmallVector<Type>> longer;
    for (const auto &binding : bindings)
      for (Type choice : cast<DtypeVariableAttr>(attr).getChoices()) {
        longer.push_back(binding);
        longer.back().push_back(choice);
      }
    bindings = std::move(longer);
  }
  return bindings;
}

namespace {

using Dtypes = llvm::StringMap<Type>;

Dtypes bind(OpOp op, ArrayRef<Type> binding) {
  Dtypes dtypes;
  for (auto [attr, type] : llvm::zip(op.getDtypeVariables(), binding))
    dtypes[cast<DtypeVariableAttr>(attr).getName().getValue()] = type;
  return dtypes;
}

Type resolve(MLIRContext *context, const Dtypes &dtypes, StringRef word) {
  Type type = parseDtype(context, word);
  return type ? type : dtypes.lookup(word);
}

ArrayType argumentType(ArgumentAttr argument, const Dtypes &dtypes) {
  SmallVector<StringAttr> axes;
  for (Attribute axis : argument.getAxes())
    axes.push_back(cast<StringAttr>(axis));
  MLIRContext *context = argument.getContext();
  return ArrayType::get(
      context, axes, resolve(context, dtypes, argument.getDtype().getValue()));
}

/// Types one operator's body, statement by statement.
class Instantiation {
public:
  Instantiation(OpOp op, OpLookup lookup) : root(op), lookup(lookup) {}
  LogicalResult run(ArrayRef<Type> binding);

private:
  /// Types the ops from `first` up to the end of the block.
  LogicalResult typeOps(Block &block);
  LogicalResult typeOp(Operation *op);
  LogicalResult typeCall(CallOp call);
  LogicalResult expandPower(CallOp call);
  LogicalResult coerceReturn(ReturnOp op);
  LogicalResult coerceToResult(Operation *op, unsigned i, ArgumentAttr result,
                               const Dtypes &dtypes);
  LogicalResult checkRequire(RequireOp op);

  OpOp root;
  OpLookup lookup;
  Dtypes dtypes;
};

/// The whole work limit of inlining, so that doubling calls end in a sentence.
constexpr int64_t kMaxInlinedOps = 100000;

} // namespace

LogicalResult Instantiation::run(ArrayRef<Type> binding) {
  dtypes = bind(root, binding);
  Block &block = root.getBody().front();
  for (auto [i, argument] : llvm::enumerate(block.getArguments()))
    argument.setType(argumentType(root.getParameter(i), dtypes));
  return typeOps(block);
}

LogicalResult Instantiation::typeOps(Block &block) {
  LogicalResult result = success();
  int64_t count = 0;
  for (Operation *op = &block.front(); op;) {
    if (++count > kMaxInlinedOps)
      return emitError(root.getLoc())
             << "'" << root.getSymName() << "' has more than " << kMaxInlinedOps
             << " operations once its calls are inlined";
    // A call is replaced by what it stands for, which is typed next.
    Operation *previous = op->getPrevNode();
    bool call = isa<CallOp>(op);
    bool typed = llvm::all_of(op->getOperands(), [](Value v) {
      return !isa<UntypedType>(v.getType());
    });
    if (typed) {
      if (failed(typeOp(op))) {
        result = failure();
        if (call)
          return failure();
      } else if (call && lookup) {
        op = previous ? previous->getNextNode() : &block.front();
        continue;
      }
    } else if (lookup) {
      return failure(); // an operand has been reported
    }
    op = op->getNextNode();
  }
  return result;
}

LogicalResult Instantiation::typeOp(Operation *op) {
  if (auto call = dyn_cast<CallOp>(op))
    return typeCall(call);
  if (auto returns = dyn_cast<ReturnOp>(op))
    return coerceReturn(returns);
  if (auto require = dyn_cast<RequireOp>(op))
    return checkRequire(require);
  if (auto d = dyn_cast<CotangentOp>(op)) {
    for (Attribute attr : root.getResults_())
      if (cast<ArgumentAttr>(attr).getName().getValue() == d.getName()) {
        ArrayType type = argumentType(cast<ArgumentAttr>(attr), dtypes);
        d.getResult().setType(
            ArrayType::get(op->getContext(), type.getAxes(),
                           Float32Type::get(op->getContext())));
      }
    return success();
  }
  if (isa<SaveOp, GradOp>(op))
    return success();
  auto typed = dyn_cast<TypedOpInterface>(op);
  if (!typed)
    return emitError(op->getLoc()) << "'" << op->getName() << "' does not "
                                   << "stand in an operator as it is written";
  if (auto castOp = dyn_cast<CastOp>(op)) {
    Type type = resolve(op->getContext(), dtypes, castOp.getDtype());
    if (type)
      castOp.setDtype(dtypeWord(type));
  }
  if (auto constant = dyn_cast<ConstantOp>(op)) {
    // An integer literal is i32 alone; a partner retypes it.
    auto integer = dyn_cast<IntegerAttr>(constant.getValue());
    if (integer && integer.getType().isInteger(64) &&
        integer.getValue().isSignedIntN(32))
      constant.setValueAttr(cast<TypedAttr>(
          IntegerAttr::get(IntegerType::get(op->getContext(), 32),
                           integer.getValue().getSExtValue())));
  }
  if (failed(typed.coerceOperands()))
    return failure();
  FailureOr<Type> type = typed.inferType();
  if (failed(type))
    return failure();
  op->getResult(0).setType(*type);
  return failed(findRunningMax(op)) ? failure() : success();
}

/// op_c4, op_c5: the value is brought to what the border rounds from.
LogicalResult Instantiation::coerceToResult(Operation *op, unsigned i,
                                            ArgumentAttr result,
                                            const Dtypes &dtypes) {
  Value value = op->getOperand(i);
  ArrayType declared = argumentType(result, dtypes);
  for (StringAttr axis : axesOf(value))
    if (!hasAxis(declared, axis)) // op_c4
      return emitError(value.getLoc())
             << "'" << result.getName().getValue() << "' is "
             << describe(declared) << ", but its value is "
             << describe(value.getType()) << "; reduce axis '"
             << axis.getValue() << "' or add it to the result";
  Type to = declared.getElementType(), from = elementOf(value);
  if (to == from)
    return success();
  OpBuilder b(op);
  Value coerced = coerce(b, op->getLoc(), value, widened(to));
  bool rounds = isa<FloatType>(to) || to == widened(to);
  if (!coerced || !rounds) // op_c5
    return emitError(value.getLoc())
           << "'" << result.getName().getValue() << "' is "
           << describe(declared) << ", but its value is "
           << describe(value.getType()) << "; write " << dtypeWord(to) << "(…)";
  op->setOperand(i, coerced);
  return success();
}

LogicalResult Instantiation::coerceReturn(ReturnOp op) {
  LogicalResult status = success();
  unsigned i = 0;
  for (Attribute attr : root.getResults_())
    if (failed(coerceToResult(op, i++, cast<ArgumentAttr>(attr), dtypes)))
      status = failure();
  for (int64_t parameter : root.getInouts())
    if (failed(coerceToResult(op, i++, root.getParameter(parameter), dtypes)))
      status = failure();
  return status;
}

/// require_c1, require_c2.
LogicalResult Instantiation::checkRequire(RequireOp op) {
  if (failed(op.verify()))
    return failure();
  SmallVector<Value> work = {op.getCondition()};
  while (!work.empty()) {
    Value value = work.pop_back_val();
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      if (root.getParameter(argument.getArgNumber()).getScalar())
        continue;
      return emitError(op.getLoc()) // require_c2
             << "'require' reads array '"
             << root.getParameter(argument.getArgNumber()).getName().getValue()
             << "', whose elements a launch does not see; speak of sizes and "
                "by-value scalars";
    }
    Operation *defining = value.getDefiningOp();
    if (!axesOf(value).empty())
      return emitError(op.getLoc())
             << "'require' depends on " << describe(value.getType())
             << "; speak of sizes and by-value scalars";
    work.append(defining->operand_begin(), defining->operand_end());
  }
  return success();
}

/// pow(x, n) with an integer literal: multiplication by squaring, low bit
/// first; a negative n is the reciprocal of the positive power.
LogicalResult Instantiation::expandPower(CallOp call) {
  auto constant = call.getArguments()[1].getDefiningOp<ConstantOp>();
  int64_t n = cast<IntegerAttr>(constant.getValue()).getInt();
  Location loc = call.getLoc();
  if (n < -1024 || n > 1024)
    return emitError(loc) << "'pow' takes an integer exponent from -1024 to "
                          << "1024; write " << n << ".0 for exp(y * log(x))";
  OpBuilder b(call);
  Type untyped = UntypedType::get(b.getContext());
  Value base = call.getArguments()[0], product;
  for (uint64_t bits = std::abs(n); bits; bits >>= 1) {
    if (bits & 1)
      product = product ? MulOp::create(b, loc, untyped, product, base) : base;
    if (bits > 1)
      base = MulOp::create(b, loc, untyped, base, base);
  }
  if (!product)
    product = ConstantOp::create(b, loc, untyped,
                                 cast<TypedAttr>(b.getI64IntegerAttr(1)));
  if (n < 0)
    product = RecipOp::create(b, loc, untyped, product);
  call.getResult().replaceAllUsesWith(product);
  call.erase();
  return success();
}

LogicalResult Instantiation::typeCall(CallOp call) {
  StringRef name = call.getCallee();
  Location loc = call.getLoc();
  OpBuilder b(call);
  if (name == "pow" && call.getArguments().size() == 2)
    if (auto constant = call.getArguments()[1].getDefiningOp<ConstantOp>())
      if (isa<IntegerAttr>(constant.getValue()) && lookup)
        return expandPower(call);
  if (!lookup)
    return success(); // checked where all files are known
  OpOp callee = lookup(name);
  if (!callee)
    return emitError(loc) << "there is no function or operator '" << name
                          << "'; give the file that has it, or its folder "
                             "with -I";
  // The operators whose inlining brought this call here, outermost first.
  SmallVector<Attribute> callers = {
      StringAttr::get(b.getContext(), root.getSymName())};
  if (auto attr = call->getAttrOfType<ArrayAttr>("callers"))
    callers.assign(attr.begin(), attr.end());
  if (llvm::is_contained(callers, call.getCalleeAttr())) // call_c2
    return emitError(loc) << "'" << name << "' calls itself"
                          << (callers.back() == call.getCalleeAttr()
                                  ? ""
                                  : ", by way of other operators")
                          << "; a call is inlined, so it has to end";
  callers.push_back(call.getCalleeAttr());
  if (callee.getResults_().size() != 1) // call_c1
    return emitError(loc) << "'" << name << "' has "
                          << callee.getResults_().size()
                          << " results; only an operator with one is called";
  if (!callee.getInouts().empty())
    return emitError(loc) << "'" << name << "' changes an inout in place, "
                          << "which a call cannot";
  unsigned given = call.getArguments().size();
  unsigned wanted = callee.getParameters().size();
  if (given > wanted)
    return emitError(loc) << "'" << name << "' takes " << wanted
                          << " arguments, got " << given;

  // Axes: by name, after renames.
  llvm::StringMap<StringAttr> axes;
  for (unsigned i = 0; i + 1 < call.getRenames().size(); i += 2) {
    auto theirs = cast<StringAttr>(call.getRenames()[i]);
    if (callee.findAxis(theirs.getValue()) < 0)
      return emitError(loc) << "'" << name << "' has no axis '"
                            << theirs.getValue() << "' to rename";
    axes[theirs.getValue()] = cast<StringAttr>(call.getRenames()[i + 1]);
  }
  for (Attribute attr : callee.getAxes()) {
    StringAttr axis = cast<AxisAttr>(attr).getName();
    axes.insert({axis.getValue(), axis});
    StringAttr ours = axes[axis.getValue()];
    if (llvm::none_of(call.getArguments(),
                      [&](Value v) { return hasAxis(v.getType(), ours); }))
      return emitError(loc) << "no argument of '" << name << "' has its axis '"
                            << axis.getValue() << "'; rename one: " << name
                            << "[" << axis.getValue() << " = …](…)";
  }

  // Dtypes: by the values' types.
  Dtypes theirs;
  IRMapping mapping;
  Block &body = callee.getBody().front();
  for (unsigned i = 0; i < wanted; ++i) {
    ArgumentAttr parameter = callee.getParameter(i);
    StringRef word = parameter.getDtype().getValue();
    if (i >= given) {
      auto value = dyn_cast_or_null<TypedAttr>(parameter.getDefaultValue());
      if (!value)
        return emitError(loc) << "'" << name << "' needs an argument for '"
                              << parameter.getName().getValue() << "'";
      mapping.map(
          body.getArgument(i),
          ConstantOp::create(b, loc, UntypedType::get(b.getContext()), value)
              .getResult());
      continue;
    }
    Value value = call.getArguments()[i];
    Type element = elementOf(value);
    Type declared = parseDtype(b.getContext(), word);
    if (!declared) {
      Type &bound = theirs[word];
      bool literal = value.getDefiningOp<ConstantOp>() &&
                     !isa<FloatType>(element) && !element.isInteger(1);
      DtypeVariableAttr variable;
      for (Attribute attr : callee.getDtypeVariables())
        if (cast<DtypeVariableAttr>(attr).getName().getValue() == word)
          variable = cast<DtypeVariableAttr>(attr);
      Type f32 = b.getF32Type();
      if (literal && llvm::is_contained(variable.getChoices(), f32) &&
          !llvm::is_contained(variable.getChoices(), element))
        element = f32;
      if (!bound)
        bound = element;
      if (!llvm::is_contained(variable.getChoices(), bound))
        return emitError(loc)
               << "'" << name << "' takes no " << dtypeWord(bound) << " for '"
               << parameter.getName().getValue() << "'; cast the argument";
      declared = bound;
    }
    Value coerced = coerce(b, loc, value, declared);
    if (!coerced) // call_c3
      return emitError(loc)
             << "'" << parameter.getName().getValue() << "' of '" << name
             << "' is " << dtypeWord(declared) << ", but its argument is "
             << describe(value.getType())
             << "; an argument is never rounded silently: write "
             << dtypeWord(declared) << "(…)";
    for (Attribute axis : parameter.getAxes())
      if (!hasAxis(coerced.getType(), axes[cast<StringAttr>(axis).getValue()]))
        return emitError(loc)
               << "'" << parameter.getName().getValue() << "' of '" << name
               << "' has axis " << axis << ", but its argument is "
               << describe(value.getType());
    mapping.map(body.getArgument(i), coerced);
  }

  ArgumentAttr result = callee.getResultArgument(0);
  StringRef word = result.getDtype().getValue();
  Type to = resolve(b.getContext(), theirs, word);
  if (!to)
    return emitError(loc) << "'" << name << "' gives a '" << word
                          << "', but no argument says which dtype that is; "
                             "declare a parameter as '"
                          << word << "', or the result as one dtype";

  // Its gradients are its parameters', which are gone once it is inlined.
  if (llvm::any_of(body, [](Operation &o) { return isa<GradOp>(o); }))
    root->setAttr("lost_grad", b.getStringAttr(name));

  // The callee's statements, untyped, in the place of the call.
  auto rename = [&](StringAttr axis) {
    auto it = axes.find(axis.getValue());
    return it == axes.end() ? axis : it->second;
  };
  auto renameAll = [&](ArrayAttr list) {
    SmallVector<Attribute> renamed;
    for (Attribute axis : list)
      renamed.push_back(rename(cast<StringAttr>(axis)));
    return b.getArrayAttr(renamed);
  };
  for (Operation &original : body) {
    if (isa<SaveOp, GradOp, CotangentOp, RequireOp>(original))
      continue;
    if (auto returns = dyn_cast<ReturnOp>(original)) {
      Value value = mapping.lookupOrDefault(returns.getValues()[0]);
      // A call's result is rounded to its declared type. Where that is open,
      // the rounding stands for all types that it may be.
      bool open = isa<FloatType>(to) && !parseDtype(b.getContext(), word);
      if (isNarrow(to) || open)
        value = CastOp::create(b, loc, UntypedType::get(b.getContext()), value,
                               dtypeWord(to), /*fast=*/false);
      call.getResult().replaceAllUsesWith(value);
      break;
    }
    Operation *op = b.clone(original, mapping);
    if (auto castOp = dyn_cast<CastOp>(op))
      castOp.setDtype(
          dtypeWord(resolve(b.getContext(), theirs, castOp.getDtype())));
    if (auto inner = dyn_cast<CallOp>(op)) {
      SmallVector<Attribute> renames;
      for (auto [i, attr] : llvm::enumerate(inner.getRenames()))
        renames.push_back(i % 2 ? rename(cast<StringAttr>(attr)) : attr);
      inner.setRenamesAttr(b.getArrayAttr(renames));
      inner->setAttr("callers", b.getArrayAttr(callers));
    }
    for (StringRef key : {"axes", "axis"})
      if (Attribute attr = op->getAttr(key)) {
        if (auto list = dyn_cast<ArrayAttr>(attr))
          op->setAttr(key, renameAll(list));
        else
          op->setAttr(key, rename(cast<StringAttr>(attr)));
      }
    if (call.getFast() && op->getNumResults() == 1 &&
        !isa<ConstantOp, PosOp, SizeOp>(op))
      op->setAttr("fast", b.getUnitAttr());
  }
  call.erase();
  return success();
}

LogicalResult gemel::instantiate(OpOp op, ArrayRef<Type> binding,
                                 OpLookup lookup) {
  if (failed(Instantiation(op, lookup).run(binding)))
    return failure();
  if (!lookup)
    return success();
  // The header loses its variables: the instance is an operator of its own.
  Builder b(op.getContext());
  Dtypes dtypes = bind(op, binding);
  auto close = [&](ArrayAttr list) {
    SmallVector<Attribute> closed;
    for (Attribute attr : list) {
      auto a = cast<ArgumentAttr>(attr);
      Type type = resolve(op.getContext(), dtypes, a.getDtype().getValue());
      closed.push_back(ArgumentAttr::get(
          op.getContext(), a.getName(), b.getStringAttr(dtypeWord(type)),
          a.getAxes(), a.getScalar(), a.getInout(), a.getGradF32(),
          a.getDefaultValue()));
    }
    return b.getArrayAttr(closed);
  };
  op.setParametersAttr(close(op.getParameters()));
  op.setResults_Attr(close(op.getResults_()));
  op.setDtypeVariablesAttr(b.getArrayAttr({}));
  return success();
}

LogicalResult gemel::checkTypes(OpOp op) {
  for (const SmallVector<Type> &binding : bindingsOf(op)) {
    OwningOpRef<OpOp> copy(op.clone());
    if (failed(instantiate(*copy, binding, nullptr)))
      return failure();
  }
  return success();
}
