// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Evaluates an operator's body on whole arrays.

#include "codegen/reference/Interpreter.h"

#include "codegen/reference/Reduction.h"
#include "codegen/reference/Scalar.h"
#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/ReduceOps.h"
#include "dialect/RunningMax.h"
#include "dialect/SortOps.h"
#include "dialect/TileOps.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace gemel;
using namespace gemel::reference;

namespace {

/// Walks the points of some axes, row-major, keeping an offset into each of
/// several buffers.
class Walk {
public:
  Walk(ArrayRef<StringAttr> axes, ArrayRef<int64_t> sizes,
       ArrayRef<const Buffer *> buffers)
      : sizes(sizes), point(sizes.size(), 0), offsets(buffers.size(), 0) {
    for (const Buffer *buffer : buffers)
      for (StringAttr axis : axes)
        strides.push_back(buffer->stride(axis));
    for (int64_t size : sizes)
      remaining *= size;
  }
  bool done() const { return remaining == 0; }
  int64_t offset(size_t buffer) const { return offsets[buffer]; }
  int64_t position(size_t axis) const { return point[axis]; }
  void next() {
    --remaining;
    for (size_t i = sizes.size(); i-- > 0;) {
      bool wrap = ++point[i] == sizes[i];
      for (size_t b = 0; b < offsets.size(); ++b)
        offsets[b] += strides[b * sizes.size() + i] * (wrap ? 1 - sizes[i] : 1);
      if (!wrap)
        return;
      point[i] = 0;
    }
  }

private:
  SmallVector<int64_t> sizes, point, offsets, strides;
  int64_t remaining = 1;
};

using Values = llvm::DenseMap<Value, std::shared_ptr<Buffer>>;

class Evaluation {
public:
  Evaluation(OpOp op, const llvm::StringMap<int64_t> &given, Mode mode)
      : op(op), sizes(given), mode(mode) {
    op.addRunSizes(sizes);
  }
  LogicalResult run(ArrayRef<Buffer> inputs, std::vector<Buffer> &outputs);

private:
  using Ref = std::shared_ptr<Buffer>;
  Ref evaluate(Value value);
  Ref compute(Operation *op);
  Ref shape(Value value);
  Ref elementwise(Operation *op);
  Ref reduce(ReduceOp op);
  Ref partial(PartialReduceOp op);
  Ref dot(DotOp op);
  Ref at(AtOp op);
  Ref put(PutOp op);
  Ref argsort(ArgsortOp op);
  Ref searchSorted(SearchSortedOp op);
  Ref sumRuns(SumRunsOp op);
  Ref running(Operation *op, const RunningMax &max);
  /// The block's own sums or dots of `op`, over positions [first, last).
  Ref blockValue(Operation *op, int64_t first, int64_t last);

  OpOp op;
  llvm::StringMap<int64_t> sizes;
  Mode mode;
  Values values;
  /// While a running reduction is at a block: the exp(s - m) that reads M_j,
  /// and M_j.
  Operation *exponential = nullptr;
  Ref blockMax;
};

} // namespace

std::shared_ptr<Buffer> Evaluation::shape(Value value) {
  auto type = cast<ArrayType>(value.getType());
  auto buffer = std::make_shared<Buffer>();
  buffer->axes.assign(type.getAxes().begin(), type.getAxes().end());
  for (StringAttr axis : type.getAxes())
    buffer->sizes.push_back(sizes.lookup(axis.getValue()));
  buffer->element = type.getElementType();
  buffer->resize();
  return buffer;
}

std::shared_ptr<Buffer> Evaluation::evaluate(Value value) {
  Ref &slot = values[value];
  if (slot)
    return slot;
  Ref computed = compute(value.getDefiningOp());
  // A group of several results has given each of them its value.
  if (isa<GroupOp>(value.getDefiningOp()))
    return values[value];
  values[value] = computed;
  return computed;
}

