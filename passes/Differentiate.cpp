// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Derives the backward of an operator, last op first.

#include "passes/Differentiate.h"

#include "passes/Passes.h"

#include "dialect/GradientBuilder.h"
#include "dialect/IndexOps.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace gemel;

bool gemel::hasGradient(ArgumentAttr parameter) {
  if (parameter.getScalar())
    return false; // a setting of the launch, not data
  Type element =
      parseDtype(parameter.getContext(), parameter.getDtype().getValue());
  return isa_and_nonnull<FloatType>(element);
}

namespace {

class Differentiation {
public:
  explicit Differentiation(OpOp forward) : forward(forward) {}
  FailureOr<Derivative> run();

private:
  LogicalResult refuse();
  OwningOpRef<OpOp> makeTraining();
  LogicalResult makeBackward();
  OwningOpRef<OpOp> makeAccumulate();

  void readHeader();
  std::string fresh(const Twine &wanted);
  Value addParameter(StringRef name, ArrayType type);
  void findActive();
  LogicalResult sweep();
  LogicalResult visit(Operation *o, Value d);
  Value total(Value value);
  GradientBuilder gradientBuilder(OpBuilder &builder, Location loc);
  OrderAttr orderFor(Value operand);
  void restoreSaved();
  void finish(ArrayRef<Value> gradients, ArrayRef<ArgumentAttr> results);
  void dropUnneeded();

  /// What reaches a value: by use (index of the op, operand), then by order.
  struct Contribution {
    std::pair<int64_t, unsigned> use;
    Value value;
  };

  OpOp forward;
  Derivative made;
  OpOp op; ///< the backward in the making, from a copy of the forward
  llvm::StringSet<> taken;
  llvm::DenseSet<Value> active;         ///< what a gradient may reach
  llvm::DenseSet<Operation *> selected; ///< by the gradients of branches
  llvm::DenseMap<Value, SmallVector<Contribution>> contributions;
  llvm::DenseMap<Operation *, int64_t> places;
  llvm::StringMap<Value> overrides;              ///< grad x = …
  llvm::StringMap<OrderAttr> orders;             ///< grad x by blocks n
  SmallVector<std::pair<Value, Value>> restored; ///< saved value, its array
};

} // namespace

static Location unnamed(Location loc) {
  while (auto name = dyn_cast<NameLoc>(loc))
    loc = name.getChildLoc();
  return loc;
}

/// What cannot have a derivative at all.
LogicalResult Differentiation::refuse() {
  Location loc = forward.getLoc();
  StringRef name = forward.getSymName();
  for (int64_t i : forward.getInouts())
    return mlir::emitError(loc)
           << "'" << name << "' has no backward: it changes inout '"
           << forward.getParameter(i).getName().getValue()
           << "' in place; give the new value as a result";
  if (auto callee = forward->getAttrOfType<StringAttr>("lost_grad"))
    return mlir::emitError(loc)
           << "'" << name << "' has no backward: it calls '"
           << callee.getValue()
           << "', whose 'grad' would be lost where it is inlined; write the "
              "call's text and the 'grad' here";
  auto some = [](ArrayAttr list) {
    return llvm::any_of(list, [](Attribute attr) {
      return hasGradient(cast<ArgumentAttr>(attr));
    });
  };
  if (!some(forward.getParameters()))
    return mlir::emitError(loc)
           << "'" << name
           << "' has no backward: none of its parameters is an array of floats";
  if (!some(forward.getResults_()))
    return mlir::emitError(loc)
           << "'" << name
           << "' has no backward: none of its results is an array of floats";
  return success();
}

void Differentiation::readHeader() {
  for (ArrayAttr list : {forward.getParameters(), forward.getResults_()})
    for (Attribute attr : list)
      taken.insert(cast<ArgumentAttr>(attr).getName().getValue());
}

std::string Differentiation::fresh(const Twine &wanted) {
  std::string name = wanted.str();
  for (int i = 1; isReserved(name) || !taken.insert(name).second; ++i)
    name = (wanted + "_" + Twine(i)).str();
  return name;
}

static ArgumentAttr argument(MLIRContext *context, StringRef name, Type element,
                             ArrayRef<StringAttr> axes, bool inout = false) {
  Builder b(context);
  SmallVector<Attribute> list(axes.begin(), axes.end());
  return ArgumentAttr::get(context, b.getStringAttr(name),
                           b.getStringAttr(dtypeWord(element)),
                           b.getArrayAttr(list), /*scalar=*/false, inout,
                           /*gradF32=*/false, Attribute());
}

