// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes the ops of a derived backward, typed as the text would be.

#include "dialect/GradientBuilder.h"

#include "dialect/IndexOps.h"
#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;

Value GradientBuilder::typed(Operation *made) {
  auto op = cast<TypedOpInterface>(made);
  if (failed(op.coerceOperands()))
    llvm_unreachable("a gradient of operands that have none");
  FailureOr<Type> type = op.inferType();
  assert(succeeded(type) && "a gradient is well typed");
  made->getResult(0).setType(*type);
  return made->getResult(0);
}

Value GradientBuilder::literal(float value) {
  return make<ConstantOp>(cast<TypedAttr>(builder.getF32FloatAttr(value)));
}

Value GradientBuilder::integer(int64_t value) {
  return make<ConstantOp>(
      cast<TypedAttr>(builder.getI32IntegerAttr(static_cast<int32_t>(value))));
}

Value GradientBuilder::noted(Value selection) {
  if (selected)
    selected->insert(selection.getDefiningOp());
  return selection;
}

Value GradientBuilder::keepWhere(Value condition, Value d) {
  return noted(make<WhereOp>(condition, d, literal(0.0)));
}

Value GradientBuilder::dropWhere(Value condition, Value d) {
  return noted(make<WhereOp>(condition, literal(0.0), d));
}

std::pair<Value, GradientBuilder::Selections>
GradientBuilder::withoutSelections(Value d) const {
  Selections selections;
  while (auto where = d.getDefiningOp<WhereOp>()) {
    if (!selected || !selected->contains(where))
      break;
    auto zero = where.getOnTrue().getDefiningOp<ConstantOp>();
    selections.push_back({where.getCondition(), !zero});
    d = zero ? where.getOnFalse() : where.getOnTrue();
  }
  return {d, selections};
}

Value GradientBuilder::select(Value d, const Selections &selections) {
  for (const Selection &selection : llvm::reverse(selections))
    d = selection.keeps ? keepWhere(selection.condition, d)
                        : dropWhere(selection.condition, d);
  return d;
}

Value GradientBuilder::anyOf(const Selections &a, const Selections &b) {
  auto all = [&](const Selections &selections) {
    Value passes;
    for (const Selection &selection : selections) {
      Value one = selection.condition;
      if (!selection.keeps)
        one = make<NotOp>(one);
      passes = passes ? make<AndOp>(passes, one) : one;
    }
    return passes;
  };
  Value first = all(a);
  return make<OrOp>(first, all(b));
}

Value GradientBuilder::position(StringAttr axis) { return make<PosOp>(axis); }
Value GradientBuilder::size(StringAttr axis) { return make<SizeOp>(axis); }

Value GradientBuilder::broadcast(Value value, ArrayRef<StringAttr> axes) {
  for (StringAttr axis : axes)
    if (!hasAxis(value.getType(), axis))
      value =
          make<WhereOp>(compare(CompareKind::Lt, position(axis), size(axis)),
                        value, literal(0.0));
  return value;
}

SmallVector<StringAttr>
GradientBuilder::inHeaderOrder(ArrayRef<StringAttr> axes) {
  SmallVector<StringAttr> sorted(axes);
  llvm::sort(sorted, [&](StringAttr a, StringAttr b) {
    return op.findAxis(a.getValue()) < op.findAxis(b.getValue());
  });
  return sorted;
}

ArrayAttr GradientBuilder::listed(ArrayRef<StringAttr> axes) {
  SmallVector<Attribute> list;
  llvm::append_range(list, inHeaderOrder(axes));
  return builder.getArrayAttr(list);
}

OrderAttr GradientBuilder::orderNow() {
  return order ? order
               : OrderAttr::get(builder.getContext(), OrderKind::Default, 0);
}

Value GradientBuilder::sum(Value value, ArrayRef<StringAttr> axes) {
  if (axes.empty())
    return value;
  return make<ReduceOp>(ReduceKind::Sum, broadcast(value, axes), listed(axes),
                        orderNow());
}

Value GradientBuilder::dot(Value a, Value b, ArrayRef<StringAttr> axes) {
  return make<DotOp>(a, b, listed(axes), orderNow());
}