std::shared_ptr<Buffer> Evaluation::compute(Operation *o) {
  if (auto constant = dyn_cast<ConstantOp>(o)) {
    Ref out = shape(o->getResult(0));
    if (auto real = dyn_cast<FloatAttr>(constant.getValue()))
      out->real[0] = real.getValueAsDouble();
    else if (out->element.isInteger(1) || out->element.isUnsignedInteger())
      out->integer[0] =
          cast<IntegerAttr>(constant.getValue()).getValue().getZExtValue();
    else
      out->integer[0] =
          cast<IntegerAttr>(constant.getValue()).getValue().getSExtValue();
    return out;
  }
  if (auto pos = dyn_cast<PosOp>(o)) {
    Ref out = shape(o->getResult(0));
    for (int64_t i = 0, n = out->count(); i < n; ++i)
      out->integer[i] = i;
    return out;
  }
  if (auto size = dyn_cast<SizeOp>(o)) {
    Ref out = shape(o->getResult(0));
    out->integer[0] = sizes.lookup(size.getAxis());
    return out;
  }
  if (auto group = dyn_cast<GroupOp>(o)) {
    auto yield = cast<YieldOp>(group.getBody().front().back());
    for (auto [result, value] :
         llvm::zip(group.getResults(), yield.getValues()))
      values[result] = evaluate(value);
    return values[o->getResult(0)];
  }
  if (isa<ReduceOp, DotOp>(o)) {
    FailureOr<std::optional<RunningMax>> max = findRunningMax(o);
    if (succeeded(max) && *max)
      return running(o, **max);
    auto reduction = dyn_cast<ReduceOp>(o);
    return reduction ? reduce(reduction) : dot(cast<DotOp>(o));
  }
  if (auto partialOp = dyn_cast<PartialReduceOp>(o))
    return partial(partialOp);
  if (auto atOp = dyn_cast<AtOp>(o))
    return at(atOp);
  if (auto putOp = dyn_cast<PutOp>(o))
    return put(putOp);
  if (auto sort = dyn_cast<ArgsortOp>(o))
    return argsort(sort);
  if (auto search = dyn_cast<SearchSortedOp>(o))
    return searchSorted(search);
  if (auto sum = dyn_cast<SumRunsOp>(o))
    return sumRuns(sum);
  return elementwise(o);
}

std::shared_ptr<Buffer> Evaluation::elementwise(Operation *o) {
  SmallVector<Ref> operands;
  SmallVector<const Buffer *> buffers;
  for (Value operand : o->getOperands()) {
    operands.push_back(evaluate(operand));
    buffers.push_back(operands.back().get());
  }
  Ref out = shape(o->getResult(0));
  bool masked = o == exponential;
  if (masked)
    buffers.push_back(blockMax.get());
  Walk walk(out->axes, out->sizes, buffers);
  for (int64_t i = 0; !walk.done(); walk.next(), ++i) {
    // exp(s - m) of a row without a live position so far is 0.
    if (masked && blockMax->real[walk.offset(operands.size())] == -INFINITY) {
      out->real[i] = 0.0;
      continue;
    }
    SmallVector<Number, 3> arguments;
    for (size_t k = 0; k < operands.size(); ++k) {
      int64_t at = walk.offset(k);
      arguments.push_back(operands[k]->isFloat()
                              ? Number{operands[k]->real[at], 0}
                              : Number{0.0, operands[k]->integer[at]});
    }
    Number y = applyScalar(o, arguments, mode);
    if (out->isFloat())
      out->real[i] = y.real;
    else
      out->integer[i] = y.integer;
  }
  return out;
}

/// The axes and sizes of `names` in `sizes`.
static SmallVector<int64_t> sizesOf(ArrayRef<StringAttr> names,
                                    const llvm::StringMap<int64_t> &sizes) {
  return llvm::map_to_vector(
      names, [&](StringAttr a) { return sizes.lookup(a.getValue()); });
}