/// The statements that only differentiation reads.
static void eraseStatements(OpOp op) {
  SmallVector<Operation *> dead;
  for (Operation &o : op.getBody().front())
    if (isa<SaveOp, GradOp>(o))
      dead.push_back(&o);
  for (Operation *o : dead)
    o->erase();
}

/// @f with the saved values as results.
OwningOpRef<OpOp> Differentiation::makeTraining() {
  OwningOpRef<OpOp> training(forward.clone());
  OpOp op = *training;
  OpBuilder b(op.getContext());
  GradientBuilder order(b, op);
  Block &block = op.getBody().front();
  SmallVector<Value> values(block.getTerminator()->getOperands());
  SmallVector<Attribute> results(op.getResults_().begin(),
                                 op.getResults_().end());
  for (auto [i, save] : llvm::enumerate(block.getOps<SaveOp>())) {
    Value value = save.getValue();
    results.push_back(argument(op.getContext(), made.saved[i], elementOf(value),
                               order.inHeaderOrder(axesOf(value))));
    values.push_back(value);
  }
  block.getTerminator()->setOperands(values);
  op.setResults_Attr(b.getArrayAttr(results));
  op.setSymName((forward.getSymName() + "_train").str());
  eraseStatements(op);
  deduplicate(op);
  return training;
}

Value Differentiation::addParameter(StringRef name, ArrayType type) {
  Builder b(op.getContext());
  SmallVector<Attribute> all(op.getParameters().begin(),
                             op.getParameters().end());
  all.push_back(
      argument(op.getContext(), name, type.getElementType(), type.getAxes()));
  op.setParametersAttr(b.getArrayAttr(all));
  return op.getBody().front().addArgument(type, op.getLoc());
}

/// A parameter whose gradient the text gives ends the chain, too.
void Differentiation::findActive() {
  Block &block = op.getBody().front();
  for (int64_t i = 0, e = forward.getParameters().size(); i < e; ++i) {
    ArgumentAttr parameter = forward.getParameter(i);
    if (hasGradient(parameter) &&
        !overrides.count(parameter.getName().getValue()))
      active.insert(block.getArgument(i));
  }
  for (Operation &o : block)
    if (o.getNumResults() == 1 && isa<FloatType>(elementOf(o.getResult(0))) &&
        llvm::any_of(o.getOperands(),
                     [&](Value v) { return active.contains(v); }))
      active.insert(o.getResult(0));
}

GradientBuilder Differentiation::gradientBuilder(OpBuilder &builder,
                                                 Location loc) {
  GradientBuilder b(builder, op);
  b.loc = unnamed(loc);
  b.selected = &selected;
  return b;
}

/// The sum of two contributions. What is absent from both is absent from it,
/// if it goes `further`, to be multiplied.
static Value addSelected(GradientBuilder &b, Value x, Value y, bool further) {
  auto [from, by] = b.withoutSelections(x);
  auto [otherFrom, otherBy] = b.withoutSelections(y);
  GradientBuilder::Selections common, own, other;
  for (const GradientBuilder::Selection &selection : by)
    (llvm::is_contained(otherBy, selection) ? common : own)
        .push_back(selection);
  for (const GradientBuilder::Selection &selection : otherBy)
    if (!llvm::is_contained(common, selection))
      other.push_back(selection);
  if (by.empty() || otherBy.empty())
    return b.add(x, y);
  Value sum = b.add(b.select(from, own), b.select(otherFrom, other));
  if (further && !own.empty() && !other.empty())
    sum = b.keepWhere(b.anyOf(own, other), sum);
  return b.select(sum, common);
}

/// All that reached `value`, in the order of its uses; null if nothing did.
Value Differentiation::total(Value value) {
  auto it = contributions.find(value);
  if (it == contributions.end())
    return {};
  llvm::stable_sort(it->second,
                    [](const Contribution &a, const Contribution &b) {
                      return a.use < b.use;
                    });
  OpBuilder builder(op.getBody().front().getTerminator());
  GradientBuilder b = gradientBuilder(builder, value.getLoc());
  Operation *producer = value.getDefiningOp();
  bool further = producer && !isa<WidenOp>(producer);
  Value sum;
  for (const Contribution &c : it->second)
    sum = sum ? addSelected(b, sum, c.value, further) : c.value;
  return sum;
}