std::shared_ptr<Buffer> Evaluation::reduce(ReduceOp o) {
  Ref x = evaluate(o.getOperand()), out = shape(o.getResult());
  SmallVector<StringAttr> axes = o.getReducedAxes();
  SmallVector<int64_t> extents = sizesOf(axes, sizes);
  Walk outer(out->axes, out->sizes, {x.get()});
  for (int64_t i = 0; !outer.done(); outer.next(), ++i) {
    std::vector<Number> terms;
    Walk inner(axes, extents, {x.get()});
    for (; !inner.done(); inner.next()) {
      int64_t at = outer.offset(0) + inner.offset(0);
      terms.push_back(x->isFloat() ? Number{x->real[at], 0}
                                   : Number{0.0, x->integer[at]});
    }
    Number y =
        combine(o.getKind(), o.getOrder(), x->element, std::move(terms), mode);
    if (out->isFloat())
      out->real[i] = y.real;
    else
      out->integer[i] = y.integer;
  }
  return out;
}

/// Each run's terms for themselves.
std::shared_ptr<Buffer> Evaluation::partial(PartialReduceOp o) {
  Ref x = evaluate(o.getOperand()), out = shape(o.getResult());
  SmallVector<StringAttr> axes = o.getReducedAxes();
  SmallVector<int64_t> extents = sizesOf(axes, sizes);
  SmallVector<StringAttr> keptAxes;
  SmallVector<int64_t> keptSizes;
  for (auto [axis, size] : llvm::zip(out->axes, out->sizes))
    if (axis != o.getRunAxis()) {
      keptAxes.push_back(axis);
      keptSizes.push_back(size);
    }
  Walk outer(keptAxes, keptSizes, {x.get(), out.get()});
  for (; !outer.done(); outer.next()) {
    std::vector<Number> terms;
    int64_t run = 0;
    auto finish = [&] {
      int64_t at = outer.offset(1) + run++ * out->stride(o.getRunAxis());
      Number y = combine(o.getKind(), o.getReductionOrder(), x->element,
                         std::move(terms), mode);
      if (out->isFloat())
        out->real[at] = y.real;
      else
        out->integer[at] = y.integer;
      terms.clear();
    };
    for (Walk inner(axes, extents, {x.get()}); !inner.done(); inner.next()) {
      int64_t at = outer.offset(0) + inner.offset(0);
      terms.push_back(x->isFloat() ? Number{x->real[at], 0}
                                   : Number{0.0, x->integer[at]});
      if (terms.size() == o.getLength())
        finish();
    }
    if (!terms.empty())
      finish();
  }
  return out;
}

std::shared_ptr<Buffer> Evaluation::dot(DotOp o) {
  Ref a = evaluate(o.getLhs()), b = evaluate(o.getRhs());
  Ref out = shape(o.getResult());
  SmallVector<StringAttr> axes = o.getReducedAxes();
  SmallVector<int64_t> extents = sizesOf(axes, sizes);
  int64_t blocks = o.getOrder().getKind() == OrderKind::Blocks
                       ? o.getOrder().getBlocks()
                       : std::numeric_limits<int64_t>::max();
  Walk outer(out->axes, out->sizes, {a.get(), b.get()});
  for (int64_t i = 0; !outer.done(); outer.next(), ++i) {
    Walk inner(axes, extents, {a.get(), b.get()});
    double total = 0, block = 0;
    int64_t k = 0;
    for (; !inner.done(); inner.next(), ++k) {
      if (k && k % blocks == 0) {
        total = k == blocks ? block : addReal(total, block, mode);
        block = 0;
      }
      block = fmaReal(a->real[outer.offset(0) + inner.offset(0)],
                      b->real[outer.offset(1) + inner.offset(1)], block, mode);
    }
    out->real[i] = k <= blocks ? block : addReal(total, block, mode);
  }
  return out;
}