/// `grad w by blocks n` orders what is derived for w itself.
OrderAttr Differentiation::orderFor(Value operand) {
  while (auto widen = operand.getDefiningOp<WidenOp>())
    operand = widen.getOperand();
  auto argument = dyn_cast<BlockArgument>(operand);
  if (!argument)
    return {};
  return orders.lookup(
      op.getParameter(argument.getArgNumber()).getName().getValue());
}

LogicalResult Differentiation::visit(Operation *o, Value d) {
  OpBuilder builder(op.getBody().front().getTerminator());
  GradientBuilder b = gradientBuilder(builder, o->getLoc());
  // The gradient of a value that the author named is named after it.
  if (auto name = dyn_cast<NameLoc>(o->getLoc()); name && !isa<WidenOp>(o))
    if (Operation *last = d.getDefiningOp();
        last && !isa<NameLoc>(last->getLoc()) && !isa<WidenOp>(last))
      last->setLoc(NameLoc::get(
          builder.getStringAttr("d" + name.getName().getValue()), b.loc));
  auto derivable = dyn_cast<GradientOpInterface>(o);
  if (!derivable)
    return mlir::emitError(o->getLoc())
           << "'" << spelling(o) << "' has no gradient; write 'stop' around it "
           << "or a 'grad' for the parameters behind it";
  for (OpOperand &operand : o->getOpOperands()) {
    if (!active.contains(operand.get()))
      continue;
    b.order = orderFor(operand.get());
    // What a selection leaves out stays out whatever it would be multiplied
    // by: the product is selected from, not what goes into it.
    auto [from, by] = b.withoutSelections(d);
    bool pointwise = isa<ElementwiseOpInterface>(o) && !by.empty();
    FailureOr<Value> part =
        derivable.gradient(b, operand.getOperandNumber(), pointwise ? from : d);
    if (failed(part))
      return failure();
    if (!*part)
      continue;
    if (pointwise)
      part = *part == from ? d : b.select(*part, by);
    // What was broadcast is summed over the axes that the operand lacks.
    SmallVector<StringAttr> beyond;
    ArrayRef<StringAttr> axes = isa<ElementwiseOpInterface>(o)
                                    ? axesOf(o->getResult(0))
                                    : axesOf(*part);
    for (StringAttr axis : axes)
      if (!hasAxis(operand.get().getType(), axis))
        beyond.push_back(axis);
    // The text does not show a widening: its use is the one behind it.
    auto use = isa<WidenOp>(o)
                   ? contributions[o->getResult(0)].front().use
                   : std::pair(places[o], operand.getOperandNumber());
    contributions[operand.get()].push_back({use, b.sum(*part, beyond)});
  }
  return success();
}

LogicalResult Differentiation::sweep() {
  SmallVector<Operation *> ops;
  for (auto [i, o] :
       llvm::enumerate(op.getBody().front().without_terminator())) {
    places[&o] = static_cast<int64_t>(i);
    if (o.getNumResults() == 1 && active.contains(o.getResult(0)))
      ops.push_back(&o);
  }
  for (Operation *o : llvm::reverse(ops))
    if (Value d = total(o->getResult(0)))
      if (failed(visit(o, d)))
        return failure();
  return success();
}

/// Saved values are read, not computed again. A running max is read as its
/// last value, which is that of the plain max.
void Differentiation::restoreSaved() {
  for (auto [value, array] : restored)
    value.replaceAllUsesWith(array);
  auto plain = OrderAttr::get(op.getContext(), OrderKind::Default, 0);
  for (ReduceOp max : op.getBody().front().getOps<ReduceOp>())
    if (max.getKind() == ReduceKind::Max &&
        max.getOrder().getKind() == OrderKind::Blocks)
      max.setOrderAttr(plain);
}