std::shared_ptr<Buffer> Evaluation::at(AtOp o) {
  Ref x = evaluate(o.getSource()), e = evaluate(o.getIndex());
  Ref out = shape(o.getResult());
  int64_t stride = x->stride(o.getAxisAttr());
  int64_t size = sizes.lookup(o.getAxis());
  Walk walk(out->axes, out->sizes, {x.get(), e.get()});
  // An axis that the index brings and x has too aligns by name; the placed
  // axis itself does not move x.
  for (int64_t i = 0; !walk.done(); walk.next(), ++i) {
    int64_t index = e->integer[walk.offset(1)];
    int64_t base = walk.offset(0);
    for (size_t k = 0; k < out->axes.size(); ++k)
      if (out->axes[k] == o.getAxisAttr())
        base -= walk.position(k) * stride;
    bool inside = index >= 0 && index < size;
    if (out->isFloat())
      out->real[i] = inside ? x->real[base + index * stride] : NAN;
    else
      out->integer[i] = inside ? x->integer[base + index * stride] : 0;
  }
  return out;
}

std::shared_ptr<Buffer> Evaluation::put(PutOp o) {
  Ref x = evaluate(o.getSource()), e = evaluate(o.getIndex());
  Ref out = shape(o.getResult());
  SmallVector<StringAttr> axes = llvm::map_to_vector(
      o.getAxes(), [](Attribute a) { return cast<StringAttr>(a); });
  SmallVector<int64_t> extents = sizesOf(axes, sizes);
  auto order = OrderAttr::get(o.getContext(), OrderKind::Default, 0);
  size_t placed = llvm::find(out->axes, o.getAxisAttr()) - out->axes.begin();
  // The placed axis moves neither operand; they may have one of that name that
  // is run over.
  Walk outer(out->axes, out->sizes, {x.get(), e.get()});
  int64_t ownOfX = x->stride(o.getAxisAttr());
  int64_t ownOfE = e->stride(o.getAxisAttr());
  for (int64_t i = 0; !outer.done(); outer.next(), ++i) {
    std::vector<Number> terms;
    Walk inner(axes, extents, {x.get(), e.get()});
    int64_t here = outer.position(placed);
    int64_t baseOfX = outer.offset(0) - here * ownOfX;
    int64_t baseOfE = outer.offset(1) - here * ownOfE;
    for (; !inner.done(); inner.next()) {
      if (e->integer[baseOfE + inner.offset(1)] != here)
        continue;
      int64_t at = baseOfX + inner.offset(0);
      terms.push_back(x->isFloat() ? Number{x->real[at], 0}
                                   : Number{0.0, x->integer[at]});
    }
    Number y =
        combine(ReduceKind::Sum, order, x->element, std::move(terms), mode);
    if (out->isFloat())
      out->real[i] = y.real;
    else
      out->integer[i] = y.integer;
  }
  return out;
}

std::shared_ptr<Buffer> Evaluation::argsort(ArgsortOp o) {
  Ref e = evaluate(o.getIndex()), out = shape(o.getResult());
  int64_t size = sizes.lookup(o.getAxis()), step = e->stride(o.getAxisAttr());
  Walk rows(e->axes, e->sizes, {e.get()});
  size_t along = llvm::find(e->axes, o.getAxisAttr()) - e->axes.begin();
  for (; !rows.done(); rows.next()) {
    if (rows.position(along) != 0)
      continue;
    int64_t base = rows.offset(0);
    std::vector<int64_t> order(size);
    std::iota(order.begin(), order.end(), 0);
    llvm::stable_sort(order, [&](int64_t a, int64_t b) {
      return e->integer[base + a * step] < e->integer[base + b * step];
    });
    for (int64_t p = 0; p < size; ++p)
      out->integer[base + p * step] = order[p];
  }
  return out;
}

std::shared_ptr<Buffer> Evaluation::searchSorted(SearchSortedOp o) {
  Ref e = evaluate(o.getIndex()), order = evaluate(o.getOrder());
  Ref out = shape(o.getResult());
  int64_t size = sizes.lookup(o.getAxis()), step = e->stride(o.getAxisAttr());
  Walk rows(out->axes, out->sizes, {e.get()});
  size_t into = llvm::find(out->axes, o.getIntoAttr()) - out->axes.begin();
  int64_t own = e->stride(o.getIntoAttr());
  for (int64_t i = 0; !rows.done(); rows.next(), ++i) {
    int64_t v = rows.position(into), base = rows.offset(0) - v * own;
    int64_t low = 0, high = size;
    while (low < high) {
      int64_t middle = low + (high - low) / 2;
      int64_t there =
          e->integer[base + order->integer[base + middle * step] * step];
      if (there < v || (o.getAfter() && there == v))
        low = middle + 1;
      else
        high = middle;
    }
    out->integer[i] = low;
  }
  return out;
}