LogicalResult Differentiation::makeBackward() {
  made.backward = OwningOpRef<OpOp>(forward.clone());
  op = *made.backward;
  op.setSymName((forward.getSymName() + "_backward").str());
  Block &block = op.getBody().front();
  MLIRContext *context = op.getContext();
  OpBuilder b(&block, block.begin());
  GradientBuilder order(b, op);
  auto returns = cast<ReturnOp>(block.back());

  // Saved values as parameters, then the gradients that come in.
  for (auto [i, save] : llvm::enumerate(block.getOps<SaveOp>())) {
    Value value = save.getValue();
    if (!value.getDefiningOp())
      continue; // a parameter, which is there as it is
    auto type = ArrayType::get(context, order.inHeaderOrder(axesOf(value)),
                               elementOf(value));
    restored.push_back({value, addParameter(made.saved[i], type)});
  }
  llvm::StringMap<Value> incoming;
  for (auto [i, attr] : llvm::enumerate(forward.getResults_())) {
    auto result = cast<ArgumentAttr>(attr);
    if (!hasGradient(result))
      continue;
    SmallVector<StringAttr> axes;
    for (Attribute axis : result.getAxes())
      axes.push_back(cast<StringAttr>(axis));
    StringRef name = result.getName().getValue();
    std::string incomingName = fresh("d" + name);
    made.incoming.push_back(
        {result.getName(), StringAttr::get(context, incomingName)});
    Value d = addParameter(
        incomingName,
        ArrayType::get(context, axes, parseDtype(context, result.getDtype())));
    d = coerce(b, op.getLoc(), d, b.getF32Type());
    incoming[name] = d;
    // Axes that the result has and its value lacks were broadcast.
    Value value = returns.getValues()[i];
    OpBuilder end(returns);
    GradientBuilder sums(end, op);
    SmallVector<StringAttr> beyond;
    for (StringAttr axis : axes)
      if (!hasAxis(value.getType(), axis))
        beyond.push_back(axis);
    contributions[value].push_back(
        {{-1, static_cast<unsigned>(i)}, sums.sum(d, beyond)});
  }
  for (CotangentOp d :
       llvm::make_early_inc_range(block.getOps<CotangentOp>())) {
    Value array = incoming.lookup(d.getName());
    if (!array)
      return mlir::emitError(d.getLoc())
             << "result '" << d.getName()
             << "' is no array of floats, so no gradient comes in for it";
    d.getResult().replaceAllUsesWith(array);
    d.erase();
  }
  for (GradOp grad : block.getOps<GradOp>()) {
    if (Value value = grad.getValue())
      overrides[grad.getName()] =
          coerce(b, grad.getLoc(), value, b.getF32Type());
    else
      orders[grad.getName()] = grad.getOrderAttr();
  }

  findActive();
  if (failed(sweep()))
    return failure();

  // A gradient for each parameter, in header order.
  SmallVector<Value> gradients;
  SmallVector<ArgumentAttr> results;
  OpBuilder end(returns);
  for (int64_t i = 0, e = forward.getParameters().size(); i < e; ++i) {
    ArgumentAttr parameter = forward.getParameter(i);
    if (!hasGradient(parameter))
      continue;
    StringRef name = parameter.getName().getValue();
    Value gradient = overrides.lookup(name);
    if (gradient)
      made.given.push_back(parameter.getName());
    else
      gradient = total(block.getArgument(i));
    if (!gradient) {
      GradientBuilder zero(end, op);
      gradient = zero.literal(0.0);
    }
    auto type = cast<ArrayType>(block.getArgument(i).getType());
    for (StringAttr axis : axesOf(gradient))
      if (!hasAxis(type, axis))
        return mlir::emitError(gradient.getLoc())
               << "the gradient of '" << name << "', " << describe(type)
               << ", is " << describe(gradient.getType()) << "; sum over axis '"
               << axis.getValue() << "'";
    gradients.push_back(gradient);
    made.parameters.push_back(parameter.getName());
    results.push_back(argument(context, fresh("d" + name),
                               parameter.getGradF32()
                                   ? Float32Type::get(context)
                                   : type.getElementType(),
                               type.getAxes()));
  }
  restoreSaved();
  for (auto &[value, array] : restored)
    for (Value &gradient : gradients)
      if (gradient == value)
        gradient = array;
  eraseStatements(op);
  returns->setOperands(gradients);
  SmallVector<Attribute> list(results.begin(), results.end());
  op.setResults_Attr(b.getArrayAttr(list));
  deduplicate(op);
  dropUnneeded();
  return success();
}