std::shared_ptr<Buffer> Evaluation::sumRuns(SumRunsOp o) {
  Ref x = evaluate(o.getSource()), order = evaluate(o.getOrder());
  Ref first = evaluate(o.getFirst()), last = evaluate(o.getLast());
  Ref out = shape(o.getResult());
  auto plain = OrderAttr::get(o.getContext(), OrderKind::Default, 0);
  StringAttr along = o.getAxisAttr(), into = o.getIntoAttr();
  size_t placed = llvm::find(out->axes, into) - out->axes.begin();
  Walk rows(out->axes, out->sizes,
            {x.get(), order.get(), first.get(), last.get()});
  for (int64_t i = 0; !rows.done(); rows.next(), ++i) {
    // The placed axis moves neither; they may have one of that name.
    int64_t v = rows.position(placed);
    int64_t baseOfX = rows.offset(0) - v * x->stride(into);
    int64_t baseOfOrder = rows.offset(1) - v * order->stride(into);
    std::vector<Number> terms;
    for (int64_t p = first->integer[rows.offset(2)];
         p < last->integer[rows.offset(3)]; ++p) {
      int64_t t = order->integer[baseOfOrder + p * order->stride(along)];
      int64_t at = baseOfX + t * x->stride(along);
      terms.push_back(x->isFloat() ? Number{x->real[at], 0}
                                   : Number{0.0, x->integer[at]});
    }
    Number y =
        combine(ReduceKind::Sum, plain, x->element, std::move(terms), mode);
    if (out->isFloat())
      out->real[i] = y.real;
    else
      out->integer[i] = y.integer;
  }
  return out;
}

std::shared_ptr<Buffer> Evaluation::blockValue(Operation *o, int64_t first,
                                               int64_t last) {
  auto reduction = cast<ReductionOpInterface>(o);
  SmallVector<StringAttr> axes = reduction.getReducedAxes();
  SmallVector<int64_t> extents = sizesOf(axes, sizes);
  SmallVector<Ref> operands;
  SmallVector<const Buffer *> buffers;
  for (Value operand : o->getOperands()) {
    operands.push_back(evaluate(operand));
    buffers.push_back(operands.back().get());
  }
  Ref out = shape(o->getResult(0));
  auto order = OrderAttr::get(o->getContext(), OrderKind::Default, 0);
  Walk outer(out->axes, out->sizes, buffers);
  for (int64_t i = 0; !outer.done(); outer.next(), ++i) {
    std::vector<Number> terms;
    double chain = 0;
    Walk inner(axes, extents, buffers);
    for (int64_t k = 0; k < last && !inner.done(); inner.next(), ++k) {
      if (k < first)
        continue;
      double a = operands[0]->real[outer.offset(0) + inner.offset(0)];
      if (!reduction.isContraction())
        terms.push_back({a, 0});
      else
        chain = fmaReal(a, operands[1]->real[outer.offset(1) + inner.offset(1)],
                        chain, mode);
    }
    out->real[i] = reduction.isContraction()
                       ? chain
                       : combine(ReduceKind::Sum, order, out->element,
                                 std::move(terms), mode)
                             .real;
  }
  return out;
}