/// Parameters that nothing reads, but for those that alone have an axis; then
/// conditions on what went, and axes that nothing has.
void Differentiation::dropUnneeded() {
  Builder b(op.getContext());
  Block &block = op.getBody().front();
  SmallVector<RequireOp> requires_(block.getOps<RequireOp>());
  auto coneOf = [](Value value) {
    llvm::SetVector<Value> cone;
    cone.insert(value);
    for (size_t i = 0; i < cone.size(); ++i)
      if (Operation *o = cone[i].getDefiningOp())
        cone.insert(o->operand_begin(), o->operand_end());
    return cone;
  };
  // What the gradients need.
  llvm::SetVector<Value> needed;
  for (Value value : block.getTerminator()->getOperands()) {
    auto cone = coneOf(value);
    needed.insert(cone.begin(), cone.end());
  }
  llvm::StringSet<> carried, named;
  auto carry = [&](ArgumentAttr a) {
    for (Attribute axis : a.getAxes())
      carried.insert(cast<StringAttr>(axis).getValue());
  };
  for (Attribute attr : op.getResults_())
    carry(cast<ArgumentAttr>(attr));
  for (BlockArgument a : block.getArguments())
    if (needed.contains(a))
      carry(op.getParameter(a.getArgNumber()));
  for (Value value : needed)
    if (Operation *o = value.getDefiningOp())
      if (auto axis = o->getAttrOfType<StringAttr>("axis"))
        named.insert(axis.getValue());
  for (BlockArgument a : block.getArguments())
    for (Attribute attr : op.getParameter(a.getArgNumber()).getAxes()) {
      StringRef axis = cast<StringAttr>(attr).getValue();
      if (named.contains(axis) && !carried.contains(axis)) {
        needed.insert(a);
        carry(op.getParameter(a.getArgNumber()));
      }
    }
  for (RequireOp require : requires_) {
    bool known = llvm::all_of(coneOf(require.getCondition()), [&](Value v) {
      Operation *o = v.getDefiningOp();
      auto axis = o ? o->getAttrOfType<StringAttr>("axis") : StringAttr();
      return o ? !axis || carried.contains(axis.getValue())
               : needed.contains(v);
    });
    if (!known)
      require.erase();
  }
  SmallVector<Attribute> parameters;
  llvm::BitVector dead(block.getNumArguments());
  for (BlockArgument a : block.getArguments()) {
    ArgumentAttr p = op.getParameter(a.getArgNumber());
    if (!needed.contains(a)) {
      dead.set(a.getArgNumber());
      continue;
    }
    parameters.push_back(ArgumentAttr::get(
        op.getContext(), p.getName(), p.getDtype(), p.getAxes(), p.getScalar(),
        /*inout=*/false, /*gradF32=*/false, p.getDefaultValue()));
  }
  deduplicate(op); // the conditions' remains
  block.eraseArguments(dead);
  op.setParametersAttr(b.getArrayAttr(parameters));
  SmallVector<Attribute> axes;
  for (Attribute attr : op.getAxes())
    if (carried.contains(cast<AxisAttr>(attr).getName().getValue()))
      axes.push_back(attr);
  op.setAxesAttr(b.getArrayAttr(axes));
}

/// The backward whose results are added to.
OwningOpRef<OpOp> Differentiation::makeAccumulate() {
  OwningOpRef<OpOp> accumulate((*made.backward).clone());
  op = *accumulate;
  MLIRContext *context = op.getContext();
  op.setSymName((forward.getSymName() + "_accumulate").str());
  Block &block = op.getBody().front();
  Operation *returns = block.getTerminator();
  OpBuilder b(returns);
  SmallVector<Attribute> parameters(op.getParameters().begin(),
                                    op.getParameters().end());
  SmallVector<Value> values;
  for (auto [attr, value] :
       llvm::zip(op.getResults_(), returns->getOperands())) {
    auto result = cast<ArgumentAttr>(attr);
    SmallVector<StringAttr> axes;
    for (Attribute axis : result.getAxes())
      axes.push_back(cast<StringAttr>(axis));
    auto type = ArrayType::get(context, axes, b.getF32Type());
    parameters.push_back(argument(context, result.getName(), b.getF32Type(),
                                  axes, /*inout=*/true));
    Value old = block.addArgument(type, op.getLoc());
    values.push_back(
        AddOp::create(b, unnamed(value.getLoc()), type, old, value));
  }
  returns->setOperands(values);
  op.setParametersAttr(b.getArrayAttr(parameters));
  op.setResults_Attr(b.getArrayAttr({}));
  return accumulate;
}

FailureOr<Derivative> Differentiation::run() {
  if (failed(refuse()))
    return failure();
  readHeader();
  for (SaveOp save : forward.getBody().front().getOps<SaveOp>())
    made.saved.push_back(
        StringAttr::get(forward.getContext(), fresh(save.getName())));
  made.training = makeTraining();
  if (failed(makeBackward()))
    return failure();
  made.accumulate = makeAccumulate();
  return std::move(made);
}

FailureOr<Derivative> gemel::differentiate(OpOp op) {
  return Differentiation(op).run();
}