/// r_j = r_{j-1} c_j + t_j, two roundings; c_j = exp(M_{j-1} - M_j), exactly 1
/// where the two are equal.
std::shared_ptr<Buffer> Evaluation::running(Operation *o,
                                            const RunningMax &max) {
  Ref s = evaluate(max.max->getOperand(0));
  ReduceOp maxOp = max.max;
  SmallVector<StringAttr> axes = maxOp.getReducedAxes();
  SmallVector<int64_t> extents = sizesOf(axes, sizes);
  int64_t blocks = maxOp.getOrder().getBlocks(), total = 1;
  for (int64_t extent : extents)
    total *= extent;
  Values outside = values;
  Ref result = shape(o->getResult(0));
  Ref previous;
  for (int64_t first = 0; first < total; first += blocks) {
    Ref current = shape(maxOp.getResult());
    Walk outer(current->axes, current->sizes, {s.get()});
    for (int64_t i = 0; !outer.done(); outer.next(), ++i) {
      double m = previous ? previous->real[i] : -INFINITY;
      Walk inner(axes, extents, {s.get()});
      for (int64_t k = 0; k < std::min(total, first + blocks) && !inner.done();
           inner.next(), ++k)
        if (k >= first)
          m = maximum(m, s->real[outer.offset(0) + inner.offset(0)]);
      current->real[i] = m;
    }
    // Only what does not depend on m keeps its value.
    values.clear();
    for (auto &[value, buffer] : outside)
      if (!dependsOn(value, maxOp.getResult()))
        values[value] = buffer;
    values[maxOp.getResult()] = current;
    exponential = max.exponential;
    blockMax = current;
    Ref block = blockValue(o, first, std::min(total, first + blocks));
    exponential = nullptr;
    SmallVector<const Buffer *> buffers = {current.get()};
    Walk walk(result->axes, result->sizes, buffers);
    for (int64_t i = 0; !walk.done(); walk.next(), ++i) {
      if (!previous) {
        result->real[i] = block->real[i];
        continue;
      }
      double before = previous->real[walk.offset(0)];
      double now = current->real[walk.offset(0)];
      double c =
          before == now
              ? 1.0
              : applyScalar(max.exponential,
                            {Number{addReal(before, -now, mode), 0}}, mode)
                    .real;
      result->real[i] =
          addReal(mulReal(result->real[i], c, mode), block->real[i], mode);
    }
    previous = current;
  }
  values = std::move(outside);
  return result;
}

LogicalResult Evaluation::run(ArrayRef<Buffer> inputs,
                              std::vector<Buffer> &outputs) {
  Block &block = op.getBody().front();
  if (!op.isTyped() || inputs.size() != block.getNumArguments())
    return emitError(op.getLoc())
           << "the reference needs an instantiated operator and one input for "
              "each of its "
           << block.getNumArguments() << " parameters";
  for (auto [argument, input] : llvm::zip(block.getArguments(), inputs))
    values[argument] = std::make_shared<Buffer>(input);
  auto returns = cast<ReturnOp>(block.back());
  SmallVector<ArgumentAttr> declared;
  for (Attribute attr : op.getResults_())
    declared.push_back(cast<ArgumentAttr>(attr));
  for (int64_t i : op.getInouts())
    declared.push_back(op.getParameter(i));
  outputs.clear();
  for (auto [value, argument] : llvm::zip(returns.getValues(), declared)) {
    Ref x = evaluate(value);
    Buffer out;
    for (Attribute axis : argument.getAxes()) {
      out.axes.push_back(cast<StringAttr>(axis));
      out.sizes.push_back(sizes.lookup(cast<StringAttr>(axis).getValue()));
    }
    out.element = mode == Mode::F64 && x->isFloat()
                      ? x->element
                      : parseDtype(op.getContext(), argument.getDtype());
    out.resize();
    Walk walk(out.axes, out.sizes, {x.get()});
    for (int64_t i = 0; !walk.done(); walk.next(), ++i) {
      if (out.isFloat())
        out.real[i] = mode == Mode::F64
                          ? x->real[walk.offset(0)]
                          : roundTo(out.element, x->real[walk.offset(0)]);
      else
        out.integer[i] = x->integer[walk.offset(0)];
    }
    outputs.push_back(std::move(out));
  }
  return success();
}

LogicalResult gemel::reference::interpret(OpOp op,
                                          const llvm::StringMap<int64_t> &sizes,
                                          ArrayRef<Buffer> inputs, Mode mode,
                                          std::vector<Buffer> &outputs) {
  return Evaluation(op, sizes, mode).run(inputs, outputs);
}
